# ccache and distcc in front of gcc; the second compilation comes from the cache.
set -eu
cp "$INPUT"/*.c .
mkdir distcc
export CCACHE_DIR="$PWD/cache" XDG_RUNTIME_DIR="$PWD" DISTCC_DIR="$PWD/distcc" DISTCC_HOSTS=localhost
for compiler in gcc clang; do
    [ $compiler = gcc ] || x86_64-hermit-clang --version >/dev/null 2>&1 || continue
    ccache -z >/dev/null
    ccache x86_64-hermit-$compiler -O2 -c value.c -o value.o
    ccache x86_64-hermit-$compiler -O2 -c value.c -o value.o
    ccache --print-stats | grep -q 'direct_cache_hit.1' || { ccache --print-stats >&2; exit 1; }
    DISTCC_FALLBACK=1 distcc x86_64-hermit-$compiler -O2 -c main.c -o main.o
    ccache x86_64-hermit-$compiler main.o value.o -lm -o answer
    proxy ./answer
done
