# What the toolchain files for gcc and clang share; found relative to itself, so the tree may lie anywhere.
set(CMAKE_SYSTEM_NAME Hermit)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

get_filename_component(HERMIT_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../.." REALPATH)
set(HERMIT_TOOL "${HERMIT_PREFIX}/bin/x86_64-hermit-")

# Platform/Hermit.cmake
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

set(CMAKE_AR "${HERMIT_TOOL}ar" CACHE FILEPATH "archiver")
set(CMAKE_RANLIB "${HERMIT_TOOL}ranlib" CACHE FILEPATH "archive indexer")
set(CMAKE_STRIP "${HERMIT_TOOL}strip" CACHE FILEPATH "strip")
set(CMAKE_OBJCOPY "${HERMIT_TOOL}objcopy" CACHE FILEPATH "objcopy")
set(CMAKE_OBJDUMP "${HERMIT_TOOL}objdump" CACHE FILEPATH "objdump")
set(CMAKE_NM "${HERMIT_TOOL}nm" CACHE FILEPATH "nm")
set(CMAKE_LINKER "${HERMIT_TOOL}ld" CACHE FILEPATH "linker")
set(PKG_CONFIG_EXECUTABLE "${HERMIT_TOOL}pkg-config" CACHE FILEPATH "pkg-config")

# Programs are the host's, everything else is HermitCore's.
list(APPEND CMAKE_FIND_ROOT_PATH "${HERMIT_PREFIX}/x86_64-hermit")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# try_run and ctest run images with the proxy; HERMIT_ISLE says where.
set(CMAKE_CROSSCOMPILING_EMULATOR "${HERMIT_PREFIX}/bin/proxy" CACHE FILEPATH "runs images")
