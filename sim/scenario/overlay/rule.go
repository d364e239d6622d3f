package overlay

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// rule is what a check tag demands of a scalar. The zero rule demands nothing.
type rule struct {
	text           string
	lo, hi         float64
	loOpen, hiOpen bool
	in             []string
}

// parseRule reads a check tag; a bad tag is a programmer's mistake and panics.
func parseRule(tag string) rule {
	if tag == "" {
		return rule{}
	}
	r := rule{text: tag, lo: math.Inf(-1), hi: math.Inf(1)}
	if list, ok := strings.CutPrefix(tag, "in:"); ok {
		r.in = strings.Split(list, "|")
		return r
	}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			panic(fmt.Sprintf("overlay: check tag %q: not a rule", tag))
		}
		return x
	}
	switch {
	case strings.HasPrefix(tag, ">="):
		r.lo = number(tag[2:])
	case strings.HasPrefix(tag, ">"):
		r.lo, r.loOpen = number(tag[1:]), true
	case strings.HasPrefix(tag, "<="):
		r.hi = number(tag[2:])
	case strings.HasPrefix(tag, "<"):
		r.hi, r.hiOpen = number(tag[1:]), true
	default:
		inner := strings.Trim(tag, "[]()")
		lo, hi, ok := strings.Cut(inner, ",")
		if !ok || len(tag) != len(inner)+2 || !strings.ContainsAny(tag[:1], "[(") || !strings.ContainsAny(tag[len(tag)-1:], "])") {
			panic(fmt.Sprintf("overlay: check tag %q: not a rule", tag))
		}
		r.lo, r.hi, r.loOpen, r.hiOpen = number(lo), number(hi), tag[0] == '(', tag[len(tag)-1] == ')'
	}
	return r
}

// number checks a number; nil if it is allowed.
func (r rule) number(x float64) error {
	if r.text == "" {
		return nil
	}
	if r.in != nil {
		for _, s := range r.in {
			if y, err := strconv.ParseFloat(s, 64); err == nil && x == y {
				return nil
			}
		}
		return want("one of %s", strings.Join(r.in, ", "))
	}
	if x < r.lo || x > r.hi || r.loOpen && x == r.lo || r.hiOpen && x == r.hi {
		return want("%s", r.words())
	}
	return nil
}

func (r rule) words() string {
	op, digits := r.text, ""
	if i := strings.IndexFunc(r.text, func(c rune) bool { return c != '<' && c != '>' && c != '=' }); i > 0 {
		op, digits = r.text[:i], strings.TrimSpace(r.text[i:])
		return op + " " + digits
	}
	return "in " + op
}

// word checks a text; nil if it is allowed.
func (r rule) word(s string) error {
	if r.in == nil || slices.Contains(r.in, s) {
		return nil
	}
	return want("one of %s", strings.Join(r.in, ", "))
}
