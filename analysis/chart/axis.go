package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// Unit says how numbers are printed.
type Unit int

const (
	Number  Unit = iota // thousands separated, from ten million on in M, bn or tn
	Percent             // a fraction, printed times 100 with %
	Days                // days; ticks at whole days, multiples of weeks or months where there are many
	Points              // a difference of fractions, printed times 100 with pp for percentage points
	Count               // whole numbers, printed as Number; ticks at whole numbers
)

// axis is one axis of a panel: what it is called, its range and its unit.
type axis struct {
	title    string
	unit     Unit
	min, max float64
}

// spanner collects the range of finite values.
type spanner struct{ lo, hi float64 }

func newSpanner() *spanner { return &spanner{math.Inf(1), math.Inf(-1)} }

func (s *spanner) add(vs ...float64) {
	for _, v := range vs {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			s.lo, s.hi = min(s.lo, v), max(s.hi, v)
		}
	}
}

// padded is the range with room around it, and never empty. A side that lies on 0 stays on 0.
func (s *spanner) padded(share float64) (lo, hi float64) {
	lo, hi = s.lo, s.hi
	if lo > hi {
		return 0, 1
	}
	pad := (hi - lo) * share
	if hi-lo <= math.Abs(hi)*1e-9 {
		pad = math.Abs(hi) * 0.1
		if pad == 0 {
			return 0, 1
		}
	}
	if lo != 0 {
		lo -= pad
	}
	if hi != 0 {
		hi += pad
	}
	return lo, hi
}

// axisOf makes an axis over the values of s, padded by 6%. zero makes the axis include 0. A share never goes over 100% or
// below 0% for room alone.
func axisOf(title string, u Unit, s *spanner, zero bool) axis {
	if zero {
		s.add(0)
	}
	lo, hi := s.padded(0.06)
	if lo == 0 && hi == 1 && s.lo == 0 && s.hi == 0 && u == Percent {
		hi = 0
	}
	if u == Percent {
		if s.hi <= 1 {
			hi = min(hi, 1)
		}
		if zero {
			hi = max(hi, 0.001) // a tenth of a percent, where all are 0
		}
		if s.lo >= 0 {
			lo = max(lo, 0)
		}
	}
	return axis{title, u, lo, hi}
}

// step gives the distance of ticks: the smallest tidy one with at most n ticks.
func (a axis) step(n int) float64 {
	span, whole := a.max-a.min, a.whole()
	if a.unit == Days && whole {
		for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 90, 180, 360} {
			if a.count(s) <= n {
				return s
			}
		}
	}
	raw := span / float64(max(n, 1))
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10, 20, 25, 50, 100} {
		if a.count(m*mag) <= n && !a.clumsy(m, mag) && !(whole && decimals(m*mag) > 0) {
			return m * mag
		}
	}
	return span
}

// whole says whether ticks stand at whole numbers alone: half days and half replications there are none. An axis that
// holds fewer than two whole numbers has other ticks rather than none.
func (a axis) whole() bool { return (a.unit == Days || a.unit == Count) && a.count(1) >= 2 }

// clumsy says whether steps of 2.5 need a decimal more than steps of 5, and the latter are enough.
func (a axis) clumsy(m, mag float64) bool {
	shown := mag
	if a.unit == Percent || a.unit == Points {
		shown *= 100
	}
	return m == 2.5 && decimals(2.5*shown) > decimals(5*shown) && a.count(5*mag) >= 4
}

// count is the number of multiples of step on the axis.
func (a axis) count(step float64) int {
	return int(math.Floor(a.max/step+1e-9)-math.Ceil(a.min/step-1e-9)) + 1
}

// ticks gives at most n labelled ticks on multiples of a tidy step.
func (a axis) ticks(n int) []plot.Tick {
	step := a.step(n)
	first := math.Ceil(a.min/step - 1e-9)
	var ts []plot.Tick
	for i := range a.count(step) {
		v := (first + float64(i)) * step
		ts = append(ts, plot.Tick{Value: min(max(v, a.min), a.max), Label: a.label(v, step)})
	}
	return ts
}

// logTicks gives an axis of common logarithms at most n labelled ticks at 1, 2 and 5, at 1 and 3, or at 1 alone of the powers
// of ten, of which some are left out where there are many. An axis that has fewer than two of them is labelled at its ends.
func (a axis) logTicks(n int) []plot.Tick {
	var ts []plot.Tick
	for _, c := range []struct {
		digits []float64
		every  int
	}{{[]float64{1, 2, 5}, 1}, {[]float64{1, 3}, 1}, {[]float64{1}, 1}, {[]float64{1}, 2}, {[]float64{1}, 3}, {[]float64{1}, 5}, {[]float64{1}, 10}, {[]float64{1}, 50}} {
		if ts = a.powers(c.digits, c.every); len(ts) <= n {
			break
		}
	}
	if len(ts) < 2 {
		ts = []plot.Tick{{Value: a.min, Label: a.unit.value(math.Pow(10, a.min))}, {Value: a.max, Label: a.unit.value(math.Pow(10, a.max))}}
	}
	return ts
}

// powers are ticks at the digits of each of every so many powers of ten.
func (a axis) powers(digits []float64, every int) (ts []plot.Tick) {
	const rounding = 1e-9
	for k := int(math.Floor(a.min)); k <= int(math.Ceil(a.max)); k += every {
		for _, digit := range digits {
			v, _ := strconv.ParseFloat(fmt.Sprintf("%ge%d", digit, k), 64) // the nearest float64, as 10^k is not
			if at := math.Log10(v); at >= a.min-rounding && at <= a.max+rounding {
				ts = append(ts, plot.Tick{Value: min(max(at, a.min), a.max), Label: axis{unit: a.unit, min: v, max: v}.label(v, v)})
			}
		}
	}
	return ts
}

// label prints v with the decimals the step needs.
func (a axis) label(v, step float64) string {
	switch {
	case a.unit == Percent || a.unit == Points:
		return fixed(v*100, decimals(step*100)) + a.unit.suffix()
	case a.unit == Days:
		return fixed(v, decimals(step))
	}
	scale, suffix := scaleOf(max(math.Abs(a.min), math.Abs(a.max)))
	if d := decimals(step / scale); d <= 3 {
		return scaled(v, scale, d, suffix)
	}
	return fixed(v, decimals(step))
}

// scaled prints v in units of scale; 0 needs neither decimals nor suffix where others have one.
func scaled(v, scale float64, d int, suffix string) string {
	if v == 0 && suffix != "" {
		return "0"
	}
	return fixed(v/scale, d) + suffix
}

// scaleOf is the divisor and suffix for numbers as large as m.
func scaleOf(m float64) (float64, string) {
	switch {
	case m >= 1e15:
		return 1e12, "tn"
	case m >= 1e9:
		return 1e9, "bn"
	case m >= 1e7:
		return 1e6, "M"
	}
	return 1, ""
}

// decimals is how many digits after the point a multiple of step needs.
func decimals(step float64) int {
	for d := range 12 {
		x := step * math.Pow(10, float64(d))
		if math.Abs(x-math.Round(x)) < 1e-6*x {
			return d
		}
	}
	return 12
}

// minus is the sign that is as wide as a digit.
const minus = "−"

// fixed prints v with d decimals and separated thousands.
func fixed(v float64, d int) string {
	s := strconv.FormatFloat(v, 'f', d, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		s, sign = s[1:], minus
	}
	if strings.Trim(s, "0.") == "" {
		sign = ""
	}
	whole, frac, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + frac
	}
	return sign + whole
}

// value prints one number for a reader: about three significant digits.
func (u Unit) value(v float64) string { return u.text(v, v) }

// text prints v with the decimals and the scale that suit like, so that numbers side by side agree.
func (u Unit) text(v, like float64) string {
	m := math.Abs(like)
	switch {
	case math.IsNaN(v):
		return "not known"
	case u == Percent || u == Points:
		d := 1
		if m >= 0.00005 && m < 0.001 {
			d = 2
		}
		return fixed(v*100, d) + u.suffix()
	case u == Days:
		return fixed(v, 0)
	}
	scale, suffix := scaleOf(m)
	if m /= scale; m > 0 && m < 1e-4 {
		return strings.Replace(strconv.FormatFloat(v, 'g', 2, 64), "-", minus, 1)
	}
	return scaled(v, scale, digits(m), suffix)
}

// digits is how many decimals a number of the size of m gets; whole numbers get none.
func digits(m float64) int {
	switch {
	case m >= 100 || m == math.Trunc(m):
		return 0
	case m >= 10:
		return 1
	case m >= 0.1:
		return 2
	}
	return 1 - int(math.Floor(math.Log10(m)))
}

// suffix is what stands behind a number of the unit.
func (u Unit) suffix() string {
	switch u {
	case Percent:
		return "%"
	case Points:
		return " pp"
	}
	return ""
}

// signed prints a difference with its sign, with the decimals that suit like.
func (u Unit) signed(v, like float64) string {
	s := u.text(v, like)
	if v > 0 {
		return "+" + s
	}
	return s
}

// withRange prints a value with its interval, all with the decimals that suit the largest.
func (u Unit) withRange(v Interval) string { return u.ranged(v, u.text) }

// signedRange is withRange for differences.
func (u Unit) signedRange(v Interval) string { return u.ranged(v, u.signed) }

func (u Unit) ranged(v Interval, text func(v, like float64) string) string {
	if !v.has() {
		return text(v.Value, v.Value)
	}
	k := v.scale()
	ends := fmt.Sprintf(" (%s to %s)", text(v.Low, k), text(v.High, k))
	return text(v.Value, k) + strings.ReplaceAll(ends, u.suffix(), "")
}

// scale is the number of an interval by which all three are printed: the largest, of the broken ones if there are any.
func (v Interval) scale() float64 {
	k, broken := v.Value, false
	for _, x := range []float64{v.Value, v.Low, v.High} {
		b := x != math.Trunc(x)
		if b && !broken || b == broken && math.Abs(x) > math.Abs(k) {
			k, broken = x, b
		}
	}
	return k
}

// list prints values of one axis with as many decimals as any of them needs: at most 3, or what tells them from 0 and from
// one another.
func (u Unit) list(vs []float64) []string {
	scale, suffix := 1.0, u.suffix()
	most, least := 0.0, math.Inf(1)
	for _, v := range vs {
		if m := math.Abs(v); m > 0 {
			most, least = max(most, m), min(least, m)
		}
	}
	switch u {
	case Percent, Points:
		scale = 0.01
	case Number:
		if scale, suffix = scaleOf(most); least < scale/1000 { // too far apart for one scale
			scale, suffix = 1, ""
		}
	}
	d := 0
	for _, v := range vs {
		if v != 0 {
			d = max(d, min(3, decimals(math.Abs(v/scale))))
		}
	}
	if small := 1 - int(math.Floor(math.Log10(least/scale))); len(vs) > 0 && most > 0 && small > d {
		d = min(small, decimals(least/scale)) // two digits of the smallest
	}
	out := u.listed(vs, scale, suffix, d)
	for d < 12 && repeats(vs, out) {
		d++
		out = u.listed(vs, scale, suffix, d)
	}
	return out
}

func (u Unit) listed(vs []float64, scale float64, suffix string, d int) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = fixed(v/scale, d) + suffix
		if u == Number {
			out[i] = scaled(v, scale, d, suffix)
		}
	}
	return out
}

// repeats reports whether two different neighbours are printed alike.
func repeats(vs []float64, printed []string) bool {
	for i := 1; i < len(vs); i++ {
		if vs[i] != vs[i-1] && printed[i] == printed[i-1] {
			return true
		}
	}
	return false
}

// Thousands writes a whole number that is not negative with commas, as in 20,000.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
