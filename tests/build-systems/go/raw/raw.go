// Package raw makes a system call by itself, as golang.org/x/sys/unix does.
package raw

// Call makes the system call of this number, without arguments.
func Call(number uintptr) uintptr
