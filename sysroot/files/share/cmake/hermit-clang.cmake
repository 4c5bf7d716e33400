# cmake --toolchain PREFIX/share/cmake/hermit-clang.cmake
# Fortran is gfortran's: flang has no runtime library for HermitCore.
include("${CMAKE_CURRENT_LIST_DIR}/hermit.cmake")
set(CMAKE_C_COMPILER "${HERMIT_TOOL}clang")
set(CMAKE_CXX_COMPILER "${HERMIT_TOOL}clang++")
set(CMAKE_ASM_COMPILER "${HERMIT_TOOL}clang")
if(EXISTS "${HERMIT_TOOL}gfortran")
  set(CMAKE_Fortran_COMPILER "${HERMIT_TOOL}gfortran")
endif()
