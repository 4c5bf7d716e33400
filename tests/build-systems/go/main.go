// What Go's runtime and library ask an operating system for. What it prints is the same on Linux.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"example.org/answer/raw"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// 10,000 goroutines that sleep, and a channel that all of them send to.
func goroutines() {
	numbers := make(chan int)
	for i := 0; i < 10000; i++ {
		go func(i int) {
			time.Sleep(time.Millisecond)
			numbers <- i
		}(i)
	}
	sum := 0
	for i := 0; i < 10000; i++ {
		sum += <-numbers
	}
	fmt.Println("goroutines", sum)
}

type node struct{ left, right *node }

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

// Trees are made and forgotten by several goroutines while the collector works; one tree stays.
func collector() {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	kept := tree(16)
	var group sync.WaitGroup
	var total int64
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := 0; i < 30; i++ {
				atomic.AddInt64(&total, int64(tree(12).count()))
			}
		}()
	}
	group.Wait()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("collector", total, kept.count(), stats.NumGC > 5)
}

func sum(n int) int {
	var frame [32]int
	frame[n%32] = n
	if n == 0 {
		return 0
	}
	return sum(n-1) + frame[n%32]
}

// Stacks grow while others run.
func recursion() {
	results := make(chan int)
	for i := 0; i < 4; i++ {
		go func() { results <- sum(100000) }()
	}
	for i := 0; i < 4; i++ {
		fmt.Println("recursion", <-results)
	}
}

// Goroutines that never call anything: others run only if they are interrupted.
func preemption() {
	var stop, turns int32
	var group sync.WaitGroup
	for i := 0; i < 2*runtime.NumCPU(); i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for atomic.LoadInt32(&stop) == 0 {
			}
		}()
	}
	for i := 0; i < 20; i++ {
		time.Sleep(time.Millisecond)
		turns++
	}
	atomic.StoreInt32(&stop, 1)
	group.Wait()
	fmt.Println("preemption", turns)
}

func caught(what string, f func()) {
	defer func() { fmt.Println("caught", what, recover()) }()
	f()
}

func panics() {
	var none *node
	zero := len(os.Args) - len(os.Args)
	caught("nil", func() { fmt.Println(none.left) })
	caught("division", func() { fmt.Println(1 / zero) })
	caught("index", func() { fmt.Println(os.Args[:1][zero+1]) })
	debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(false)
	caught("value", func() { panic(fmt.Sprintf("of %d", 42)) })
}

func timers() {
	begin := time.Now()
	select {
	case <-time.After(20 * time.Millisecond):
	case <-time.After(time.Minute):
	}
	ticker := time.NewTicker(2 * time.Millisecond)
	for i := 0; i < 5; i++ {
		<-ticker.C
	}
	ticker.Stop()
	passed := time.Since(begin)
	fmt.Println("timers", passed >= 29*time.Millisecond, passed < 30*time.Second)
}

func signals() {
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGUSR1, syscall.SIGTERM)
	for _, number := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGTERM} {
		check(syscall.Kill(os.Getpid(), number))
		fmt.Println("signal", <-arrived)
	}
	signal.Reset()
}

func files() {
	folder, err := os.MkdirTemp("", "go")
	check(err)
	defer os.RemoveAll(folder)
	check(os.MkdirAll(filepath.Join(folder, "a/b"), 0o755))
	place := filepath.Join(folder, "a/b/file")
	check(os.WriteFile(place, make([]byte, 100000), 0o640))
	check(os.Rename(place, place+"2"))
	check(os.Symlink("b/file2", filepath.Join(folder, "a/link")))
	data, err := os.ReadFile(filepath.Join(folder, "a/link"))
	check(err)
	fmt.Println("file", len(data))
	check(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		info, failed := entry.Info()
		check(failed)
		name, failed := filepath.Rel(folder, path)
		check(failed)
		fmt.Println("walk", name, info.Mode().Type(), err)
		return err
	}))
	_, err = os.Open(filepath.Join(folder, "absent"))
	fmt.Println("absent", errors.Is(err, fs.ErrNotExist))
}

// A server, and 50 clients at once, that send and get back more than sockets hold.
func sockets() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(connection, connection)
				connection.Close()
			}()
		}
	}()
	var group sync.WaitGroup
	var total int64
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			connection, err := net.Dial("tcp", listener.Addr().String())
			check(err)
			go func() {
				connection.Write(make([]byte, 300000))
				connection.(*net.TCPConn).CloseWrite()
			}()
			n, err := io.Copy(io.Discard, connection)
			check(err)
			atomic.AddInt64(&total, n)
		}()
	}
	group.Wait()
	listener.Close()
	_, err = net.Dial("tcp", listener.Addr().String())
	fmt.Println("sockets", total, errors.Is(err, syscall.ECONNREFUSED))
}

// A file that a socket gets: natively sendfile does it.
func sent() {
	place := filepath.Join(os.TempDir(), fmt.Sprintf("go-%d-%d", os.Getpid(), time.Now().UnixNano()))
	check(os.WriteFile(place, make([]byte, 1<<20), 0o600))
	defer os.Remove(place)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		connection, err := listener.Accept()
		check(err)
		file, err := os.Open(place)
		check(err)
		io.Copy(connection, file)
		connection.Close()
	}()
	connection, err := net.Dial("tcp", listener.Addr().String())
	check(err)
	n, err := io.Copy(io.Discard, connection)
	fmt.Println("sent", n, err)
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "crash" {
		var none *node
		fmt.Println(none.left)
	}
	if len(os.Args) > 1 && os.Args[1] == "start" {
		fmt.Println(exec.Command("/bin/true").Run())
		return
	}
	fmt.Println(os.Args[1:], runtime.GOOS, runtime.GOARCH)
	goroutines()
	collector()
	recursion()
	preemption()
	panics()
	timers()
	signals()
	files()
	sockets()
	sent()
	runtime.LockOSThread()
	fmt.Println("raw", raw.Call(syscall.SYS_GETTID) == uintptr(syscall.Gettid()))
	fmt.Println("C", root(2), twice(21))
	os.Exit(7)
}
