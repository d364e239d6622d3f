package estimate

import (
	"math"
	"testing"
)

// State probabilities always sum to 1, so every row of their covariance sums to 0.
func TestOccupancyCovarianceRowsCancel(t *testing.T) {
	s := newOccupancy(3)
	for n, ends := range [][]int{{1, 0, 2}, {0, 3, 1}, {2, 2, 2}, {0, 0, 0}, {1, 1, 1}} {
		s.step(ends, float64(30-7*n))
		for i, row := range s.cov {
			if !(math.Abs(sum(row)) <= 1e-15) {
				t.Errorf("after step %d row %d sums to %v", n, i, sum(row))
			}
			for j := range row {
				if !(math.Abs(s.cov[i][j]-s.cov[j][i]) <= 1e-16) {
					t.Errorf("after step %d: not symmetric at %d, %d", n, i, j)
				}
			}
		}
	}
}
