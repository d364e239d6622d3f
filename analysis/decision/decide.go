package decision

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// defaultPrices is the number of prices of the grid when none is given.
const defaultPrices = 41

// shareRounding is above the rounding of sums of shared samples, so that equal shares are not told apart.
const shareRounding = 1e-9

// Options sets the range of prices and how intervals are found. The zero value is valid.
type Options struct {
	WTP       []float64 // prices per unit of effect, at least 0; empty means [DefaultWTP] with 41 prices
	Bootstrap Bootstrap
}

// Result is a whole decision analysis. Slices are never nil but for Acceptability without samples, and
// doubts are sentences in Warnings, not errors.
type Result struct {
	ICERs         []Row             `json:"icers"`
	Ranges        []Range           `json:"ranges"`   // best strategy by price, exact
	Switches      []Switch          `json:"switches"` // their boundaries
	NetBenefit    []NetBenefitPoint `json:"net_benefit"`
	Acceptability []Point           `json:"acceptability,omitempty"`
	Warnings      []string          `json:"warnings"`
}

// FromMeans analyses mean costs and effects. Without samples there is no acceptability and no interval.
// Returns all faults of m and o at once.
func FromMeans(m Means, o Options) (Result, error) {
	if err := errors.Join(m.Validate(), o.validate()); err != nil {
		return Result{}, err
	}
	r := Result{Warnings: []string{}, Switches: []Switch{}}
	wtp := o.WTP
	if len(wtp) == 0 {
		wtp = DefaultWTP(m, defaultPrices)
	}
	var errs [2]error
	r.ICERs, errs[0] = ICERs(m)
	r.NetBenefit, errs[1] = NetBenefits(m, wtp)
	r.Ranges = ranges(m.Strategies, negated(m.Cost), m.Effect)
	r.Switches = append(r.Switches, Switches(r.Ranges)...)
	r.Warnings = append(r.Warnings, tableWarnings(r.ICERs)...)
	r.Warnings = append(r.Warnings, gridWarnings(wtp, r.Switches)...)
	return r, errors.Join(errs[:]...)
}

// FromSamples analyses aligned samples: [FromMeans] of their means, and the uncertainty of it.
// Returns all faults of s and o at once.
func FromSamples(s Samples, o Options) (Result, error) {
	if err := errors.Join(s.Validate(), o.validate()); err != nil {
		return Result{}, err
	}
	m := s.Means()
	if len(o.WTP) == 0 {
		o.WTP = DefaultWTP(m, defaultPrices)
	}
	r, err := FromMeans(m, o)
	if err != nil {
		return Result{}, err
	}
	var errs [2]error
	r.Acceptability, errs[0] = Acceptability(s, o.WTP)
	var switches []Switch
	switches, errs[1] = WTPSwitches(s, o.Bootstrap)
	r.Switches = append([]Switch{}, switches...)
	r.Warnings = append(r.Warnings, sampleWarnings(s.Len(), r.Acceptability, r.Switches)...)
	r.doubtEVPI(s)
	return r, errors.Join(errs[:]...)
}

func (o Options) validate() error {
	_, err := o.Bootstrap.withDefaults()
	if len(o.WTP) > 0 {
		err = errors.Join(checkPrices("wtp", o.WTP), err)
	}
	return err
}

func tableWarnings(rows []Row) []string {
	var out []string
	if len(rows) == 1 {
		return []string{fmt.Sprintf("%s is the only strategy: there is nothing to compare it with", rows[0].Strategy)}
	}
	for _, r := range rows {
		i := slices.IndexFunc(rows, func(f Row) bool { return f.Strategy == r.By })
		if i >= 0 && rows[i].Cost == r.Cost && rows[i].Effect == r.Effect {
			out = append(out, fmt.Sprintf("%s and %s have the same cost and effect: the second is shown as dominated", r.By, r.Strategy))
		}
	}
	if !slices.ContainsFunc(rows, func(r Row) bool { return r.Effect != rows[0].Effect }) {
		out = append(out, "all strategies have the same effect: the cheapest one is best at every price")
	}
	return out
}

func gridWarnings(wtp []float64, switches []Switch) []string {
	var out []string
	low, high := slices.Min(wtp), slices.Max(wtp)
	for _, s := range switches {
		if s.Price < low || s.Price > high {
			out = append(out, fmt.Sprintf("the prices from %.6g to %.6g leave out %.6g, where the best strategy changes from %s to %s",
				low, high, s.Price, s.From, s.To))
		}
	}
	return out
}

func sampleWarnings(n int, points []Point, switches []Switch) []string {
	var out []string
	// Two standard errors of a probability are at most 1/sqrt(n); 0.2 is too much to act on (assumption).
	switch slack := 1 / math.Sqrt(float64(n)); {
	case n == 1:
		out = append(out, "a single sample: nothing tells how sure the result is")
	case slack > 0.2:
		out = append(out, fmt.Sprintf("%d samples are few: probabilities are uncertain by up to %.2f, and intervals of prices may be too narrow", n, slack))
	}
	out = append(out, unlikelyBest(points)...)
	if w := outvotedBest(points); w != "" {
		out = append(out, w)
	}
	for _, s := range switches {
		// 0.95: what is usually asked of a finding (assumption).
		if s.Support < 0.95 {
			out = append(out, fmt.Sprintf("the change from %s to %s at the price %.6g occurs in %.0f %% of resamples only", s.From, s.To, s.Price, 100*float64(s.Support)))
		}
	}
	return out
}

// unlikelyBest names each strategy that is best in expectation while it has the highest net benefit in
// fewer than half of the samples, with the prices concerned.
func unlikelyBest(points []Point) []string {
	var names []string
	found := map[string][]Point{}
	for _, p := range points {
		if p.ProbBest >= 0.5-shareRounding {
			continue
		}
		if found[p.Best] == nil {
			names = append(names, p.Best)
		}
		found[p.Best] = append(found[p.Best], p)
	}
	var out []string
	for _, name := range names {
		low, high, prob := math.Inf(1), 0.0, 1.0
		for _, p := range found[name] {
			low, high, prob = min(low, p.WTP), max(high, p.WTP), min(prob, p.ProbBest)
		}
		out = append(out, fmt.Sprintf("%s is best in expectation but in fewer than half of the samples (down to %.2f) at %d of %d prices, from %.6g to %.6g",
			name, prob, len(found[name]), len(points), low, high))
	}
	return out
}

// outvotedBest counts the prices at which another strategy is best in more samples.
func outvotedBest(points []Point) string {
	count := 0
	for _, p := range points {
		for _, prob := range p.Prob {
			if prob > p.ProbBest+shareRounding {
				count++
				break
			}
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("at %d of %d prices another strategy is best in more samples than the one that is best in expectation: rare large differences decide",
		count, len(points))
}

// How the warnings of EVPI begin, which are made anew where EVPI is.
const (
	loose  = "the value of perfect information is loose"
	tooLow = "the value of perfect information may be too low"
)

// doubtEVPI warns of EVPI as it stands now.
func (r *Result) doubtEVPI(s Samples) {
	r.Warnings = slices.DeleteFunc(r.Warnings, func(w string) bool {
		return strings.HasPrefix(w, loose) || strings.HasPrefix(w, tooLow)
	})
	for _, w := range []string{looseEVPI(r.Acceptability), tiedEVPI(s, r.Acceptability)} {
		if w != "" {
			r.Warnings = append(r.Warnings, w)
		}
	}
}

// tiedEVPI reports where EVPI may be too low by more than a tenth (assumption), because two strategies cannot be told apart:
// what is known is compared with the best on the same samples, and the higher of two tied means is too high by se/sqrt(2 pi) on
// average, se being the standard error of their difference.
func tiedEVPI(s Samples, points []Point) string {
	if s.Len() < 2 {
		return ""
	}
	count, most, worst, rival := 0, 0.0, Point{}, ""
	for _, p := range points {
		nmb := s.NetBenefit(p.WTP)
		low, name := 0.0, ""
		for k, gain := range gainsOver(nmb, slices.Index(s.Strategies, p.Best)) {
			if se := standardError(gain); mean(gain) > -2*se && se > low {
				low, name = se, others(s.Strategies, p.Best)[k]
			}
		}
		low /= math.Sqrt(2 * math.Pi)
		if low > 0.1*p.EVPI {
			count++
			if low > most {
				most, worst, rival = low, p, name
			}
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf(tooLow+" at %d of %d prices (at %.6g by %.2g on average if %s and %s are tied, which these samples cannot tell)",
		count, len(points), worst.WTP, most, worst.Best, rival)
}

func others(names []string, but string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == but })
}

// looseEVPI reports an EVPI whose standard error is above a tenth of it (assumption).
func looseEVPI(points []Point) string {
	count, worst, ratio := 0, Point{}, 0.1
	for _, p := range points {
		if r := float64(p.EVPISE) / p.EVPI; p.EVPI > 0 && r > 0.1 {
			count++
			if r > ratio {
				worst, ratio = p, r
			}
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf(loose+" at %d of %d prices (worst at %.6g: %.4g with standard error %.4g)",
		count, len(points), worst.WTP, worst.EVPI, worst.EVPISE)
}
