package calibrate

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Steps of differences, as shares of the range. A step is one conditional standard error of the
// parameter, the least distance at which the targets tell two values apart: below it the difference of
// two simulations is mostly accounts that jump, far above it curvature.
const (
	leastStep = 0.02
	firstStep = 0.08
	mostStep  = 0.12
)

// longest is the longest step of a descent in one parameter, as a share of the range.
const longest = 0.35

// damping lists the factors of Levenberg and Marquardt that are tried at once.
var damping = []float64{0, 0.01, 0.1, 1, 10}

// jacobian holds derivatives of all simulated values by the parameters' shares of their range.
type jacobian struct {
	mean  *mat.Dense // targets x parameters
	noise []float64  // by parameter: sum over fitted targets of weight times variance of the derivative
}

// jacobian takes central differences in the same worlds on both sides; one-sided ones at a bound or
// where a side breaks a rule. A parameter that cannot be moved gets zeros.
func (f *fitter) jacobian(ctx context.Context, p *point, from, to int) (*jacobian, error) {
	var places [][]float64
	for j := range f.parameters {
		for _, sign := range [2]float64{-1, 1} {
			z := slices.Clone(p.z)
			z[j] = min(max(z[j]+sign*f.steps[j], 0), 1)
			places = append(places, z)
		}
	}
	places = append(places, p.z)
	points, err := f.play(ctx, places, from, to)
	if err != nil {
		return nil, err
	}
	here := points[len(points)-1]
	out := &jacobian{mean: mat.NewDense(len(f.targets), len(f.parameters), nil), noise: make([]float64, len(f.parameters))}
	for j := range f.parameters {
		low, high := points[2*j], points[2*j+1]
		if low.err != nil {
			low = here
		}
		if high.err != nil {
			high = here
		}
		width := high.z[j] - low.z[j]
		if !(width > 0) {
			continue
		}
		for i := range f.targets {
			out.mean.Set(i, j, (high.values[i]-low.values[i])/width)
		}
		out.noise[j] = f.spread(low, high, width)
	}
	return out, nil
}

// spread is the noise of one column of differences, by the jackknife over worlds.
func (f *fitter) spread(low, high *point, width float64) float64 {
	n := len(low.sums)
	if n < 2 {
		return 0
	}
	sum := 0.0
	squares, means := make([]float64, len(f.targets)), make([]float64, len(f.targets))
	for r := range n {
		a, b := f.values(slices.Concat(low.sums[:r], low.sums[r+1:])), f.values(slices.Concat(high.sums[:r], high.sums[r+1:]))
		for _, i := range f.fitted {
			d := b[i] - a[i]
			if math.IsNaN(d) || math.IsInf(d, 0) {
				d = high.values[i] - low.values[i]
			}
			squares[i] += d * d
			means[i] += d / float64(n)
		}
	}
	for _, i := range f.fitted {
		variance := float64(n-1) / float64(n) * (squares[i] - float64(n)*means[i]*means[i])
		sum += f.weights[i] * max(variance, 0) / (width * width)
	}
	return sum
}

// normal returns the matrix and the right side of the normal equations of a step from p.
func (f *fitter) normal(p *point, jac *mat.Dense) (a *mat.SymDense, b *mat.VecDense) {
	k := len(f.parameters)
	a, b = mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for _, i := range f.fitted {
		g := *f.targets[i].Value - p.values[i]
		for j := range k {
			b.SetVec(j, b.AtVec(j)+f.weights[i]*jac.At(i, j)*g)
			for l := j; l < k; l++ {
				a.SetSym(j, l, a.At(j, l)+f.weights[i]*jac.At(i, j)*jac.At(i, l))
			}
		}
	}
	return a, b
}

// candidates are the ends of steps of several dampings.
func (f *fitter) candidates(p *point, jac *mat.Dense) [][]float64 {
	a, b := f.normal(p, jac)
	var places [][]float64
	for _, factor := range damping {
		free := make([]bool, len(p.z))
		for j := range free {
			free[j] = !(p.z[j] <= 0 && b.AtVec(j) < 0) && !(p.z[j] >= 1 && b.AtVec(j) > 0) && a.At(j, j) > 0
		}
		step, ok := solve(a, b, free, factor)
		if !ok {
			continue
		}
		scale := 1.0
		for _, x := range step {
			scale = min(scale, longest/math.Max(math.Abs(x), longest))
		}
		z := slices.Clone(p.z)
		for j := range z {
			z[j] = min(max(z[j]+scale*step[j], 0), 1)
		}
		places = append(places, z)
	}
	if places == nil {
		places = append(places, p.z)
	}
	return places
}

// solve solves (A + factor diag A) x = b over the free parameters; the others stay at 0.
func solve(a *mat.SymDense, b *mat.VecDense, free []bool, factor float64) ([]float64, bool) {
	var at []int
	for j, is := range free {
		if is {
			at = append(at, j)
		}
	}
	x := make([]float64, len(free))
	if len(at) == 0 {
		return x, false
	}
	part, right := mat.NewSymDense(len(at), nil), mat.NewVecDense(len(at), nil)
	for r, j := range at {
		right.SetVec(r, b.AtVec(j))
		for c := r; c < len(at); c++ {
			part.SetSym(r, c, a.At(j, at[c]))
		}
		part.SetSym(r, r, a.At(j, j)*(1+factor)+1e-9)
	}
	var chol mat.Cholesky
	var solution mat.VecDense
	if !chol.Factorize(part) || chol.SolveVecTo(&solution, right) != nil {
		return x, false
	}
	for r, j := range at {
		x[j] = solution.AtVec(r)
	}
	return x, true
}

// adapt sets the steps of differences to one conditional standard error each.
func (f *fitter) adapt(jac *mat.Dense) {
	for j := range f.steps {
		information := 0.0
		for _, i := range f.fitted {
			information += f.weights[i] * jac.At(i, j) * jac.At(i, j)
		}
		f.steps[j] = mostStep
		if information > 0 {
			f.steps[j] = min(max(1/math.Sqrt(information), leastStep), mostStep)
		}
	}
}
