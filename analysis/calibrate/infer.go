package calibrate

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// flat is the information of a uniform distribution over a range of length 1: a direction about which
// the targets tell less than the ranges themselves is not identified.
const flat = 12

// conclude judges the end of the search: in the worlds of the fit, in which it was found, and in fresh
// ones, in which it was not.
func (f *fitter) conclude(ctx context.Context, set *Set, before, best *point, converged bool) (*Result, error) {
	f.Stage("standard errors")
	z := f.rounded(best.z)
	end, err := f.play(ctx, [][]float64{z}, 0, f.Lives)
	if err != nil {
		return nil, err
	}
	fresh, err := f.play(ctx, [][]float64{z}, f.Lives, f.Lives+f.Fresh)
	if err != nil {
		return nil, err
	}
	for _, p := range []*point{end[0], fresh[0]} {
		if p.err != nil {
			return nil, fmt.Errorf("at the fitted values: %w", p.err)
		}
	}
	jac, err := f.jacobian(ctx, end[0], 0, f.Lives+f.Fresh)
	if err != nil {
		return nil, err
	}
	v := f.infer(end[0], fresh[0], jac)
	return f.result(set, before, end[0], fresh[0], v, converged), nil
}

// rounded moves the place to where the parameters have six significant digits, as they are written.
func (f *fitter) rounded(z []float64) []float64 {
	out := make([]float64, len(z))
	for j := range z {
		p := &f.parameters[j]
		out[j] = min(max(p.share(min(max(round(p.at(z[j])), p.Low), p.High)), 0), 1)
	}
	return out
}

func round(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return x
}

// inference is what the targets say about the parameters. Matrices are by shares of the ranges.
type inference struct {
	data, noise [][]float64   // covariances by target: of the targets' values, and of the simulated values of one life
	free        []int         // parameters that are not at a bound
	covariance  *mat.SymDense // of the free parameters
	directions  []Direction   // not identified
	loose       []float64     // by free parameter: share of its variance that lies in these directions
	jac         *mat.Dense
	j           float64 // statistic of overidentification, NaN without degrees of freedom
	df          int
}

// dataCovariance is that of the targets' values: independent, but for shares of one sample, which are
// multinomial.
func (f *fitter) dataCovariance() [][]float64 {
	c := square(len(f.targets))
	for i := range f.targets {
		t := &f.targets[i]
		for k := range i {
			if u := &f.targets[k]; t.Sample != "" && t.Sample == u.Sample {
				c[i][k] = -*t.Value * *u.Value / t.N
				c[k][i] = c[i][k]
			}
		}
		c[i][i] = t.se() * t.se()
	}
	return c
}

// infer takes standard errors from the sandwich (Gourieroux and Monfort 1996, section 2.3)
//
//	(G'WG)^-1 G'W Omega WG (G'WG)^-1,   Omega = cov(targets) + cov(one life) / lives
//
// which with equally large samples of data and simulation and W = 1/Omega is (1 + 1/lives) times the
// variance of the method of moments. Parameters at a bound are held there.
func (f *fitter) infer(end, fresh *point, jac *jacobian) *inference {
	v := &inference{data: f.dataCovariance(), noise: f.covariance(fresh.sums), jac: jac.mean, j: math.NaN()}
	for j, z := range end.z {
		if z > 0 && z < 1 {
			v.free = append(v.free, j)
		}
	}
	omega, miss := f.omega(v), mat.NewVecDense(len(f.fitted), nil)
	for r, i := range f.fitted {
		miss.SetVec(r, end.values[i]-*f.targets[i].Value)
	}
	if len(v.free) == 0 {
		v.overidentification(omega, nil, miss)
		return v
	}
	g := mat.NewDense(len(f.fitted), len(v.free), nil)
	w := mat.NewDiagDense(len(f.fitted), nil)
	for r, i := range f.fitted {
		w.SetDiag(r, f.weights[i])
		for c, j := range v.free {
			g.Set(r, c, jac.mean.At(i, j))
		}
	}
	basis := v.sandwich(f, g, w, omega, jac.noise)
	v.overidentification(omega, basis, miss)
	return v
}

func (f *fitter) omega(v *inference) *mat.SymDense {
	omega := mat.NewSymDense(len(f.fitted), nil)
	for r, i := range f.fitted {
		for c := r; c < len(f.fitted); c++ {
			k := f.fitted[c]
			omega.SetSym(r, c, v.data[i][k]+v.noise[i][k]/float64(f.Lives))
		}
	}
	return omega
}

// sandwich fills the covariance and the directions that are not identified. In such a direction the
// variance is that of the uniform distribution over the range. It returns the derivatives along the
// identified directions.
//
// A direction counts as identified if its information exceeds what the range holds and twice what the
// noise of differences alone would show.
func (v *inference) sandwich(f *fitter, g *mat.Dense, w *mat.DiagDense, omega *mat.SymDense, noise []float64) *mat.Dense {
	k := len(v.free)
	var wg, a, b mat.Dense
	wg.Mul(w, g)
	a.Mul(g.T(), &wg)
	b.Product(wg.T(), omega, &wg)
	var eigen mat.EigenSym
	var vectors mat.Dense
	if eigen.Factorize(symmetric(&a), true) {
		eigen.VectorsTo(&vectors)
	}
	values := eigen.Values(nil)
	half := mat.NewDense(k, k, nil) // columns: identified directions over their information
	v.covariance, v.loose = mat.NewSymDense(k, nil), make([]float64, k)
	identified := 0
	basis := mat.NewDense(len(f.fitted), k, nil)
	for d := k - 1; d >= 0; d-- {
		floor := flat + 0.0
		for c, j := range v.free {
			floor += 2 * vectors.At(c, d) * vectors.At(c, d) * noise[j]
		}
		column := mat.Col(nil, d, &vectors)
		if values[d] > floor {
			var along mat.VecDense
			along.MulVec(g, mat.NewVecDense(k, column))
			basis.SetCol(identified, along.RawVector().Data)
			identified++
			for c := range column {
				half.Set(c, d, column[c]/values[d])
			}
			continue
		}
		v.directions = append(v.directions, v.direction(f, column, values[d]))
		for c := range column {
			v.loose[c] += column[c] * column[c]
			for e := c; e < k; e++ {
				v.covariance.SetSym(c, e, v.covariance.At(c, e)+column[c]*column[e]/flat)
			}
		}
	}
	v.sum(half, &vectors, &b)
	if identified == 0 {
		return nil
	}
	return mat.DenseCopyOf(basis.Slice(0, len(f.fitted), 0, identified))
}

// sum adds half V'BV half' to the covariance, V being the eigenvectors.
func (v *inference) sum(half, vectors, b *mat.Dense) {
	var inner, total mat.Dense
	inner.Product(vectors.T(), b, vectors)
	total.Product(half, &inner, half.T())
	k := len(v.free)
	for c := range k {
		for e := c; e < k; e++ {
			v.covariance.SetSym(c, e, v.covariance.At(c, e)+total.At(c, e))
		}
	}
}

func symmetric(a *mat.Dense) *mat.SymDense {
	n, _ := a.Dims()
	s := mat.NewSymDense(n, nil)
	for r := range n {
		for c := r; c < n; c++ {
			s.SetSym(r, c, (a.At(r, c)+a.At(c, r))/2)
		}
	}
	return s
}

// named is the least loading of a parameter that is named in a direction; the largest one always is.
const named = 0.2

func (v *inference) direction(f *fitter, column []float64, information float64) Direction {
	d, largest := Direction{SD: 1 / math.Sqrt(max(information, 0))}, 0.0
	for _, x := range column {
		largest = max(largest, math.Abs(x))
	}
	for c, j := range v.free {
		if math.Abs(column[c]) >= min(named, largest) { // of many parameters each may have a small share
			d.Parameters, d.Loadings = append(d.Parameters, f.parameters[j].Path), append(d.Loadings, column[c])
		}
	}
	if d.Loadings[0] < 0 {
		for c := range d.Loadings {
			d.Loadings[c] = -d.Loadings[c]
		}
	}
	return d
}

// overidentification is the part of the misses that no change of the parameters can take away, in
// units of its own variance: chi-squared with as many degrees of freedom as there are targets more
// than identified directions (Hansen 1982). It holds for any weights, since the misses are whitened
// and their part along the derivatives is projected out.
func (v *inference) overidentification(omega *mat.SymDense, basis *mat.Dense, miss *mat.VecDense) {
	n, _ := omega.Dims()
	identified := 0
	if basis != nil {
		_, identified = basis.Dims()
	}
	v.df = n - identified
	var chol mat.Cholesky
	if v.df <= 0 || !chol.Factorize(omega) {
		return
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	var white mat.VecDense
	if white.SolveVec(&lower, miss) != nil {
		return
	}
	v.j = mat.Dot(&white, &white)
	if basis == nil {
		return
	}
	var along, q mat.Dense
	if along.Solve(&lower, basis) != nil {
		v.j = math.NaN()
		return
	}
	var qr mat.QR
	qr.Factorize(&along)
	qr.QTo(&q)
	for c := range identified {
		x := mat.Dot(q.ColView(c), &white)
		v.j -= x * x
	}
	v.j = max(v.j, 0)
}

// p is the chance of a larger statistic if the model is right.
func (v *inference) p() float64 {
	if math.IsNaN(v.j) {
		return math.NaN()
	}
	return distuv.ChiSquared{K: float64(v.df)}.Survival(v.j)
}

// variance is that of the simulated value of a target that comes from the error of the parameters.
func (v *inference) variance(i int) float64 {
	sum := 0.0
	for c, j := range v.free {
		for e, l := range v.free {
			sum += v.jac.At(i, j) * v.covariance.At(c, e) * v.jac.At(i, l)
		}
	}
	return sum
}
