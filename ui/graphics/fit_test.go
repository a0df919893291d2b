package graphics

import (
	"math"
	"testing"
)

func TestFit(t *testing.T) {
	for _, want := range []struct{ w, h, cols, rows, c, r int }{
		{100, 100, 40, 20, 40, 20},
		{100, 100, 80, 20, 40, 20},
		{100, 100, 40, 50, 40, 20},
		{295, 413, 60, 20, 29, 20},
		{4000, 3000, 60, 20, 53, 20},
		{3000, 4000, 60, 20, 30, 20},
		{10, 10, 60, 20, 40, 20},
		{10_000, 1, 60, 20, 60, 1},
		{1, 10_000, 60, 20, 1, 20},
		{20, 3, 20, 20, 20, 2},
		{1, 1, 1, 1, 1, 1},
		{math.MaxInt32, 1, 1000, 1000, 1000, 1},
		{0, 5, 10, 10, 0, 0},
		{5, 0, 10, 10, 0, 0},
		{5, 5, 0, 10, 0, 0},
		{5, 5, 10, -1, 0, 0},
	} {
		if c, r := Fit(want.w, want.h, want.cols, want.rows); c != want.c || r != want.r {
			t.Errorf("Fit(%d, %d, %d, %d) = %d, %d, want %d, %d", want.w, want.h, want.cols, want.rows, c, r, want.c, want.r)
		}
	}
}

// Whatever the sizes, the picture stays inside and touches one pair of edges.
func TestFitStaysInside(t *testing.T) {
	for w := 1; w < 40; w += 3 {
		for h := 1; h < 40; h += 3 {
			for cols := 1; cols < 30; cols += 4 {
				for rows := 1; rows < 20; rows += 3 {
					c, r := Fit(w, h, cols, rows)
					if c < 1 || r < 1 || c > cols || r > rows || c < cols && r < rows {
						t.Fatalf("Fit(%d, %d, %d, %d) = %d, %d", w, h, cols, rows, c, r)
					}
				}
			}
		}
	}
}
