// Package golden compares what tests make with the text that files keep.
package golden

import (
	"bytes"
	"math"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// Same reports whether got is the text that is kept. It was kept on amd64; on another kind of processor the last digits
// of numbers may differ, since exp and log do, and the compiler fuses products with sums.
func Same(got, want []byte) bool {
	if runtime.GOARCH == "amd64" {
		return bytes.Equal(got, want)
	}
	return alike(string(got), string(want))
}

var number = regexp.MustCompile(`-?\d+(\.\d+)?(e[-+]?\d+)?`)

// alike compares numbers to 1e-9 of their size and all else exactly. A number that is written with fewer digits than that
// may differ by one of its last place, since what lies between two of them can be rounded either way; but that is rare, and
// more than one number in a hundred, or two, differ for another reason.
func alike(got, want string) bool {
	if number.ReplaceAllString(got, "#") != number.ReplaceAllString(want, "#") {
		return false
	}
	wanted := number.FindAllString(want, -1)
	rounded := 0
	for i, text := range number.FindAllString(got, -1) {
		x, err := strconv.ParseFloat(text, 64)
		y, err2 := strconv.ParseFloat(wanted[i], 64)
		if err != nil || err2 != nil {
			return false
		}
		switch d := math.Abs(x - y); {
		case d <= 1e-9*math.Abs(y):
		case d <= 1.01*min(1, max(place(text), place(wanted[i]))):
			rounded++
		default:
			return false
		}
	}
	return rounded <= 1+len(wanted)/100
}

// place is the value of one in the last place of a number with a fraction; 0 of whole numbers, which are counts unless
// the other of the two has a fraction.
func place(text string) float64 {
	digits, exponent, _ := strings.Cut(text, "e")
	_, fraction, found := strings.Cut(digits, ".")
	if !found {
		return 0
	}
	e, _ := strconv.Atoi(exponent)
	return math.Pow(10, float64(e-len(fraction)))
}
