package estimate

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// manyDegrees is where the expansion around the normal is exact to 10 digits between the quantiles of 1e-10 and
// 1 - 1e-10, while the library's inverse begins to lose them, and of a million all.
const manyDegrees = 1000

// TQuantile returns the p-quantile of Student's t with df > 0 degrees of freedom.
func TQuantile(p, df float64) float64 {
	if df < manyDegrees {
		return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
	}
	return nearNormalT(NormalQuantile(p), df)
}

// nearNormalT is the quantile of t where the standard normal's is z (Abramowitz and Stegun 1964, 26.7.5).
func nearNormalT(z, df float64) float64 {
	if math.IsInf(z, 0) {
		return z
	}
	q := z * z
	terms := [...]float64{
		(q + 1) / 4,
		((5*q+16)*q + 3) / 96,
		(((3*q+19)*q+17)*q - 15) / 384,
		((((79*q+776)*q+1482)*q-1920)*q - 945) / 92160,
	}
	sum := 0.0
	for i := len(terms) - 1; i >= 0; i-- {
		sum = (sum + terms[i]) / df
	}
	return z * (1 + sum)
}

// tailDegrees is from where the tail around the normal's is exact to 12 digits for t up to 10, while the library's
// loses one with each power of ten and is 0 or 1 from 10^16 on.
const tailDegrees = 1e8

// TTail returns P(|T| >= |t|) for Student's t with df > 0 degrees of freedom: the two-sided p value.
func TTail(t, df float64) float64 {
	if z := math.Abs(t); df > tailDegrees && z < 10 { // first term of Fisher (1925), "Expansion of Student's integral"
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		return math.Erfc(z/math.Sqrt2) + density*z*(z*z+1)/2/df
	}
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
}
