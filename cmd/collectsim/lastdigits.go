package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/sim/outcome"
)

// lastDigits is how far, as a share of a number, another processor's exp and log may have moved it. Of a number smaller
// than 1 it is the share of the largest beside it, up to 1, since it may be the difference of larger ones.
const lastDigits = 1e-9

// alike compares two numbers that stand among others up to size. An infinity is like itself alone.
func alike(a, b, size float64) bool {
	if a == b {
		return true
	}
	d := math.Abs(a - b)
	return !math.IsInf(d, 0) && d <= lastDigits*max(min(1, size), math.Abs(a), math.Abs(b))
}

// largest is the largest finite absolute value, 0 if there is none.
func largest(x []float64) float64 {
	size := 0.0
	for _, v := range x {
		if v = math.Abs(v); v > size && !math.IsInf(v, 0) {
			size = v
		}
	}
	return size
}

// agree reports whether two entries of a table are the same, or would be but for the processor; size is that of their
// column. Counts and texts are the same on all.
func (v *verified) agree(got *outcome.Column, row int, want *outcome.Column, at int, size float64) bool {
	return got.Format(row) == want.Format(at) || v.elsewhere && got.Kind == outcome.Float && alike(got.Float[row], want.Float[at], size)
}

// sameDocument reports whether two JSON documents are the same but for last digits of numbers.
func sameDocument(a, b []byte) bool {
	x, err := decodeNumbers(a)
	y, err2 := decodeNumbers(b)
	return err == nil && err2 == nil && alikeJSON(x, y, 0)
}

// decodeNumbers keeps numbers as they are written: a seed of 17 digits is no float64.
func decodeNumbers(text []byte) (x any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err = d.Decode(&x); err != nil {
		return nil, err
	}
	if _, err = d.Token(); err == io.EOF {
		return x, nil
	}
	return nil, io.ErrUnexpectedEOF
}

// alikeJSON compares two values, of which size is the largest beside them. Whole numbers, as seeds and counts, are the
// same on all processors.
func alikeJSON(x, y any, size float64) bool {
	switch x := x.(type) {
	case json.Number:
		y, ok := y.(json.Number)
		if !ok || whole(x) && whole(y) {
			return ok && x == y
		}
		a, err := x.Float64()
		b, err2 := y.Float64()
		return err == nil && err2 == nil && alike(a, b, size)
	case []any:
		y, ok := y.([]any)
		return ok && slices.EqualFunc(x, y, func(v, w any) bool { return alikeJSON(v, w, 0) })
	case map[string]any:
		y, ok := y.(map[string]any)
		size := figureSize(x)
		for k, v := range x {
			w, there := y[k]
			ok = ok && there && alikeJSON(v, w, size)
		}
		return ok && len(x) == len(y)
	}
	return x == y
}

func whole(n json.Number) bool { return !strings.ContainsAny(n.String(), ".eE") }

// figureSize is the largest of a figure's estimate, interval and error, 0 of other objects.
func figureSize(x map[string]any) float64 {
	var parts []float64
	for _, key := range []string{"estimate", "low", "high", "se"} {
		if n, ok := x[key].(json.Number); ok {
			if v, err := n.Float64(); err == nil {
				parts = append(parts, v)
			}
		}
	}
	return largest(parts)
}
