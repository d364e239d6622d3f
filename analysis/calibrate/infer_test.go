package calibrate

import (
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/sim/outcome"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// linear is a fitter whose simulated values are x theta + 1 without noise, with all standard errors se.
func linear(x *mat.Dense, y, se []float64, share map[int]string) *fitter {
	n, k := x.Dims()
	m := &model{parameters: make([]Parameter, k)}
	for j := range m.parameters {
		m.parameters[j] = Parameter{Path: string(rune('a' + j)), Low: 0, High: 1, Scale: "linear"}
	}
	f := &fitter{model: m, Options: Options{Lives: 2, Fresh: 5}, weights: make([]float64, n)}
	for i := range n {
		t := Target{Name: string(rune('A' + i)), Value: &y[i], SE: &se[i], Sample: share[i]}
		m.targets, m.quantities, m.arms = append(m.targets, t), append(m.quantities, quantity{value: quotient}), append(m.arms, [2]int{0, -1})
		f.fitted, f.weights[i] = append(f.fitted, i), 1/(se[i]*se[i])
	}
	return f
}

// exact is a point without noise between lives.
func exact(f *fitter, z, values []float64) *point {
	p := &point{z: z, values: values}
	for range f.Fresh {
		var life [][]float64
		for _, x := range values {
			life = append(life, []float64{x, 1})
		}
		p.sums = append(p.sums, life)
	}
	return p
}

// TestLinearModel: where simulated values are linear in the parameters and the weights are the inverse
// variances, the estimate is generalised least squares. The oracle is its textbook form (Aitken 1935):
// covariance (X'V^-1X)^-1, and the residual sum of squares is chi-squared with n - k degrees of freedom.
func TestLinearModel(t *testing.T) {
	x := mat.NewDense(5, 2, []float64{10, 3, -4, 8, 25, 1, 6, 6, 0, 30})
	se := []float64{0.5, 1, 0.7, 0.2, 1.5}
	y := []float64{4, 1, 11, 5, 12}
	f := linear(x, y, se, nil)

	var a mat.Dense
	w := mat.NewDiagDense(5, nil)
	for i := range se {
		w.SetDiag(i, 1/(se[i]*se[i]))
	}
	a.Product(x.T(), w, x)
	var covariance, right, theta, fitted mat.Dense
	if err := covariance.Inverse(&a); err != nil {
		t.Fatal(err)
	}
	right.Product(x.T(), w, mat.NewDense(5, 1, y))
	theta.Mul(&covariance, &right)
	fitted.Mul(x, &theta)
	residual := 0.0
	for i := range y {
		residual += math.Pow((y[i]-fitted.At(i, 0))/se[i], 2)
	}

	// One undamped step from anywhere must end at the estimate.
	from := exact(f, []float64{0.5, 0.5}, nil)
	var start mat.Dense
	start.Mul(x, mat.NewDense(2, 1, from.z))
	from.values = mat.Col(nil, 0, &start)
	to := f.candidates(from, x)[0]
	for j := range to {
		if !(math.Abs(to[j]-theta.At(j, 0)) <= 1e-6) {
			t.Fatalf("one step leads to %v, least squares to %v", to, mat.Col(nil, 0, &theta))
		}
	}

	end := exact(f, to, mat.Col(nil, 0, &fitted))
	v := f.infer(end, end, &jacobian{mean: x, noise: []float64{0, 0}})
	for j := range 2 {
		for l := range 2 {
			if got, want := v.covariance.At(j, l), covariance.At(j, l); !(math.Abs(got-want) <= 1e-12+1e-9*math.Abs(want)) {
				t.Errorf("covariance %d %d: got %g, want %g", j, l, got, want)
			}
		}
	}
	if v.df != 3 || !(math.Abs(v.j-residual) <= 1e-9*residual) {
		t.Errorf("J %g on %d, want %g on 3", v.j, v.df, residual)
	}
	// Other weights change the estimate but not what the parameters cannot take away: J stays.
	f.weights[0] *= 9
	if got := f.infer(end, end, &jacobian{mean: x, noise: []float64{0, 0}}); !(math.Abs(got.j-residual) <= 1e-9*residual) || got.covariance.At(0, 0) <= covariance.At(0, 0) {
		t.Errorf("with other weights: J %g, variance %g; want %g and more than %g", got.j, got.covariance.At(0, 0), residual, covariance.At(0, 0))
	}
}

// TestSimulationFactor: with as much noise in one simulated life as in the data, the variance is
// (1 + 1/lives) times that without simulation (Gourieroux and Monfort 1996, section 2.3.1).
func TestSimulationFactor(t *testing.T) {
	x := mat.NewDense(1, 1, []float64{20})
	f := linear(x, []float64{5}, []float64{1}, nil)
	f.Lives, f.Fresh = 4, 400
	p := exact(f, []float64{0.5}, []float64{10})
	r := rand.New(rand.NewPCG(1, 2))
	var noise []float64
	for k := range p.sums {
		noise = append(noise, r.NormFloat64())
		p.sums[k][0][0] += noise[k]
	}
	variance := stat.Variance(noise, nil)
	if got := f.covariance(p.sums)[0][0]; !(math.Abs(got-variance) <= 1e-9) {
		t.Errorf("the jackknife of a mean is the sample variance %g, got %g", variance, got)
	}
	v := f.infer(p, p, &jacobian{mean: x, noise: []float64{0}})
	if got, want := v.covariance.At(0, 0), (1+variance/4)/400; !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("variance %g, want %g", got, want)
	}
}

// TestMultinomial: shares of one sample have the covariance of a multinomial, -pq/n.
func TestMultinomial(t *testing.T) {
	f := linear(mat.NewDense(3, 1, []float64{1, 1, 1}), []float64{0.5, 0.25, 0.1}, []float64{1, 1, 1}, map[int]string{0: "s", 1: "s"})
	for i := range f.targets {
		f.targets[i].SE, f.targets[i].N = nil, 1000
	}
	c := f.dataCovariance()
	if c[0][1] != -0.5*0.25/1000 || c[1][0] != c[0][1] || c[0][2] != 0 || !(math.Abs(c[0][0]-0.25/1000) <= 1e-9) {
		t.Errorf("got %v", c)
	}
}

// TestCuredBy: the Kaplan-Meier estimate of a small case by hand: 10 episodes; day 0: 1 censored; day 1: 3
// of 9 cured; day 2: 1 cured of 6, 2 censored; then 3 at risk, 1 cured on day 4.
func TestCuredBy(t *testing.T) {
	o := &outcome.StrategyOutcome{Cures: []outcome.CureDay{{Censored: 1}, {Cured: 3}, {Cured: 1, Censored: 2}, {}, {Cured: 1, Censored: 2}}}
	for _, c := range []struct {
		day  int
		want float64
	}{{1, 1 - 6.0/9}, {2, 1 - 6.0/9*5/6}, {3, 1 - 6.0/9*5/6}, {4, 1 - 6.0/9*5/6*2/3}} {
		q := curedBy(c.day)
		if got := q.value(q.collect(o)); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("day %d: got %g, want %g", c.day, got, c.want)
		}
		twice := q.collect(o)
		for i, x := range q.collect(o) {
			twice[i] += x
		}
		if got := q.value(twice); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("day %d, two equal lives: got %g, want %g", c.day, got, c.want)
		}
	}
	q := curedBy(6)
	if got := q.value(q.collect(o)); !math.IsNaN(got) {
		t.Errorf("nobody was followed to day 6, got %g", got)
	}
}

// TestDirectionOfManyParameters: where each of many parameters has a share below the one from which parameters are named,
// the largest still are.
func TestDirectionOfManyParameters(t *testing.T) {
	const k = 30
	f, v := &fitter{model: &model{}}, &inference{}
	column := make([]float64, k)
	for j := range column {
		f.parameters = append(f.parameters, Parameter{Path: string(rune('A' + j))})
		v.free, column[j] = append(v.free, j), -1/math.Sqrt(k)
	}
	if d := v.direction(f, column, 4); len(d.Parameters) != k || d.Loadings[0] <= 0 || d.SD != 0.5 {
		t.Errorf("got %+v", d)
	}
}
