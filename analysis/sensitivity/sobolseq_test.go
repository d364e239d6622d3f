package sensitivity_test

import (
	"fmt"
	"math"
	"math/bits"
	"os"
	"strings"
	"testing"

	"collectsim/analysis/sensitivity"
)

// The table lists primitive polynomials over GF(2) by rising degree, all of each degree before the next, and odd
// initial numbers m_i < 2^i: what makes every one-dimensional projection stratified.
func TestDirectionNumbers(t *testing.T) {
	data := string(must[[]byte](t)(os.ReadFile("directions.txt")))
	count := map[int]int{}
	before, d := uint64(0), 1
	for line := range strings.Lines(data) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var dim, s int
		var a uint64
		if _, err := fmt.Sscan(line, &dim, &s, &a); err != nil {
			t.Fatal(err)
		}
		m := strings.Fields(line)[3:]
		d++
		polynomial := 1<<s | a<<1 | 1
		if dim != d || len(m) != s || polynomial <= before && s > 1 {
			t.Errorf("row %q: out of order or of wrong length", line)
		}
		before = polynomial
		if !primitive(polynomial, s) {
			t.Errorf("dimension %d: polynomial %b is not primitive", d, polynomial)
		}
		count[s]++
		for i, field := range m {
			var x uint64
			fmt.Sscan(field, &x)
			if x%2 == 0 || x >= 1<<(i+1) {
				t.Errorf("dimension %d: m_%d = %d, must be odd and below 2^%d", d, i+1, x, i+1)
			}
		}
	}
	if d != sensitivity.MaxSobolDimensions {
		t.Errorf("%d dimensions, want %d", d, sensitivity.MaxSobolDimensions)
	}
	// Euler's φ(2^s-1)/s primitive polynomials of degree s.
	for s, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 5: 6, 6: 6, 7: 18, 8: 16, 9: 48, 10: 60} {
		if count[s] != want {
			t.Errorf("%d polynomials of degree %d, want %d", count[s], s, want)
		}
	}
}

// primitive: the powers of x modulo the polynomial run through all 2^s-1 non-zero residues.
func primitive(polynomial uint64, s int) bool {
	x := uint64(1)
	for order := 1; ; order++ {
		if x <<= 1; x>>s&1 == 1 {
			x ^= polynomial
		}
		if x == 1 {
			return order == 1<<s-1
		}
		if order > 1<<s {
			return false
		}
	}
}

func TestSobolProjectionsAreStratified(t *testing.T) {
	const m = 9
	k := sensitivity.MaxSobolDimensions
	for name, o := range sequences {
		o.Skip = 3 << m // any aligned block of 2^m points, not only the first
		points := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(k), 1<<m, o))
		for i := range k {
			var seen [1 << m]bool
			for _, p := range points {
				seen[int(p[i]*(1<<m))] = true
			}
			for stratum, ok := range seen {
				if !ok {
					t.Fatalf("%s: dimension %d has no point in stratum %d of %d", name, i+1, stratum, 1<<m)
				}
			}
		}
	}
}

// Blocks of 2^m points are (t,m,s)-nets in base 2 with t = Σ (degree-1) (Sobol 1967; Niederreiter 1992): 0 for the
// first two dimensions, 1 for three, 3 for four. Scrambling keeps t (Owen 1995).
func TestSobolNets(t *testing.T) {
	const m = 8
	for name, o := range sequences {
		for s, quality := range map[int]int{1: 0, 2: 0, 3: 1, 4: 3} {
			for block := range 3 {
				o.Skip = block << m
				points := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(s), 1<<m, o))
				for _, cut := range compositions(m-quality, s) {
					if why := unbalanced(points, cut, 1<<quality); why != "" {
						t.Fatalf("%s, %d dimensions, block %d: %s", name, s, block, why)
					}
				}
			}
		}
	}
}

// compositions of total into parts that are at least 0.
func compositions(total, parts int) [][]int {
	if parts == 1 {
		return [][]int{{total}}
	}
	var out [][]int
	for first := 0; first <= total; first++ {
		for _, rest := range compositions(total-first, parts-1) {
			out = append(out, append([]int{first}, rest...))
		}
	}
	return out
}

// unbalanced counts the points in each elementary interval that cuts dimension i into 2^cut[i] parts.
func unbalanced(points [][]float64, cut []int, want int) string {
	count := map[int]int{}
	for _, p := range points {
		cell := 0
		for i, c := range cut {
			cell = cell<<c | int(math.Ldexp(p[i], c))
		}
		count[cell]++
	}
	for cell, n := range count {
		if n != want {
			return fmt.Sprintf("cut %v: cell %d holds %d points, want %d", cut, cell, n, want)
		}
	}
	return ""
}

// A scrambled point is uniform over seeds: mean 1/2 with standard error sqrt(1/12/seeds), and its first three digits
// take all 8 values equally often (chi-square with 7 degrees of freedom: mean 7, variance 14).
func TestScramblesAreUniformOverSeeds(t *testing.T) {
	const seeds = 4000
	for _, scramble := range []sensitivity.Scramble{sensitivity.DigitalShift, sensitivity.OwenScramble} {
		var sum float64
		var cell [8]float64
		for seed := range uint64(seeds) {
			o := sensitivity.SequenceOptions{Scramble: scramble, Seed: seed, Skip: 5}
			p := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(3), 1, o))
			sum += p[0][2]
			cell[int(p[0][2]*8)]++
		}
		near(t, string(scramble)+" mean", []float64{sum / seeds}, []float64{0.5}, 5*math.Sqrt(1.0/12/seeds))
		chi2 := 0.0
		for _, n := range cell {
			chi2 += (n - seeds/8) * (n - seeds/8) / (seeds / 8)
		}
		if chi2 > 7+5*math.Sqrt(14) {
			t.Errorf("%s: digits are not uniform, chi-square %g with 7 degrees of freedom", scramble, chi2)
		}
	}
}

// A digital shift flips the same digits of every point; Owen scrambling flips the second digit of points of the left
// and of the right half independently: alike in half of the seeds (standard deviation sqrt(seeds)/2).
func TestOwenFlipsDependOnEarlierDigits(t *testing.T) {
	const seeds = 1000
	flips := func(scramble sensitivity.Scramble, seed uint64) (left, right uint64) {
		o := sensitivity.SequenceOptions{Scramble: scramble, Seed: seed}
		p := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(1), 2, o)) // of 0 and 1/2
		return uint64(p[0][0]*4) & 1, uint64(p[1][0]*4) & 1
	}
	alike := map[sensitivity.Scramble]float64{}
	for seed := range uint64(seeds) {
		for _, s := range []sensitivity.Scramble{sensitivity.DigitalShift, sensitivity.OwenScramble} {
			left, right := flips(s, seed)
			alike[s] += float64(1 - bits.OnesCount64(left^right))
		}
	}
	near(t, "shift", []float64{alike[sensitivity.DigitalShift]}, []float64{seeds}, 0)
	near(t, "owen", []float64{alike[sensitivity.OwenScramble]}, []float64{seeds / 2}, 5*math.Sqrt(seeds)/2)
}

func TestSobolSequenceErrors(t *testing.T) {
	for name, c := range map[string]struct {
		k, n int
		o    sensitivity.SequenceOptions
		want string
	}{
		"too many dimensions": {202, 1, sensitivity.SequenceOptions{}, "201 dimensions, got 202"},
		"no points":           {1, 0, sensitivity.SequenceOptions{}, "at least 1, got 0"},
		"skip":                {1, 1, sensitivity.SequenceOptions{Skip: -1}, "skip must lie in"},
		"scramble":            {1, 1, sensitivity.SequenceOptions{Scramble: "x"}, `got "x"`},
		"no factors":          {0, 1, sensitivity.SequenceOptions{}, "no factors"},
	} {
		_, err := sensitivity.SobolSequence(sensitivity.UnitBounds(c.k), c.n, c.o)
		wantError(t, name, err, c.want)
	}
}

func wantError(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want one with %q", what, err, want)
	}
}
