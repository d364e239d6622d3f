package decision

import (
	"bytes"
	"encoding/json"
	"math"
)

// Number is a float64 that may be undefined (NaN) or unlimited (infinite); both are null in JSON.
type Number float64

// Undefined is the value of a Number that does not exist, such as the ICER of the first strategy.
func Undefined() Number { return Number(math.NaN()) }

// Defined reports whether n is a finite number.
func (n Number) Defined() bool {
	return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0)
}

// MarshalJSON writes null for NaN and for infinities, and the shortest exact decimal otherwise.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads null as NaN.
func (n *Number) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*n = Undefined()
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}
