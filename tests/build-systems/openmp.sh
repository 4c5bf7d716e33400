# OpenMP in objects of several compilers, linked by each of them: one image has one runtime.
set -eu
for compiler in gcc clang; do
    for half in main other; do
        x86_64-hermit-$compiler -O2 -Wall -fopenmp -c "$INPUT/openmp/$half.c" -o $half-$compiler.o
    done
done
x86_64-hermit-gcc -fopenmp main-gcc.o other-clang.o -o gcc-clang
x86_64-hermit-clang -fopenmp main-clang.o other-gcc.o -o clang-gcc
x86_64-hermit-clang -fopenmp=libomp main-clang.o other-clang.o -o clang-clang
for image in gcc-clang clang-gcc clang-clang; do
    HERMIT_CPUS=2 proxy $image
done
