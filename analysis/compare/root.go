package compare

import (
	"errors"
	"math"
)

var errNoRoot = errors.New("no solution in the range searched")

// epsilon is the distance from 1 to the next float64.
const epsilon = 0x1p-52

// rootTolerance is the fourth root of the machine epsilon, 1.2e-4: R's power functions stop there, so that sample sizes
// agree with R's in every digit it prints (the true root differs by less than 1e-6 of it as a rule, always far less than
// one account).
const rootTolerance = 0x1p-13

// root finds where f changes sign between a and b, by the zero finder of Brent (1973, ch. 4). tol >= 0 is how wide the
// bracket may be, absolutely, at which it stops.
func root(f func(float64) float64, a, b, tol float64) (float64, error) {
	fa, fb := f(a), f(b)
	switch {
	case fa == 0:
		return a, nil
	case fb == 0:
		return b, nil
	case !(fa < 0 && fb > 0 || fa > 0 && fb < 0):
		return math.NaN(), errNoRoot
	}
	c, fc := a, fa // b is the best guess, the root lies between b and c, a is the guess before
	for range 1000 {
		before := b - a
		if math.Abs(fc) < math.Abs(fb) {
			a, b, c = b, c, b
			fa, fb, fc = fb, fc, fb
		}
		least := 2*epsilon*math.Abs(b) + tol/2
		step := (c - b) / 2
		if math.Abs(step) <= least || fb == 0 {
			return b, nil
		}
		if math.Abs(before) >= least && math.Abs(fa) > math.Abs(fb) {
			step = interpolate(a, b, c, fa, fb, fc, before, least)
		}
		if math.Abs(step) < least {
			step = math.Copysign(least, step)
		}
		a, fa = b, fb
		b += step
		fb = f(b)
		if math.Signbit(fb) == math.Signbit(fc) && fb != 0 {
			c, fc = a, fa
		}
	}
	return b, nil
}

// interpolate returns the secant or inverse quadratic step from b if it is safe, else the
// step that bisects.
func interpolate(a, b, c, fa, fb, fc, before, least float64) float64 {
	width := c - b
	var p, q float64
	if a == c {
		p, q = width*fb/fa, 1-fb/fa
	} else {
		ac, bc, ba := fa/fc, fb/fc, fb/fa
		p = ba * (width*ac*(ac-bc) - (b-a)*(bc-1))
		q = (ac - 1) * (bc - 1) * (ba - 1)
	}
	if p > 0 {
		q = -q
	} else {
		p = -p
	}
	if p < 0.75*width*q-math.Abs(least*q)/2 && p < math.Abs(before*q/2) {
		return p / q
	}
	return width / 2
}
