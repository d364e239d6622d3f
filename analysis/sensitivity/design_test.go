package sensitivity_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"collectsim/analysis/sensitivity"

	"pgregory.net/rapid"
)

var mixed = sensitivity.Bounds{
	{Name: "share", Low: -1, High: 3},
	{Name: "rate", Low: 1e-3, High: 10, Log: true},
	{Name: "agents", Low: 2, High: 6, Integer: true},
	{Name: "days", Low: 1, High: 365, Integer: true, Log: true},
}

func TestScaleKnown(t *testing.T) {
	got := must[[][]float64](t)(mixed.Scale([][]float64{
		{0, 0, 0, 0},
		{1, 1, 1, 1},
		{0.5, 0.5, 0.5, 0.5},
		{0.25, 0.75, 0.199, math.Log(7.5) / math.Log(366)},
	}))
	want := [][]float64{
		{-1, 1e-3, 2, 1},
		{3, 10, 6, 365},
		{1, 0.1, 4, 19}, // sqrt(366) = 19.1
		{0, 1, 2, 7},
	}
	for r := range want {
		near(t, "scaled", got[r], want[r], 1e-12)
	}
}

// Each whole number gets an equal share of [0, 1], on a log scale log((n+1)/n)/log((high+1)/low).
func TestScaleIntegerShares(t *testing.T) {
	const n = 30000
	unit := make([][]float64, n)
	for r := range unit {
		unit[r] = slices.Repeat([]float64{(float64(r) + 0.5) / n}, 4)
	}
	count := [2]map[float64]float64{{}, {}}
	for _, p := range must[[][]float64](t)(mixed.Scale(unit)) {
		count[0][p[2]]++
		count[1][p[3]]++
	}
	for x := 2.0; x <= 6; x++ {
		near(t, "agents", []float64{count[0][x] / n}, []float64{0.2}, 1.0/n)
	}
	for x := 1.0; x <= 365; x++ {
		near(t, "days", []float64{count[1][x] / n}, []float64{math.Log((x+1)/x) / math.Log(366)}, 1.0/n)
	}
}

func TestUnitInvertsScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.001, 1000).Draw(t, "low")
		b := sensitivity.Bounds{
			{Name: "linear", Low: low, High: low * rapid.Float64Range(1.01, 1000).Draw(t, "ratio")},
			{Name: "log", Low: low, High: low * rapid.Float64Range(1.01, 1000).Draw(t, "log ratio"), Log: true},
		}
		u := []float64{rapid.Float64Range(0, 1).Draw(t, "u"), rapid.Float64Range(0, 1).Draw(t, "v")}
		points, err := b.Scale([][]float64{u})
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range b {
			if x := points[0][i]; x < f.Low || x > f.High {
				t.Fatalf("%s: %g outside [%g, %g]", f.Name, x, f.Low, f.High)
			}
		}
		back, err := b.Unit(points)
		if err != nil {
			t.Fatal(err)
		}
		for i := range u {
			if !(math.Abs(back[0][i]-u[i]) <= 1e-10) {
				t.Fatalf("%g came back as %g", u[i], back[0][i])
			}
		}
	})
}

func TestLevels(t *testing.T) {
	got := must[[][]float64](t)(mixed.Levels(3))
	for i, want := range [][]float64{{-1, 1, 3}, {1e-3, 0.1, 10}, {2, 4, 6}, {1, 19, 365}} {
		near(t, mixed[i].Name, got[i], want, 1e-12)
	}
	if got := must[[][]float64](t)(mixed[2:3].Levels(9)); !reflect.DeepEqual(got[0], []float64{2, 3, 4, 5, 6}) {
		t.Errorf("five whole numbers on nine levels: %v", got[0])
	}
	count := sensitivity.Bounds{{Name: "count", Low: 1, High: 100, Integer: true, Log: true}}
	if got := must[[][]float64](t)(count.Levels(4)); !reflect.DeepEqual(got[0], []float64{1, 5, 22, 100}) { // 4.64, 21.5
		t.Errorf("powers of 100^(1/3), rounded: %v", got[0])
	}
	_, err := mixed.Levels(1)
	wantError(t, "one level", err, "at least 2, got 1")
	_, err = mixed.Levels(2_000_000_000)
	wantError(t, "a mistyped count", err, "2000000000 rows")
	list := make([]float64, 1<<20)
	_, err = sensitivity.OneWay(make([]float64, 300), slices.Repeat([][]float64{list}, 300))
	wantError(t, "long lists", err, "are too many")
}

func TestValidateReportsEverything(t *testing.T) {
	b := sensitivity.Bounds{
		{Name: "a", Low: 1, High: 1},
		{Name: "", Low: 0, High: 1},
		{Name: "a", Low: 0, High: 1, Log: true},
		{Name: "c", Low: 0.5, High: 2, Integer: true},
		{Name: "d", Low: math.NaN(), High: 2},
		{Name: "e", Low: -math.MaxFloat64, High: math.MaxFloat64},
	}
	err := b.Validate()
	for _, want := range []string{
		"bounds[0] a: low must be below high, got 1 and 1", "bounds[1] : name is empty", "bounds[2] a: name already used by bounds[0]",
		"bounds[2] a: a log scale needs low above 0", "bounds[3] c: an integer range", "bounds[4] d: low and high must be finite",
		"bounds[5] e: low and high must be finite",
	} {
		wantError(t, "validate", err, want)
	}
	wantError(t, "none", sensitivity.Bounds{}.Validate(), "no factors")
	if err := mixed.Validate(); err != nil {
		t.Error(err)
	}
	_, err = mixed.Scale([][]float64{{0, 0, 0}, {0, 0, 0, 1.1}, {math.NaN(), 0, 0, 0}})
	for _, want := range []string{"points[0]: has 3 values", "points[1][3]: must be within [0, 1], got 1.1", "points[2][0]"} {
		wantError(t, "scale", err, want)
	}
	_, err = mixed.Unit([][]float64{{0, 0, 2, 1}})
	wantError(t, "unit", err, "(rate): a log scale needs a value above 0, got 0")
}

func TestOneWay(t *testing.T) {
	got := must[[][]float64](t)(sensitivity.OneWay([]float64{1, 2, 3}, [][]float64{{10, 11}, nil, {30}}))
	want := [][]float64{{1, 2, 3}, {10, 2, 3}, {11, 2, 3}, {1, 2, 30}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	_, err := sensitivity.OneWay([]float64{1}, [][]float64{{1}, {math.Inf(1)}})
	wantError(t, "lengths", err, "base has 1 values and levels 2 lists")
	wantError(t, "infinite", err, "levels[1][0]: must be finite")
}

func TestTwoWayGridZip(t *testing.T) {
	got := must[[][]float64](t)(sensitivity.TwoWay([]float64{1, 2, 3}, sensitivity.Axis{Factor: 2, Values: []float64{30, 31}}, sensitivity.Axis{Factor: 0, Values: []float64{10, 11}}))
	if want := [][]float64{{10, 2, 30}, {11, 2, 30}, {10, 2, 31}, {11, 2, 31}}; !reflect.DeepEqual(got, want) {
		t.Errorf("two-way: got %v, want %v", got, want)
	}
	lists := [][]float64{{1, 2}, {3, 4}}
	if got, want := must[[][]float64](t)(sensitivity.Grid(lists)), [][]float64{{1, 3}, {1, 4}, {2, 3}, {2, 4}}; !reflect.DeepEqual(got, want) {
		t.Errorf("grid: got %v, want %v", got, want)
	}
	if got, want := must[[][]float64](t)(sensitivity.Zip(lists)), [][]float64{{1, 3}, {2, 4}}; !reflect.DeepEqual(got, want) {
		t.Errorf("zip: got %v, want %v", got, want)
	}
	_, err := sensitivity.TwoWay([]float64{1}, sensitivity.Axis{Factor: 0, Values: []float64{1}}, sensitivity.Axis{Factor: 0})
	wantError(t, "twice", err, "factor 0 is already varied")
	_, err = sensitivity.TwoWay([]float64{1}, sensitivity.Axis{Factor: 0, Values: []float64{1}}, sensitivity.Axis{Factor: 1})
	wantError(t, "range", err, "axis 2: factor must lie in 0..0, got 1")
	_, err = sensitivity.Grid([][]float64{{1}, {}})
	wantError(t, "empty list", err, "values[1]: is empty")
	_, err = sensitivity.Zip([][]float64{{1}, {1, 2}})
	wantError(t, "unequal", err, "values[1]: has 2 values, values[0] has 1")
	_, err = sensitivity.Grid(slices.Repeat([][]float64{{1, 2}}, 40))
	wantError(t, "size", err, "grid: more than")
}

// The grid holds every combination once: as many rows as the product, all different.
func TestGridIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.SliceOfN(rapid.SliceOfNDistinct(rapid.Float64Range(-5, 5), 1, 4, rapid.ID[float64]), 1, 4).Draw(t, "lists")
		points, err := sensitivity.Grid(lists)
		if err != nil {
			t.Fatal(err)
		}
		want := 1
		for _, l := range lists {
			want *= len(l)
		}
		if len(points) != want || !slices.IsSortedFunc(points, func(p, q []float64) int { return gridOrder(lists, p, q) }) {
			t.Fatalf("%d rows for %v, want %d different ones in order", len(points), lists, want)
		}
	})
}

// gridOrder compares by position in the lists; equal rows count as out of order.
func gridOrder(lists [][]float64, p, q []float64) int {
	for i := range lists {
		if d := slices.Index(lists[i], p[i]) - slices.Index(lists[i], q[i]); d != 0 {
			return d
		}
	}
	return 1
}

func TestLatinHypercubeStrata(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(1, 60).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "k")
		o := sensitivity.LHSOptions{
			Seed: rapid.Uint64().Draw(t, "seed"), Centered: rapid.Bool().Draw(t, "centered"), Maximin: rapid.IntRange(0, 3).Draw(t, "maximin"),
		}
		points, err := sensitivity.LatinHypercube(sensitivity.UnitBounds(k), n, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range k {
			seen := make([]bool, n)
			for _, p := range points {
				stratum := int(p[i] * float64(n))
				seen[stratum] = true
				if middle := (float64(stratum) + 0.5) / float64(n); o.Centered && !(math.Abs(p[i]-middle) <= 1e-12) {
					t.Fatalf("%g is not the middle of stratum %d of %d", p[i], stratum, n)
				}
			}
			if slices.Contains(seen, false) {
				t.Fatalf("factor %d: a stratum has no point", i)
			}
		}
	})
}

// An integer factor of m values in n = c·m points takes each value exactly c times.
func TestLatinHypercubeIntegers(t *testing.T) {
	count := map[float64]int{}
	for _, p := range must[[][]float64](t)(sensitivity.LatinHypercube(mixed, 35, sensitivity.LHSOptions{Seed: 3})) {
		count[p[2]]++
	}
	if want := map[float64]int{2: 7, 3: 7, 4: 7, 5: 7, 6: 7}; !reflect.DeepEqual(count, want) {
		t.Errorf("got %v, want %v", count, want)
	}
}

func TestMaximinSpreadsPoints(t *testing.T) {
	gap := func(tries int) float64 {
		points := must[[][]float64](t)(sensitivity.LatinHypercube(sensitivity.UnitBounds(3), 20, sensitivity.LHSOptions{Seed: 1, Maximin: tries}))
		smallest := math.Inf(1)
		for i, p := range points {
			for _, q := range points[:i] {
				smallest = min(smallest, math.Hypot(math.Hypot(p[0]-q[0], p[1]-q[1]), p[2]-q[2]))
			}
		}
		return smallest
	}
	if one, many := gap(1), gap(200); many <= one {
		t.Errorf("smallest distance %g of the best of 200 is not above %g of the first", many, one)
	}
}

func TestRandomIsUniform(t *testing.T) {
	const n = 20000
	points := must[[][]float64](t)(sensitivity.Random(sensitivity.UnitBounds(3), n, 7))
	for i := range 3 {
		sum, square, cross := 0.0, 0.0, 0.0
		for _, p := range points {
			u, v := p[i]-0.5, p[(i+1)%3]-0.5
			sum, square, cross = sum+u, square+u*u, cross+u*v
		}
		// Var(u) = 1/12, Var(u²) = 1/80 - 1/144 = 1/180, Var(uv) = 1/144.
		near(t, "mean, variance, covariance", []float64{sum / n, square / n, cross / n}, []float64{0, 1.0 / 12, 0}, 5*math.Sqrt(1.0/12/n))
		near(t, "variance", []float64{square / n}, []float64{1.0 / 12}, 5*math.Sqrt(1.0/180/n))
		near(t, "covariance", []float64{cross / n}, []float64{0}, 5*math.Sqrt(1.0/144/n))
	}
	_, err := sensitivity.Random(sensitivity.UnitBounds(1), 0, 1)
	wantError(t, "no points", err, "at least 1, got 0")
}

// all seeded designs, for what they share.
var seeded = map[string]func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error){
	"random": sensitivity.Random,
	"lhs": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.LatinHypercube(b, n, sensitivity.LHSOptions{Seed: seed})
	},
	"maximin": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.LatinHypercube(b, n, sensitivity.LHSOptions{Seed: seed, Maximin: 5})
	},
	"shift": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.SobolSequence(b, n, sensitivity.SequenceOptions{Scramble: sensitivity.DigitalShift, Seed: seed})
	},
	"owen": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.SobolSequence(b, n, sensitivity.SequenceOptions{Scramble: sensitivity.OwenScramble, Seed: seed})
	},
	"morris": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.MorrisDesign(b, n, sensitivity.MorrisDesignOptions{Seed: seed})
	},
	"saltelli": func(b sensitivity.Bounds, n int, seed uint64) ([][]float64, error) {
		return sensitivity.Saltelli(b, n, sensitivity.SaltelliOptions{Sequence: sensitivity.SequenceOptions{Scramble: sensitivity.OwenScramble, Seed: seed}})
	},
}

func TestSeededDesigns(t *testing.T) {
	for name, design := range seeded {
		first := must[[][]float64](t)(design(mixed, 16, 0))
		if !reflect.DeepEqual(first, must[[][]float64](t)(design(mixed, 16, 0))) {
			t.Errorf("%s: the same seed gives different points", name)
		}
		if reflect.DeepEqual(first, must[[][]float64](t)(design(mixed, 16, 1))) {
			t.Errorf("%s: seeds 0 and 1 give the same points", name)
		}
		for _, p := range first {
			for i, f := range mixed {
				if p[i] < f.Low || p[i] > f.High || f.Integer && p[i] != math.Trunc(p[i]) {
					t.Errorf("%s: %s = %g breaks its bounds", name, f.Name, p[i])
				}
			}
		}
		_, err := design(nil, 16, 0)
		wantError(t, name, err, "no factors")
		_, err = design(mixed, 0, 0)
		wantError(t, name, err, "at least 1, got 0")
		_, err = design(mixed, 1<<50, 0)
		wantError(t, name, err, "too many")
	}
}

// Every trajectory moves every factor once, by p/(2(p-1)) of its range, from grid point to grid point.
func TestMorrisDesignMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(1, 6).Draw(t, "k"), rapid.IntRange(1, 8).Draw(t, "n")
		p := 2 * rapid.IntRange(1, 5).Draw(t, "half levels")
		o := sensitivity.MorrisDesignOptions{Levels: p, Seed: rapid.Uint64().Draw(t, "seed"), Candidates: rapid.SampledFrom([]int{0, 12}).Draw(t, "candidates")}
		points, err := sensitivity.MorrisDesign(sensitivity.UnitBounds(k), n, o)
		if err != nil || len(points) != n*(k+1) {
			t.Fatalf("%d points, %v", len(points), err)
		}
		delta := float64(p) / float64(2*(p-1))
		for r, row := range points {
			for _, x := range row {
				if g := x * float64(p-1); x < 0 || x > 1 || !(math.Abs(g-math.Round(g)) <= 1e-9) {
					t.Fatalf("%g is no level of %d", x, p)
				}
			}
			if r%(k+1) == 0 {
				continue
			}
			moved := 0
			for i := range row {
				if d := math.Abs(row[i] - points[r-1][i]); d != 0 {
					moved++
					if !(math.Abs(d-delta) <= 1e-9) {
						t.Fatalf("step of %g, want %g", d, delta)
					}
				}
			}
			if moved != 1 {
				t.Fatalf("point %d: %d factors moved", r, moved)
			}
		}
	})
}

// With two to choose, the choice is the farthest pair of all candidates; a plain design of as many shows the same
// candidates.
func TestMorrisSpreadPicksFarthestPair(t *testing.T) {
	const candidates, k = 9, 3
	b := sensitivity.UnitBounds(k)
	all := slices.Collect(slices.Chunk(must[[][]float64](t)(sensitivity.MorrisDesign(b, candidates, sensitivity.MorrisDesignOptions{Seed: 4})), k+1))
	got := must[[][]float64](t)(sensitivity.MorrisDesign(b, 2, sensitivity.MorrisDesignOptions{Seed: 4, Candidates: candidates}))
	most := 0.0
	for i := range all {
		for j := range i {
			most = max(most, trajectoryDistance(all[i], all[j]))
		}
	}
	near(t, "distance", []float64{trajectoryDistance(got[:k+1], got[k+1:])}, []float64{most}, 1e-9)
}

// Every further choice is the candidate with the largest sum of squared distances to those before it.
func TestMorrisSpreadGoesOnGreedily(t *testing.T) {
	const candidates, k = 9, 3
	b := sensitivity.UnitBounds(k)
	all := slices.Collect(slices.Chunk(must[[][]float64](t)(sensitivity.MorrisDesign(b, candidates, sensitivity.MorrisDesignOptions{Seed: 4})), k+1))
	got := slices.Collect(slices.Chunk(must[[][]float64](t)(sensitivity.MorrisDesign(b, 6, sensitivity.MorrisDesignOptions{Seed: 4, Candidates: candidates})), k+1))
	for j := 2; j < len(got); j++ {
		gain := func(c [][]float64) float64 {
			sum := 0.0
			for _, chosen := range got[:j] {
				if reflect.DeepEqual(c, chosen) {
					return 0
				}
				sum += math.Pow(trajectoryDistance(c, chosen), 2)
			}
			return sum
		}
		most := 0.0
		for _, c := range all {
			most = max(most, gain(c))
		}
		near(t, "gain", []float64{gain(got[j])}, []float64{most}, 1e-9*most)
	}
}

// Steps go up and down equally often and start from every level equally often.
func TestMorrisDesignIsBalanced(t *testing.T) {
	const n, p = 4000, 4
	points := must[[][]float64](t)(sensitivity.MorrisDesign(sensitivity.UnitBounds(1), n, sensitivity.MorrisDesignOptions{Seed: 2, Levels: p}))
	up, level := 0.0, make([]float64, p)
	for r := 0; r < len(points); r += 2 {
		if points[r+1][0] > points[r][0] {
			up++
		}
		level[int(math.Round(points[r][0]*(p-1)))]++
	}
	near(t, "ups", []float64{up / n}, []float64{0.5}, 5*math.Sqrt(0.25/n))
	near(t, "levels", level, slices.Repeat([]float64{n / p}, p), 5*math.Sqrt(n*0.25*0.75))
}

func trajectoryDistance(a, b [][]float64) float64 {
	sum := 0.0
	for _, p := range a {
		for _, q := range b {
			square := 0.0
			for i := range p {
				square += math.Pow(p[i]-q[i], 2)
			}
			sum += math.Sqrt(square)
		}
	}
	return sum
}

func TestMorrisDesignErrors(t *testing.T) {
	_, err := sensitivity.MorrisDesign(mixed, 5, sensitivity.MorrisDesignOptions{Levels: 3, Candidates: 4})
	wantError(t, "levels", err, "must be even and at least 2, got 3")
	wantError(t, "candidates", err, "at least the 5 trajectories")
}

// Blocks are A, AB_i, BA_i, B with A and B the two halves of a 2k-dimensional Sobol point.
func TestSaltelliBlocks(t *testing.T) {
	const k, n = 3, 8
	base := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(2*k), n, sensitivity.SequenceOptions{Skip: n}))
	first := must[[][]float64](t)(sensitivity.Saltelli(sensitivity.UnitBounds(k), n, sensitivity.SaltelliOptions{}))
	second := must[[][]float64](t)(sensitivity.Saltelli(sensitivity.UnitBounds(k), n, sensitivity.SaltelliOptions{SecondOrder: true}))
	if len(first) != n*(k+2) || len(second) != n*(2*k+2) {
		t.Fatalf("%d and %d points", len(first), len(second))
	}
	for j, row := range base {
		a, b := row[:k], row[k:]
		want := [][]float64{a}
		for _, into := range [][2][]float64{{a, b}, {b, a}} {
			for i := range k {
				p := slices.Clone(into[0])
				p[i] = into[1][i]
				want = append(want, p)
			}
		}
		want = append(want, b)
		if got := second[j*(2*k+2) : (j+1)*(2*k+2)]; !reflect.DeepEqual(got, want) {
			t.Fatalf("block %d: got %v, want %v", j, got, want)
		}
		if got := first[j*(k+2) : (j+1)*(k+2)]; !reflect.DeepEqual(got, slices.Concat(want[:k+1], want[2*k+1:])) {
			t.Fatalf("block %d without second order: got %v", j, got)
		}
	}
	_, err := sensitivity.Saltelli(sensitivity.UnitBounds(101), 1, sensitivity.SaltelliOptions{})
	wantError(t, "factors", err, "at most 100 factors, got 101")
}

// TestMorrisMovesTwoWholeNumbers: every step moves its factor, also between two whole numbers on a logarithmic scale, of
// which the lower has more than half of the range.
func TestMorrisMovesTwoWholeNumbers(t *testing.T) {
	for _, levels := range []int{2, 4, 6, 10, 100} {
		b := sensitivity.Bounds{{Name: "a", Low: 1, High: 2, Log: true, Integer: true}, {Name: "b", Low: 1, High: 3, Log: true, Integer: true}, {Name: "c", Low: 0, High: 1}}
		points := must[[][]float64](t)(sensitivity.MorrisDesign(b, 50, sensitivity.MorrisDesignOptions{Levels: levels}))
		values := make([]float64, len(points))
		for r, p := range points {
			values[r] = 3*p[0] + p[2]
		}
		m, err := sensitivity.Morris(b, points, values, sensitivity.MorrisOptions{})
		if err != nil {
			t.Errorf("%d levels: %v", levels, err)
			continue
		}
		if !(math.Abs(m.Mu[0]-3) <= 1e-9) || m.Mu[1] != 0 || !(math.Abs(m.Mu[2]-1) <= 1e-9) {
			t.Errorf("%d levels: mean effects %v, want 3, 0, 1", levels, m.Mu)
		}
	}
	if _, err := sensitivity.MorrisDesign(sensitivity.Bounds{{Name: "a", Low: 0, High: 1, Log: true, Integer: true}}, 2, sensitivity.MorrisDesignOptions{}); err == nil {
		t.Error("a logarithmic scale from 0 is taken")
	}
}
