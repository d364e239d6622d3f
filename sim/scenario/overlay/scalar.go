package overlay

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// numberForm is the only spelling of numbers that is read: decimal, without leading zeros (which YAML 1.1 and 1.2
// read differently), with single underscores between digits.
var numberForm = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*(_[0-9]+)*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?$`)

var specialFloat = regexp.MustCompile(`^[-+]?\.(inf|Inf|INF|nan|NaN|NAN)$`)

// isBare says whether plain text is read as something other than a string.
func isBare(s string) bool {
	return looksNumeric(s) || s == "true" || s == "false" || specialFloat.MatchString(s)
}

var numericStart = regexp.MustCompile(`^[-+]?\.?[0-9]`)

// looksNumeric also covers numbers in forms that are refused, such as 0x1F and 010.
func looksNumeric(s string) bool {
	if !numericStart.MatchString(s) {
		return false
	}
	return isNumber(s) || legacyNumber.MatchString(s)
}

var legacyNumber = regexp.MustCompile(`^[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-9_]+|0[bB][01_]+|[0-9_]+(\.[0-9_]*)?)$`)

func isNumber(s string) bool { return numericStart.MatchString(s) && numberForm.MatchString(s) }

// scalarFault is a scalar's own fault: want completes "must be ..."; got is left to the caller.
type scalarFault struct{ want string }

func (f scalarFault) Error() string { return "must be " + f.want }

func want(format string, args ...any) error { return scalarFault{fmt.Sprintf(format, args...)} }

// parseFloat reads a finite number of the given bit size.
func parseFloat(n *node, bits int) (float64, error) {
	if n.kind == kindScalar && !n.quoted && specialFloat.MatchString(n.text) {
		return 0, want("finite")
	}
	if n.kind != kindScalar || n.quoted || !isNumber(n.text) {
		return 0, want("a number%s", spelling(n))
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(n.text, "_", ""), bits)
	if errors.Is(err, strconv.ErrRange) || math.IsInf(x, 0) {
		return 0, want("finite")
	}
	if err != nil {
		return 0, want("a number")
	}
	return x, nil
}

// spelling adds how numbers are written if the text is nearly one.
func spelling(n *node) string {
	switch {
	case n.kind == kindScalar && !n.quoted && legacyNumber.MatchString(n.text):
		return " in plain decimal form"
	case n.kind == kindScalar && strings.HasSuffix(n.text, "%") && isNumber(strings.TrimSpace(strings.TrimSuffix(n.text, "%"))):
		return " without %"
	}
	return ""
}

// wholeLimit is 2^53, up to which a number written with a point or exponent is surely whole.
const wholeLimit = 1 << 53

// setInt reads a whole number into an integer field of any size. 2e4 and 20000.0 are whole.
func setInt(v reflect.Value, n *node) error {
	if n.kind != kindScalar || n.quoted || !isNumber(n.text) {
		return want("a whole number%s", spelling(n))
	}
	text := strings.ReplaceAll(n.text, "_", "")
	if strings.ContainsAny(text, ".eE") {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) || x != math.Trunc(x) {
			return want("a whole number")
		}
		return setWhole(v, x)
	}
	if v.CanUint() {
		return setUint(v, text)
	}
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v.OverflowInt(i) {
		lo, hi := intBounds(v.Type())
		return want("between %s and %s", lo, hi)
	}
	v.SetInt(i)
	return nil
}

func setUint(v reflect.Value, text string) error {
	digits := strings.TrimPrefix(text, "+")
	if strings.HasPrefix(digits, "-") {
		if digits != "-0" {
			return want(">= 0")
		}
		digits = "0"
	}
	u, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || v.OverflowUint(u) {
		lo, hi := intBounds(v.Type())
		return want("between %s and %s", lo, hi)
	}
	v.SetUint(u)
	return nil
}

// setWhole stores a whole float in an integer field.
func setWhole(v reflect.Value, x float64) error {
	lo, hi := intBounds(v.Type())
	if v.CanUint() {
		if x < 0 {
			return want(">= 0")
		}
		if math.Abs(x) > wholeLimit || v.OverflowUint(uint64(x)) {
			return want("between %s and %s", lo, hi)
		}
		v.SetUint(uint64(x))
		return nil
	}
	if math.Abs(x) > wholeLimit || v.OverflowInt(int64(x)) {
		return want("between %s and %s", lo, hi)
	}
	v.SetInt(int64(x))
	return nil
}

func intBounds(t reflect.Type) (lo, hi string) {
	bits := t.Bits()
	switch t.Kind() {
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return "0", strconv.FormatUint(math.MaxUint64>>(64-bits), 10)
	}
	top := int64(math.MaxInt64 >> (64 - bits))
	return strconv.FormatInt(-top-1, 10), strconv.FormatInt(top, 10)
}

func (d *decoder) scalar(v reflect.Value, n *node, path string, r rule) {
	fresh := reflect.New(v.Type()).Elem()
	if err := setScalar(fresh, n, r); err != nil {
		near := ""
		if r.in != nil {
			near = strings.Replace(suggestNear(r.in, n.text), ", did", "; did", 1)
		}
		got := ", got " + n.describe()
		if strings.HasPrefix(err.Error(), "unknown ") && strings.Contains(err.Error(), strconv.Quote(n.text)) { // a vocabulary names it already
			got = ""
		}
		d.at(n, path, "%v%s%s", err, got, near)
		return
	}
	v.Set(fresh)
	d.fix(path)
	d.warnOutside(v, n, path)
}

func suggestNear(candidates []string, name string) string {
	if Nearest(candidates, name) == "" {
		return ""
	}
	return suggest(candidates, name)
}

// setScalar stores a scalar and checks it; the error says "must be ...".
func setScalar(v reflect.Value, n *node, r rule) error {
	switch shapeOf(v.Type()) {
	case shapeText:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.text)); err != nil {
			return err
		}
		return r.word(n.text)
	case shapeBool:
		if n.quoted || n.text != "true" && n.text != "false" {
			return want("true or false")
		}
		v.SetBool(n.text == "true")
		return nil
	case shapeInt:
		if err := setInt(v, n); err != nil {
			return err
		}
		return r.number(toFloat(v))
	case shapeFloat:
		x, err := parseFloat(n, v.Type().Bits())
		if err != nil {
			return err
		}
		v.SetFloat(x)
		return r.number(v.Float())
	}
	if !n.quoted && isBare(n.text) {
		return want("text (quote it: %s)", strconv.Quote(n.text))
	}
	v.SetString(n.text)
	return r.word(n.text)
}
