package sensitivity

import "math"

// curve is an interpolated function through the points x, y.
type curve struct {
	x, y []float64
	how  Interpolation
}

// root is a place where a curve changes sign.
type root struct {
	x      float64
	rising bool
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// roots finds all sign changes, by rising x. Between two nodes both interpolations are monotone, so that a change of
// sign from one to the next node is exactly one root.
func (c curve) roots() []root {
	var out []root
	last := -1 // latest node off zero
	var slopes []float64
	for i, v := range c.y {
		if v == 0 {
			continue
		}
		if last >= 0 && sign(v) != sign(c.y[last]) {
			r := root{rising: v > 0}
			switch {
			case i-last > 1: // exact zeros between
				r.x = c.x[last+1]/2 + c.x[i-1]/2
			case c.how == Monotone:
				if slopes == nil {
					slopes = monotoneSlopes(c.x, c.y)
				}
				r.x = c.hermiteRoot(last, slopes)
			default:
				r.x = between(c.x[last], c.x[i], c.y[last]/(c.y[last]-v))
			}
			out = append(out, r)
		}
		last = i
	}
	return out
}

func between(a, b, share float64) float64 { return a + (b-a)*share }

// hermiteRoot bisects the cubic on the interval from node i, which is monotone and changes sign there.
func (c curve) hermiteRoot(i int, slopes []float64) float64 {
	h := c.x[i+1] - c.x[i]
	value := func(t float64) float64 {
		u := 1 - t
		return c.y[i]*(1+2*t)*u*u + c.y[i+1]*t*t*(1+2*u) + h*t*u*(slopes[i]*u-slopes[i+1]*t)
	}
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		if sign(value(middle)) == sign(c.y[i]) {
			low = middle
		} else {
			high = middle
		}
	}
	return between(c.x[i], c.x[i+1], high)
}

// monotoneSlopes are the derivatives at the nodes that keep the cubic monotone wherever the data are: harmonic means
// of the neighbouring secants weighted by distance (Fritsch and Butland 1984, Brodlie's formula), 0 at turns.
func monotoneSlopes(x, y []float64) []float64 {
	n := len(x)
	secant := make([]float64, n-1)
	for i := range secant {
		secant[i] = (y[i+1] - y[i]) / (x[i+1] - x[i])
	}
	slopes := make([]float64, n)
	for i := 1; i < n-1; i++ {
		if a, b := secant[i-1], secant[i]; sign(a)*sign(b) > 0 {
			before, after := x[i]-x[i-1], x[i+1]-x[i]
			wa, wb := before+2*after, 2*before+after
			slopes[i] = (wa + wb) / (wa/b + wb/a)
		}
	}
	slopes[0], slopes[n-1] = secant[0], secant[n-2]
	return slopes
}

// cells returns the nodes that part the crossings: the first node, the farthest from zero between each two
// neighbours, the last node.
func (c curve) cells(crossings []Crossing) []int {
	out := []int{0}
	for j := 1; j < len(crossings); j++ {
		far := -1
		for i, x := range c.x {
			if x > crossings[j-1].X && x < crossings[j].X && (far < 0 || math.Abs(c.y[i]) > math.Abs(c.y[far])) {
				far = i
			}
		}
		out = append(out, far)
	}
	return append(out, len(c.x)-1)
}

// locate says where this curve has the crossing of another: the nearest root of its direction between the nodes left
// and right. Without one, -Inf or +Inf says that it lies before or after, NaN that it is gone.
func (c curve) locate(of Crossing, roots []root, left, right int) float64 {
	at := math.NaN()
	for _, r := range roots {
		if r.rising == of.Rising && r.x >= c.x[left] && r.x <= c.x[right] &&
			!(math.Abs(r.x-of.X) >= math.Abs(at-of.X)) { // also true of the first, at being NaN
			at = r.x
		}
	}
	if !math.IsNaN(at) {
		return at
	}
	before, after := sign(c.y[left]), sign(c.y[right])
	if !of.Rising {
		before, after = -before, -after
	}
	switch {
	case before <= 0 && after <= 0:
		return math.Inf(1)
	case before >= 0 && after >= 0:
		return math.Inf(-1)
	}
	return math.NaN()
}
