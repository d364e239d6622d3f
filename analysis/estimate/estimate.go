package estimate

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An Estimate is a figure with its uncertainty.
//
// Value is the point estimate; NaN means undefined. Low and High bound the confidence
// interval; NaN means that no interval can be given, an infinity that the data leave that
// side open. SE is the standard error of Value, over replications its Monte Carlo error (0 =
// exact, NaN = unknown). N is the number of observations used. Warnings state doubts, in
// sentences for the reader of the figure.
type Estimate struct {
	Value, Low, High, SE float64
	N                    int
	Warnings             []string
}

// undefined returns an Estimate without a value, for the stated reason.
func undefined(n int, reason string) Estimate {
	nan := math.NaN()
	return Estimate{Value: nan, Low: nan, High: nan, SE: nan, N: n, Warnings: []string{reason}}
}

// noInterval returns an Estimate with a value that nothing bounds, for the stated reason.
func noInterval(value float64, n int, reason string) Estimate {
	e := undefined(n, reason)
	e.Value = value
	return e
}

// HalfWidth returns half of the interval's width; NaN if there is no interval.
func (e Estimate) HalfWidth() float64 { return (e.High - e.Low) / 2 }

// Excludes reports whether the interval is defined and x lies outside of it.
func (e Estimate) Excludes(x float64) bool { return e.Low > x || e.High < x }

// Digits returns the number of decimal places that the standard error supports; negative
// numbers count zeros before the point.
//
// Rule: the last digit printed stands where the first significant digit of SE stands
// (places = -floor(log10 SE)). With SE = 0.034 that is 2 places, with SE = 340 it is -2, to
// the hundred. Later digits would differ in the next run of as many replications. No more
// than 15 significant digits of Value count, the precision of its arithmetic. An exact or
// unknown error (0, NaN) supports what [Estimate.Format] falls back to, six significant
// digits of Value.
func (e Estimate) Digits() int {
	known := e.Value != 0 && !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0)
	switch measured := e.SE > 0 && !math.IsInf(e.SE, 0); {
	case measured && known:
		return min(-exponent(e.SE), 14-exponent(e.Value))
	case measured:
		return -exponent(e.SE)
	case known:
		return max(0, 5-exponent(e.Value))
	}
	return 0
}

// exponent returns floor(log10 |x|) by way of the printed digits, so that 0.001 gives -3.
func exponent(x float64) int {
	s := strconv.FormatFloat(math.Abs(x), 'e', -1, 64)
	k, err := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	if err != nil {
		return 0
	}
	return k
}

// Format prints x with the digits that e supports. x is Value, a bound, or any figure on the
// same scale; NaN prints as "undefined". Digits that do not count are rounded to 0.
func (e Estimate) Format(x float64) string {
	switch {
	case math.IsNaN(x):
		return "undefined"
	case math.IsInf(x, 1):
		return "unbounded"
	case math.IsInf(x, -1):
		return "-unbounded"
	case !(e.SE > 0) || math.IsInf(e.SE, 0):
		return strconv.FormatFloat(x, 'g', 6, 64)
	}
	return fixed(x, e.Digits())
}

func fixed(x float64, digits int) string {
	if digits < 0 {
		unit := math.Pow10(-digits)
		x, digits = math.Round(x/unit)*unit, 0
	}
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// String prints the value and its interval, such as "0.21 [0.20, 0.22]".
func (e Estimate) String() string {
	if math.IsNaN(e.Value) {
		return "undefined"
	}
	if math.IsNaN(e.Low) || math.IsNaN(e.High) {
		return e.Format(e.Value) + " [no interval]"
	}
	return fmt.Sprintf("%s [%s, %s]", e.Format(e.Value), e.Format(e.Low), e.Format(e.High))
}

type estimateJSON struct {
	Value    Float    `json:"estimate"`
	Low      Float    `json:"low"`
	High     Float    `json:"high"`
	SE       Float    `json:"se"`
	N        int      `json:"n"`
	Warnings []string `json:"warnings,omitempty"`
}

// MarshalJSON writes {"estimate","low","high","se","n","warnings"}, numbers unrounded, null for
// what is undefined or unbounded.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(estimateJSON{Float(e.Value), Float(e.Low), Float(e.High), Float(e.SE), e.N, e.Warnings})
}

// UnmarshalJSON reads what MarshalJSON wrote; null becomes NaN, so infinities do not survive.
func (e *Estimate) UnmarshalJSON(b []byte) error {
	var j estimateJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*e = Estimate{float64(j.Value), float64(j.Low), float64(j.High), float64(j.SE), j.N, j.Warnings}
	return nil
}

// A Float is a float64 that JSON shows as null when it is NaN or infinite.
type Float float64

// MarshalJSON writes the shortest decimal that reads back as f, or null.
func (f Float) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads a number, or null as NaN.
func (f *Float) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*f = Float(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(f))
}

// Floats converts x for JSON output.
func Floats(x []float64) []Float {
	out := make([]Float, len(x))
	for i, v := range x {
		out[i] = Float(v)
	}
	return out
}
