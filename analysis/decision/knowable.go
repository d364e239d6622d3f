package decision

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// rowsPerTerm is how many samples a term of the regression takes at least (assumption: the rule of thumb of
// ten, a little stretched), and spareRows how many must be left to measure the luck by.
const (
	rowsPerTerm = 8
	spareRows   = 20
	folds       = 10 // of the jackknife of standard errors
)

// Knowable tells what drawn parameters explain of net benefits from the luck of a simulation, which nobody can
// know before the decision: with luck in them, the samples of a run overstate the value of perfect information.
//
// The net benefit gains are regressed on all parameters (on the normal scores of those with heavy tails): linear
// terms, squares and products as far as the samples carry them (see Terms). The fitted gains keep their mean and
// shape, and are shrunk until their variance is the explained one, with the usual adjustment for the number
// of terms. Interactions beyond the terms count as luck, so that the value is then too low.
// Sources: Strong, Oakley and Brennan 2014, Medical Decision Making 34(3), for the regression;
// Jalal and Alarid-Escudero 2018, Medical Decision Making 38(2), for the shrinkage; Theil 1961 for the
// adjusted explained variance.
type Knowable struct {
	Terms string // "linear", "linear and squares" or "linear, squares and products"

	rows  []int       // of the samples; nil: all
	basis [][]float64 // orthonormal columns, orthogonal to the constant: [term][row]
	parts []*Knowable // with a tenth of the rows left out each
}

// NewKnowable prepares the regression on the drawn parameters; constant ones are left out. The error says
// how many samples are missing, or that there is no parameter.
func NewKnowable(p Parameters) (*Knowable, error) {
	if len(p.Values) == 0 {
		return nil, errors.New("no parameter is drawn")
	}
	n := len(p.Values[0])
	scores := make([][]float64, 0, len(p.Values))
	for i, values := range p.Values {
		if err := checkRow("parameters["+p.Names[i]+"]", "samples, as the first parameter", values, n); err != nil {
			return nil, err
		}
		scores = append(scores, scored(values))
	}
	terms, what := terms(scores, n)
	if need := rowsNeeded(len(scores)); n < need {
		return nil, fmt.Errorf("%d samples of %d parameters: at least %d are needed", n, len(scores), need)
	}
	k := newKnowable(terms, nil)
	k.Terms = what
	for fold := range folds {
		var rows []int
		for i := range n {
			if i%folds != fold {
				rows = append(rows, i)
			}
		}
		k.parts = append(k.parts, newKnowable(terms, rows))
	}
	return k, nil
}

// rowsNeeded leaves spareRows beside the linear terms of p parameters, and one more row than terms and mean in each part of
// the jackknife, which lacks a tenth of the rows, rounded up.
func rowsNeeded(p int) int {
	parts := (folds*(p+2) + folds - 2) / (folds - 1)
	return max(p+1+spareRows, parts)
}

// heavyTails is the kurtosis from which on a few values would decide a regression (assumption; 1.8 of a uniform
// sample, 3 of a normal one).
const heavyTails = 4

// scored is a parameter as the regression takes it: standardised or, of heavy tails, its normal scores.
func scored(x []float64) []float64 {
	y := centred(pick(x, nil))
	var second, fourth float64
	for _, v := range y {
		second += v * v / float64(len(y))
		fourth += v * v * v * v / float64(len(y))
	}
	if second == 0 || fourth > heavyTails*second*second {
		return normalScores(x)
	}
	for i := range y {
		y[i] /= math.Sqrt(second)
	}
	return y
}

// terms are the columns of the largest design that n rows carry.
func terms(scores [][]float64, n int) (columns [][]float64, what string) {
	p := len(scores)
	columns, what = append(columns, scores...), "linear"
	product := func(i, j int) {
		x := make([]float64, n)
		for r := range x {
			x[r] = scores[i][r] * scores[j][r]
		}
		columns = append(columns, x)
	}
	if n >= rowsPerTerm*2*p {
		what = "linear and squares"
		for i := range p {
			product(i, i)
		}
	}
	if p > 1 && n >= rowsPerTerm*p*(p+3)/2 {
		what = "linear, squares and products"
		for i := range p {
			for j := range i {
				product(i, j)
			}
		}
	}
	return columns, what
}

// newKnowable orthogonalises the columns on the given rows (modified Gram-Schmidt, twice); what
// depends on earlier columns, or is constant, is left out.
func newKnowable(columns [][]float64, rows []int) *Knowable {
	k := &Knowable{rows: rows}
	for _, c := range columns {
		x := centred(pick(c, rows))
		size := math.Sqrt(dot(x, x))
		for range 2 {
			for _, q := range k.basis {
				along := dot(q, x)
				for i := range x {
					x[i] -= along * q[i]
				}
			}
		}
		if left := math.Sqrt(dot(x, x)); left > 1e-8*size {
			for i := range x {
				x[i] /= left
			}
			k.basis = append(k.basis, x)
		}
	}
	return k
}

func pick(x []float64, rows []int) []float64 {
	if rows == nil {
		return append([]float64(nil), x...)
	}
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = x[r]
	}
	return out
}

func centred(x []float64) []float64 {
	m := mean(x)
	for i := range x {
		x[i] -= m
	}
	return x
}

// EVPI is the expected value of perfect information about all drawn parameters, luck left out, with its
// standard error (jackknife over tenths of the samples), for nmb[strategy][sample] aligned with the parameters.
// Never above that of the samples, which counts luck as knowable. Panics if the lengths differ.
func (k *Knowable) EVPI(nmb [][]float64) (evpi float64, se Number) {
	evpi = k.value(nmb)
	var sum, squares float64
	for _, part := range k.parts {
		v := part.value(nmb)
		sum += v
		squares += v * v
	}
	n := float64(len(k.parts))
	return evpi, Number(math.Sqrt(max(0, (n-1)/n*(squares-sum*sum/n))))
}

// Prob is how often each strategy would be best if only the drawn parameters differed between the samples, luck left
// out: the share of samples in which its fitted net benefit is the highest; ties share. It sums to 1. With few samples it
// is drawn to the middle by what is left of the luck in the regression. Panics if the lengths differ.
func (k *Knowable) Prob(nmb [][]float64) []float64 {
	best := bestRow(nmb)
	fitted := gainsOver(nmb, best)
	for _, gain := range fitted {
		k.explain(gain)
	}
	fitted = slices.Insert(fitted, best, make([]float64, len(nmb[0])))
	prob, sample := make([]float64, len(nmb)), make([]float64, len(nmb))
	for i := range nmb[0] {
		for s, row := range fitted {
			sample[s] = row[i]
		}
		shareWin(prob, sample, slices.Max(sample))
	}
	for s := range prob {
		prob[s] /= float64(len(nmb[0]))
	}
	return prob
}

// LeaveOutLuck corrects EVPI and expected losses of a result, and adds the chances of being best without luck, for
// samples that are replications of a simulation, each with its own luck: perfect information then is that about the drawn
// parameters. A nil k stands for no drawn parameter: nothing can be known, and EVPI is 0.
func (r *Result) LeaveOutLuck(s Samples, k *Knowable) {
	for i := range r.Acceptability {
		p := &r.Acceptability[i]
		raw := p.EVPI
		p.EVPIWithLuck, p.EVPI, p.EVPISE = &raw, 0, 0
		if k != nil {
			nmb := s.NetBenefit(p.WTP)
			p.EVPI, p.EVPISE = k.EVPI(nmb)
			p.ProbWithoutLuck = map[string]float64{}
			for j, prob := range k.Prob(nmb) {
				p.ProbWithoutLuck[s.Strategies[j]] = prob
			}
		}
		for name := range p.Loss {
			p.Loss[name] -= raw - p.EVPI
		}
	}
	r.doubtEVPI(s)
}

func (k *Knowable) value(nmb [][]float64) float64 {
	rows := make([][]float64, len(nmb))
	for s := range nmb {
		rows[s] = pick(nmb[s], k.rows)
	}
	best := bestRow(rows)
	if len(rows) < 2 {
		return 0
	}
	fitted := gainsOver(rows, best)
	for _, gain := range fitted {
		k.explain(gain)
	}
	return min(excessOverBest(fitted), mean(OpportunityLoss(rows, best)))
}

// explain replaces a gain by the part of it that the parameters explain, about the same mean.
func (k *Knowable) explain(gain []float64) {
	m := mean(gain)
	y := centred(gain)
	fit := make([]float64, len(y))
	explained := 0.0
	for _, q := range k.basis {
		along := dot(q, y)
		explained += along * along
		for i, v := range q {
			fit[i] += along * v
		}
	}
	terms := float64(len(k.basis))
	luck := max(0, dot(y, y)-explained) / (float64(len(y)) - 1 - terms)
	share := 0.0
	if explained > 0 {
		share = max(0, 1-terms*luck/explained)
	}
	for i := range gain {
		gain[i] = m + math.Sqrt(share)*fit[i]
	}
}
