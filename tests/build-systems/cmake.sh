# CMake with both toolchain files: checks, try_run, build, ctest.
set -eu
cp "$INPUT"/CMakeLists.txt "$INPUT"/*.c .
for compiler in gcc clang; do
    [ $compiler = gcc ] || x86_64-hermit-clang --version >log 2>&1 || continue
    cmake -S . -B $compiler --toolchain "$PREFIX/share/cmake/hermit-$compiler.cmake" >log 2>&1 || { cat log >&2; exit 1; }
    cmake --build $compiler >log 2>&1 || { cat log >&2; exit 1; }
    (cd $compiler && ctest --output-on-failure >../log 2>&1) || { cat log >&2; exit 1; }
    proxy $compiler/answer
done
