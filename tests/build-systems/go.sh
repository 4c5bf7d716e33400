# Go with the user's own toolchain: build, run and test a program with goroutines, a collector, panics, signals, files, sockets and C in it,
# and an HTTP server. What they print is what native builds print.
set -eu
unset GOOS GOARCH GOROOT CGO_ENABLED CC CXX HERMIT_HOST_GO HERMIT_CPUS HERMIT_ISLE
export XDG_CACHE_HOME="$PWD/cache" GOCACHE="$PWD/cache/go-build" GOPATH="$PWD/path" GOFLAGS= GOENV=off GOPROXY=off GOTOOLCHAIN=local
mkdir native hermit
cp -r "$INPUT"/go/. .
go build -o native . ./echo
x86_64-hermit-go build -o hermit . ./echo

# One program ends with 7, as it should.
run() { "$@" || echo "status $?"; }
run native/answer one two >expected
for cpus in 1 2 4; do
    run env "HERMIT_CPUS=$cpus" proxy hermit/answer one two >"process-$cpus"
    cmp expected "process-$cpus" && echo "process, $cpus: the same"
done
run env HERMIT_ISLE=qemu HERMIT_CPUS=2 proxy hermit/answer one two >qemu
cmp expected qemu && echo "qemu: the same"

# A panic that nobody catches; what an isle has not.
run proxy hermit/answer crash 2>crash
grep -o 'invalid memory address' crash
grep -o 'main.main()' crash
run proxy hermit/answer start

# Methods, headers, host and form, of curl.
ask() {
    "$@" >address &
    until [ -s address ]; do sleep 0.1; done
    curl -s -A curl "http://$(cat address)/x?y=z" | sed 's/:[0-9]*"/:PORT"/'
    curl -s "http://$(cat address)/quit" || true
    wait $!
    rm address
}
ask native/echo >expected
ask proxy hermit/echo >process
cat process
cmp expected process
ask env HERMIT_ISLE=qemu proxy hermit/echo >qemu
cmp expected qemu && echo "qemu: the same"

x86_64-hermit-go run . one >run 2>errors || tail -n 1 errors
head -n 1 run
x86_64-hermit-go test -v . >log 2>&1 || { cat log >&2; exit 1; }
grep -E '^(--- |PASS)' log | sed 's/ (.*//'
run x86_64-hermit-go build -race . 2>&1
