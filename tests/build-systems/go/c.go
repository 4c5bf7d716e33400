package main

// #cgo LDFLAGS: -lm
// #include "value.h"
import "C"

//export twice
func twice(n C.int) C.int {
	return 2 * n
}

func root(x float64) float64 {
	return float64(C.root(C.double(x)))
}
