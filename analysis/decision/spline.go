package decision

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	maxKnots   = 30   // the penalty decides the smoothness; more knots only cost time
	errorDraws = 200  // draws of the regression coefficients, for a standard error within 5 %
	errorRows  = 1000 // rows on which the draws are evaluated
)

// smoother is a penalised regression basis in the coordinates in which both the data and the penalty
// are diagonal (Demmler and Reinsch 1975): column j of q is orthonormal and shrinks by 1/(1+lambda*rough[j]).
type smoother struct {
	q     *mat.Dense // [sample][column]
	rough []float64  // 0 for a constant and a straight line
}

// splineFit is one regression: coefficients in the coordinates of the smoother.
type splineFit struct {
	coef    []float64
	shrink  []float64 // 1/(1+lambda*rough)
	freedom float64   // effective degrees of freedom, sum of shrink
}

// splineValue regresses every gain on the scores of x and takes the mean of the highest fitted gain; ok is
// false if x has no three values far enough apart for a curve.
func splineValue(x []float64, gains [][]float64, rng *rand.Rand) (v PartialValue, ok bool) {
	x = normalScores(x)
	knots := splineKnots(x)
	if len(knots) < 3 {
		return PartialValue{}, false
	}
	s := newSmoother(x, knots)
	fits := make([]splineFit, len(gains))
	fitted := make([][]float64, len(gains))
	residuals := make([][]float64, len(gains))
	for k, gain := range gains {
		fits[k] = s.fit(gain)
		fitted[k] = s.evaluate(fits[k].coef)
		residuals[k] = make([]float64, len(gain))
		for i, v := range gain {
			residuals[k][i] = v - fitted[k][i]
		}
	}
	d := s.simulate(fits, residuals, rng)
	se := math.Hypot(d.se, standardError(tops(fitted)))
	v = PartialValue{EVPPI: excessOverBest(fitted), SE: Number(se), Bias: d.bias}
	v.cover(tops(fitted), fitted, d.rise)
	return v, true
}

// excessOverBest is the mean of the highest gain less the highest mean gain, 0 being the gain of the best.
func excessOverBest(fitted [][]float64) float64 {
	return math.Max(0, slices.Min(lossesTo(meanTop(fitted), fitted)))
}

// normalScores replaces each value by the normal quantile of its rank, (rank - 1/2)/n, ties by that of
// their mean rank. Knowing the score is knowing the value, so the conditional means are the same, and no
// distribution of x, however skewed, can spoil the numerics or leave knots without data.
func normalScores(x []float64) []float64 {
	sorted := slices.Sorted(slices.Values(x))
	out := make([]float64, len(x))
	for i, v := range x {
		first, _ := slices.BinarySearch(sorted, v)
		after, _ := slices.BinarySearchFunc(sorted, v, func(a, b float64) int {
			if a <= b {
				return -1
			}
			return 1
		})
		out[i] = distuv.UnitNormal.Quantile(float64(first+after) / float64(2*len(x)))
	}
	return out
}

// splineKnots are values of x from the lowest to the highest, no two closer than a step of range/maxKnots:
// each knot has data, and even distances keep the basis well conditioned.
func splineKnots(x []float64) []float64 {
	sorted := slices.Sorted(slices.Values(x))
	last := sorted[len(sorted)-1]
	step := (last - sorted[0]) / float64(min(maxKnots, max(4, len(x)/10)))
	knots := sorted[:1:1]
	for _, v := range sorted {
		if v-knots[len(knots)-1] >= step && last-v >= step {
			knots = append(knots, v)
		}
	}
	return append(knots, last)
}

func newSmoother(x, knots []float64) *smoother {
	design, penalty := cubicBasis(x, knots)
	k := len(knots)
	var gram mat.SymDense
	gram.SymOuterK(1, design.T())
	var chol mat.Cholesky
	if !chol.Factorize(&gram) {
		panic("decision: spline basis without full rank") // each knot is a data value, its row a unit vector
	}
	var upper mat.TriDense
	chol.UTo(&upper)
	var inverse mat.TriDense
	if err := inverse.InverseTri(&upper); err != nil {
		panic("decision: spline basis: " + err.Error())
	}
	var scaled mat.Dense
	scaled.Product(inverse.T(), penalty, &inverse)
	sym := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			sym.SetSym(i, j, (scaled.At(i, j)+scaled.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		panic("decision: spline penalty has no eigenvalues")
	}
	s := &smoother{rough: eigen.Values(nil), q: new(mat.Dense)}
	for j, v := range s.rough {
		s.rough[j] = math.Max(0, v)
	}
	s.rough[0], s.rough[1] = 0, 0 // ascending: constant and straight line, 0 up to rounding
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	s.q.Product(design, &inverse, &vectors)
	return s
}

// cubicBasis is the natural cubic spline with the values at the knots as coefficients, and the matrix of
// its penalty, the integral of the squared second derivative. Symbols as in the source.
// Source: Wood 2017, Generalized Additive Models (2nd ed.), section 5.3.1 and table 5.1.
func cubicBasis(x, knots []float64) (design, penalty *mat.Dense) {
	k := len(knots)
	scale := knots[k-1] - knots[0]
	h := make([]float64, k-1)
	for j := range h {
		h[j] = (knots[j+1] - knots[j]) / scale
	}
	d, b := mat.NewDense(k-2, k, nil), mat.NewDense(k-2, k-2, nil)
	for i := range k - 2 {
		d.Set(i, i, 1/h[i])
		d.Set(i, i+1, -1/h[i]-1/h[i+1])
		d.Set(i, i+2, 1/h[i+1])
		b.Set(i, i, (h[i]+h[i+1])/3)
		if i+1 < k-2 {
			b.Set(i, i+1, h[i+1]/6)
			b.Set(i+1, i, h[i+1]/6)
		}
	}
	var inner mat.Dense // second derivatives at the inner knots per coefficient
	if err := inner.Solve(b, d); err != nil {
		panic("decision: spline knots: " + err.Error()) // b is diagonally dominant
	}
	penalty = new(mat.Dense)
	penalty.Mul(d.T(), &inner)
	f := mat.NewDense(k, k, nil) // zero at both ends: natural
	f.Slice(1, k-1, 0, k).(*mat.Dense).Copy(&inner)
	design = mat.NewDense(len(x), k, nil)
	for i, v := range x {
		basisRow(design.RawRowView(i), v, knots, h, scale, f)
	}
	return design, penalty
}

func basisRow(row []float64, v float64, knots, h []float64, scale float64, f *mat.Dense) {
	j, _ := slices.BinarySearch(knots, v)
	j = min(max(j-1, 0), len(h)-1)
	left, right := (v-knots[j])/scale, (knots[j+1]-v)/scale
	cMinus := (right*right*right/h[j] - h[j]*right) / 6
	cPlus := (left*left*left/h[j] - h[j]*left) / 6
	fLow, fHigh := f.RawRowView(j), f.RawRowView(j+1)
	for c := range row {
		row[c] = cMinus*fLow[c] + cPlus*fHigh[c]
	}
	row[j] += right / h[j]
	row[j+1] += left / h[j]
}

// fit chooses the penalty by generalised cross-validation, n*RSS/(n-freedom)^2, over a fixed grid from
// no smoothing to a straight line (Craven and Wahba 1979).
func (s *smoother) fit(y []float64) splineFit {
	n := float64(len(y))
	raw := make([]float64, len(s.rough))
	total := 0.0
	for i, v := range y {
		total += v * v
		for j, q := range s.q.RawRowView(i) {
			raw[j] += q * v
		}
	}
	outside := total // the part of y outside of the basis
	for _, c := range raw {
		outside -= c * c
	}
	outside = math.Max(0, outside)
	best, lowest := splineFit{}, math.Inf(1)
	for exponent := -12.0; exponent <= 6; exponent += 0.25 {
		f, rss := s.shrunk(raw, math.Pow(10, exponent)/s.rough[2]), outside
		for j, c := range raw {
			r := c - f.coef[j]
			rss += r * r
		}
		if score := n * rss / ((n - f.freedom) * (n - f.freedom)); score < lowest {
			best, lowest = f, score
		}
	}
	return best
}

func (s *smoother) shrunk(raw []float64, lambda float64) splineFit {
	f := splineFit{coef: make([]float64, len(raw)), shrink: make([]float64, len(raw))}
	for j, c := range raw {
		f.shrink[j] = 1 / (1 + lambda*s.rough[j])
		f.coef[j] = c * f.shrink[j]
		f.freedom += f.shrink[j]
	}
	return f
}

func (s *smoother) evaluate(coef []float64) []float64 {
	rows, _ := s.q.Dims()
	return s.evaluateEvery(coef, 1, rows)
}

// evaluateEvery evaluates the rows 0, step, 2*step, ...; count of them.
func (s *smoother) evaluateEvery(coef []float64, step, count int) []float64 {
	out := make([]float64, count)
	for i := range out {
		for j, q := range s.q.RawRowView(i * step) {
			out[i] += q * coef[j]
		}
	}
	return out
}

// drawnError is what the draws of simulate tell of the value's error.
type drawnError struct {
	se   float64   // standard deviation of the value over draws
	bias float64   // mean excess over the value of the fit: of taking a maximum of estimates
	rise []float64 // by choice, as lossesTo: the 97.5 % quantile of its loss less that of the fit
}

// simulate draws the coefficients from their joint distribution given the data. Residuals of different strategies are
// correlated, so the draws are too.
// Source: Strong, Oakley and Brennan 2014, appendix.
func (s *smoother) simulate(fits []splineFit, residuals [][]float64, rng *rand.Rand) drawnError {
	rows, columns := s.q.Dims()
	count := min(rows, errorRows)
	step := rows / count
	root := residualRoot(fits, residuals)
	k := len(fits)
	at := func(coefs [][]float64) []float64 {
		fitted := make([][]float64, k)
		for d := range fitted {
			fitted[d] = s.evaluateEvery(coefs[d], step, count)
		}
		return lossesTo(meanTop(fitted), fitted)
	}
	centre, drawn := make([][]float64, k), make([][]float64, k)
	for d, f := range fits {
		centre[d], drawn[d] = f.coef, make([]float64, columns)
	}
	losses := make([][]float64, k+1) // [choice][draw]
	values := make([]float64, errorDraws)
	z := make([]float64, k)
	for draw := range values {
		for j := range columns {
			for d := range z {
				z[d] = rng.NormFloat64()
			}
			for d, f := range fits {
				drawn[d][j] = f.coef[j] + dot(root.RawRowView(d), z)*math.Sqrt(f.shrink[j])
			}
		}
		loss := at(drawn)
		values[draw] = math.Max(0, slices.Min(loss))
		for c := range losses {
			losses[c] = append(losses[c], loss[c])
		}
	}
	fit := at(centre)
	e := drawnError{se: standardError(values) * math.Sqrt(errorDraws), rise: make([]float64, k+1)}
	e.bias = math.Max(0, mean(values)-math.Max(0, slices.Min(fit)))
	for c, loss := range losses {
		slices.Sort(loss)
		e.rise[c] = math.Max(0, loss[errorDraws*39/40]-fit[c])
	}
	return e
}

// residualRoot is a symmetric square root of the covariance of the residuals. Eigenvalues and not
// Cholesky: strategies that differ by a constant make it singular.
func residualRoot(fits []splineFit, residuals [][]float64) *mat.Dense {
	k, n := len(fits), float64(len(residuals[0]))
	cov := mat.NewSymDense(k, nil)
	for a := range k {
		for b := a; b < k; b++ {
			freedom := n - math.Max(fits[a].freedom, fits[b].freedom)
			cov.SetSym(a, b, dot(residuals[a], residuals[b])/freedom)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		panic("decision: residual covariance has no eigenvalues")
	}
	var vectors, root mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	for j, v := range values {
		values[j] = math.Sqrt(math.Max(0, v))
	}
	root.Product(&vectors, mat.NewDiagDense(k, values), vectors.T())
	return &root
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
