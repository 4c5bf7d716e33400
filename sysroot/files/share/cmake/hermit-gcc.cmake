# cmake --toolchain PREFIX/share/cmake/hermit-gcc.cmake
include("${CMAKE_CURRENT_LIST_DIR}/hermit.cmake")
set(CMAKE_C_COMPILER "${HERMIT_TOOL}gcc")
set(CMAKE_CXX_COMPILER "${HERMIT_TOOL}g++")
set(CMAKE_ASM_COMPILER "${HERMIT_TOOL}gcc")
if(EXISTS "${HERMIT_TOOL}gfortran")
  set(CMAKE_Fortran_COMPILER "${HERMIT_TOOL}gfortran")
endif()
