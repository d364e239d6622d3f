package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// BandOptions tune [Bands].
type BandOptions struct {
	Confidence float64 // in (0, 1); 0 means 0.95
	Seed       uint64  // any number; equal seeds give equal results
	Draws      int     // of the simultaneous band's critical value; 0 means 9999
}

// A Band is a mean path over replications with two envelopes, all of one length.
//
// Low and High hold each single time with the stated confidence. BandLow and BandHigh hold
// the whole path at once, and are the ones to read when looking for when something happens.
type Band struct {
	Mean     []Float  `json:"mean"`
	SE       []Float  `json:"se"`
	Low      []Float  `json:"low"`
	High     []Float  `json:"high"`
	BandLow  []Float  `json:"band_low"`
	BandHigh []Float  `json:"band_high"`
	Critical Float    `json:"critical"` // half-width of the band in standard errors
	N        int      `json:"n"`
	Warnings []string `json:"warnings,omitempty"`
}

// Bands estimates the mean path of paths[replication][time].
//
// The pointwise envelope is Student's t. The simultaneous one is sup-t: mean +- c SE with c
// the quantile of the largest absolute t over time, found by drawing from the multivariate
// t with the replications' own correlation (Gaussian multipliers over a chi). For a single
// time it is the t interval up to the error of the draws, and it is never narrower. With few
// replications and many unrelated times it is somewhat too narrow, since the correlation is
// estimated.
//
// A replication with a NaN at any time is left out with a warning. Fewer than 2 replications
// give no envelope; times without variance have no width. Panics if replications differ in
// length or an option is out of range.
// Source: Montiel Olea and Plagborg-Moller (2019), algorithm 1, with t in place of normal draws.
func Bands(paths [][]float64, o BandOptions) Band {
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	checkConfidence(o.Confidence)
	kept, warnings := completePaths(paths)
	b := Band{N: len(kept), Warnings: warnings, Critical: Float(math.NaN())}
	if len(paths) == 0 {
		b.Warnings = append(b.Warnings, "no replications, the path is undefined")
		return b
	}
	n, times := len(kept), len(paths[0])
	if n < FewReplications {
		b.Warnings = append(b.Warnings, fewWarning(n))
	}
	t := math.NaN()
	if n > 1 {
		t = TQuantile(1-(1-o.Confidence)/2, float64(n-1))
		b.Critical = Float(max(t, supT(kept, o)))
	}
	for at := range times {
		m, v := MeanVariance(column(kept, at))
		se := math.Sqrt(v / float64(n))
		b.Mean, b.SE = append(b.Mean, Float(m)), append(b.SE, Float(se))
		b.Low, b.High = append(b.Low, Float(m-t*se)), append(b.High, Float(m+t*se))
		c := float64(b.Critical)
		b.BandLow, b.BandHigh = append(b.BandLow, Float(m-c*se)), append(b.BandHigh, Float(m+c*se))
	}
	return b
}

func completePaths(paths [][]float64) (kept [][]float64, warnings []string) {
	for _, p := range paths {
		checkLengths("paths", len(paths[0]), len(p))
		if !slices.ContainsFunc(p, math.IsNaN) {
			kept = append(kept, p)
		}
	}
	if dropped := len(paths) - len(kept); dropped > 0 {
		warnings = []string{fmt.Sprintf("%d of %d replications have undefined times and are left out", dropped, len(paths))}
	}
	return kept, warnings
}

func column(paths [][]float64, at int) []float64 {
	out := make([]float64, len(paths))
	for i, p := range paths {
		out[i] = p[at]
	}
	return out
}

// supT returns the quantile of max |T_t| over time, T multivariate t with n-1 degrees of
// freedom and the correlation of the paths.
func supT(paths [][]float64, o BandOptions) float64 {
	scaled := standardised(paths)
	draws := o.Draws
	if draws == 0 {
		draws = 9999
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0xba4d))
	n := len(paths)
	g, largest := make([]float64, n), make([]float64, draws)
	for d := range largest {
		for i := range g {
			g[i] = rng.NormFloat64()
		}
		chi2 := 0.0
		for range n - 1 {
			z := rng.NormFloat64()
			chi2 += z * z
		}
		largest[d] = maxAbs(scaled, g) / math.Sqrt(chi2/float64(n-1))
	}
	slices.Sort(largest)
	return sortedQuantile(largest, o.Confidence, Type6)
}

// standardised returns, per time with variance, the deviations over their length: a vector
// of length 1, so that its product with independent normals is standard normal.
func standardised(paths [][]float64) [][]float64 {
	var out [][]float64
	for at := range paths[0] {
		x := column(paths, at)
		m, v := MeanVariance(x)
		if v == 0 {
			continue
		}
		length := math.Sqrt(v * float64(len(x)-1))
		for i := range x {
			x[i] = (x[i] - m) / length
		}
		out = append(out, x)
	}
	return out
}

func maxAbs(rows [][]float64, g []float64) float64 {
	best := 0.0
	for _, x := range rows {
		s := 0.0
		for i, v := range x {
			s += v * g[i]
		}
		best = max(best, math.Abs(s))
	}
	return best
}
