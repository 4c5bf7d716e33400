package main

import "testing"

func TestRoot(t *testing.T) {
	if root(9) != 3 {
		t.Error(root(9))
	}
}

func TestSumInParallel(t *testing.T) {
	for i := 0; i < 4; i++ {
		t.Run("sum", func(t *testing.T) {
			t.Parallel()
			if sum(1000) != 500500 {
				t.Error(sum(1000))
			}
		})
	}
}
