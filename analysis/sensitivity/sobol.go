package sensitivity

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// SobolOptions tune [Sobol].
type SobolOptions struct {
	SecondOrder bool    // the values come from a design with SecondOrder
	Resamples   int     // of the bootstrap; 0 means 200
	Confidence  float64 // of the half widths, in (0, 1); 0 means 0.95
	Seed        uint64  // of the bootstrap
	DropMissing bool    // leave out blocks with a missing (NaN) value, with a warning, instead of failing
}

// Interaction is the second-order index of a pair of factors: the share of variance that belongs to the pair
// beyond what each gives alone.
type Interaction struct {
	A, B     string
	S2, Conf float64
}

// SobolIndices are shares of the output's variance. An undefined value (constant output) is NaN, in JSON null.
type SobolIndices struct {
	Names          []string
	S1, ST         []float64 // first-order and total-order index per factor
	S1Conf, STConf []float64 // half widths of their confidence intervals
	S2             []Interaction
	Mean, Variance float64 // of the output over the A and B points
	Warnings       []string
}

// Sobol estimates variance-based sensitivity indices from the values at the points of [Saltelli].
//
// names has k names; values has n·(k+2) numbers, with SecondOrder n·(2k+2). Values are centred at their mean first,
// which lowers the estimators' variance and leaves their target alone. Estimates can leave [0, 1] by sampling error.
// Half widths are the normal quantile times the bootstrap standard deviation over blocks; on a Sobol sequence they
// overstate the error, since its points are more even than independent ones.
//
// Errors: no names, a count of values that is no multiple of the block, fewer than 2 blocks, infinite or missing values.
// Source: first order: Saltelli et al. (2010), table 2 (b); total order: Jansen (1999); second order: Saltelli (2002);
// bootstrap: Archer, Saltelli and Sobol (1997).
func Sobol(names []string, values []float64, o SobolOptions) (SobolIndices, error) {
	boot, err := resampling{o.Resamples, o.Confidence}.resolve(200)
	if err != nil {
		return SobolIndices{}, err
	}
	blocks, warnings, err := sobolBlocks(len(names), values, o)
	if err != nil {
		return SobolIndices{}, err
	}
	out := SobolIndices{Names: slices.Clone(names), Warnings: warnings}
	terms := newSobolTerms(blocks, len(names), o.SecondOrder)
	out.Mean = terms.centre
	estimate, variance := terms.estimate(evenWeights(len(blocks)))
	out.Variance = math.Ldexp(variance, 2*terms.shift)
	if constant(blocks) {
		fillNaN(estimate)
		out.Variance = 0
		out.Warnings = append(out.Warnings, "the output is constant: indices are undefined; widen the bounds or choose another output")
		out.fill(estimate, estimate)
		return out, nil
	}
	out.fill(estimate, terms.halfWidths(boot, generator(o.Seed, streamSobolBoot)))
	out.doubt(boot.confidence)
	return out, nil
}

// sobolBlocks cuts values into blocks and drops those with missing values where allowed.
func sobolBlocks(k int, values []float64, o SobolOptions) ([][]float64, []string, error) {
	size := blockSize(k, o.SecondOrder)
	if k == 0 {
		return nil, nil, fmt.Errorf("sobol: no names, need one per factor")
	}
	if len(values)%size != 0 {
		return nil, nil, fmt.Errorf("sobol: %d values for %d factors, need a multiple of %d (second order: %t)",
			len(values), k, size, o.SecondOrder)
	}
	if err := checkValues(values, o.DropMissing); err != nil {
		return nil, nil, err
	}
	var blocks [][]float64
	for block := range slices.Chunk(values, size) {
		if !slices.ContainsFunc(block, math.IsNaN) {
			blocks = append(blocks, block)
		}
	}
	if len(blocks) < 2 {
		return nil, nil, fmt.Errorf("sobol: %d complete blocks of values, need at least 2", len(blocks))
	}
	var warnings []string
	if dropped := len(values)/size - len(blocks); dropped > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"%d of %d blocks left out for missing values: indices describe the remaining points only", dropped, len(values)/size))
	}
	return blocks, append(warnings, otherDesign(k, len(values), o.SecondOrder)...), nil
}

// otherDesign doubts a count of values that makes a power of two of base points, the size that a Sobol sequence is made
// for, with the other design only, not with the assumed one: of 2, 6, 14, ... factors a count can fit both.
func otherDesign(k, values int, second bool) []string {
	assumed, other := blockSize(k, second), blockSize(k, !second)
	if k < 2 || values%other != 0 || powerOfTwo(values/assumed) || !powerOfTwo(values/other) {
		return nil
	}
	with, without := "with", "without"
	if second {
		with, without = without, with
	}
	return []string{fmt.Sprintf("%d values are read as %d base points %s second order, but would be %d %s: the indices are wrong if the design was made so",
		values, values/assumed, without, values/other, with)}
}

func powerOfTwo(n int) bool { return n > 0 && n&(n-1) == 0 }

// sobolTerms are per-block terms whose weighted means give every index: columns a, a², then first-order products,
// total-order squares and second-order products. Resampling blocks then only reweights rows.
type sobolTerms struct {
	k      int
	second bool
	centre float64
	shift  int // deviations from the centre are counted in 2^shift, which changes no digit: their squares stay in range
	rows   [][]float64
}

func newSobolTerms(blocks [][]float64, k int, second bool) sobolTerms {
	t := sobolTerms{k: k, second: second, rows: table(len(blocks), 2+termCount(k, second))}
	for _, block := range blocks {
		t.centre += (block[0] + block[len(block)-1]) / 2
	}
	t.centre /= float64(len(blocks))
	largest := 0.0
	for _, block := range blocks {
		for _, y := range block {
			largest = max(largest, math.Abs(y-t.centre))
		}
	}
	_, t.shift = math.Frexp(largest)
	for j, block := range blocks {
		t.fillRow(t.rows[j], block)
	}
	return t
}

func termCount(k int, second bool) int {
	if second {
		return 2*k + k*(k-1)/2
	}
	return 2 * k
}

func (t sobolTerms) deviation(y float64) float64 { return math.Ldexp(y-t.centre, -t.shift) }

func (t sobolTerms) fillRow(row, block []float64) {
	a, b := t.deviation(block[0]), t.deviation(block[len(block)-1])
	row[0], row[1] = (a+b)/2, (a*a+b*b)/2
	ab := block[1 : 1+t.k]
	for i, y := range ab {
		y = t.deviation(y)
		row[2+i] = b * (y - a)
		row[2+t.k+i] = (a - y) * (a - y) / 2
	}
	if !t.second {
		return
	}
	ba := block[1+t.k : 1+2*t.k]
	at := 2 + 2*t.k
	for i := range t.k {
		for j := i + 1; j < t.k; j++ {
			row[at] = t.deviation(ba[i])*t.deviation(ab[j]) - a*b
			at++
		}
	}
}

// estimate returns S1, ST and S2 in one list, and the variance in units of 4^shift, under the blocks' weights (summing to 1).
func (t sobolTerms) estimate(weights []float64) ([]float64, float64) {
	sum := make([]float64, len(t.rows[0]))
	for j, w := range weights {
		if w == 0 {
			continue
		}
		for c, x := range t.rows[j] {
			sum[c] += w * x
		}
	}
	variance := sum[1] - sum[0]*sum[0]
	out := sum[2:]
	for c := range out {
		out[c] /= variance
	}
	at := 2 * t.k
	for i := 0; t.second && i < t.k; i++ {
		for j := i + 1; j < t.k; j++ {
			out[at] -= out[i] + out[j]
			at++
		}
	}
	return out, variance
}

func evenWeights(n int) []float64 {
	w := make([]float64, n)
	for j := range w {
		w[j] = 1 / float64(n)
	}
	return w
}

func (t sobolTerms) halfWidths(boot resampling, rng *rand.Rand) []float64 {
	n := len(t.rows)
	draws := table(termCount(t.k, t.second), boot.resamples)
	weights := make([]float64, n)
	for r := range boot.resamples {
		clear(weights)
		for range n {
			weights[rng.IntN(n)] += 1 / float64(n)
		}
		estimate, _ := t.estimate(weights)
		for c, x := range estimate {
			draws[c][r] = x
		}
	}
	out := make([]float64, len(draws))
	for c := range draws {
		out[c] = boot.normalQuantile() * stdDev(draws[c])
	}
	return out
}

func (s *SobolIndices) fill(estimate, conf []float64) {
	k := len(s.Names)
	s.S1, s.ST = estimate[:k:k], estimate[k:2*k:2*k]
	s.S1Conf, s.STConf = conf[:k:k], conf[k:2*k:2*k]
	at := 2 * k
	for i := 0; at < len(estimate); i++ {
		for j := i + 1; j < k; j++ {
			s.S2 = append(s.S2, Interaction{A: s.Names[i], B: s.Names[j], S2: estimate[at], Conf: conf[at]})
			at++
		}
	}
}

// doubt warns of indices that are too uncertain to rank factors by, or that sampling error pushed out of range.
func (s *SobolIndices) doubt(confidence float64) {
	for i, name := range s.Names {
		switch {
		case !(s.S1Conf[i] <= 0.1 && s.STConf[i] <= 0.1): // also where it is undefined
			s.Warnings = append(s.Warnings, fmt.Sprintf(
				"%s: half width above 0.1 at confidence %g: raise the number of base samples", name, confidence))
		case s.S1[i] < -s.S1Conf[i] || s.ST[i] > 1+s.STConf[i]:
			s.Warnings = append(s.Warnings, fmt.Sprintf(
				"%s: S1 %.3g, ST %.3g lie outside [0, 1] by more than their half widths: raise the number of base samples",
				name, s.S1[i], s.ST[i]))
		}
	}
}

func constant(blocks [][]float64) bool {
	for _, block := range blocks {
		for _, y := range block {
			if y != blocks[0][0] {
				return false
			}
		}
	}
	return true
}

func fillNaN(x []float64) {
	for i := range x {
		x[i] = math.NaN()
	}
}

// MarshalJSON implements json.Marshaler; undefined numbers become null.
func (s SobolIndices) MarshalJSON() ([]byte, error) {
	type pair struct {
		A    string `json:"a"`
		B    string `json:"b"`
		S2   number `json:"S2"`
		Conf number `json:"S2_conf"`
	}
	var pairs []pair
	for _, p := range s.S2 {
		pairs = append(pairs, pair{p.A, p.B, number(p.S2), number(p.Conf)})
	}
	return json.Marshal(struct {
		Names    []string `json:"names"`
		S1       []number `json:"S1"`
		ST       []number `json:"ST"`
		S1Conf   []number `json:"S1_conf"`
		STConf   []number `json:"ST_conf"`
		S2       []pair   `json:"S2,omitempty"`
		Warnings []string `json:"warnings,omitempty"`
	}{s.Names, numbers(s.S1), numbers(s.ST), numbers(s.S1Conf), numbers(s.STConf), pairs, s.Warnings})
}
