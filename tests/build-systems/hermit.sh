# The command hermit: flags that compile, a doctor who finds what works, and run, which is the proxy.
set -eu
eval "$(hermit-config --env)"
$CC -dumpmachine
hermit doctor --porcelain >report || { cat report >&2; exit 1; }
grep '^ok.isle process' report
hermit --version | grep -q '^  newlib' || exit 1
hermit completions bash | grep -q doctor || exit 1
printf 'int main(int argc, char **argv) { return argc == 2 && argv[1][0] == 45 ? 42 : 1; }\n' >status.c
# A compiler that is not driven by us, and the recipe for it.
gcc -nostdinc $(hermit-config --cflags) -fno-pie -c status.c
x86_64-hermit-elfedit --output-osabi HermitCore status.o
x86_64-hermit-gcc status.o -o status $(hermit-config --ldflags)
status=0
hermit run --mem 64M ./status --help || status=$?
echo $status
