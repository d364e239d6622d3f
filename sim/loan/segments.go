package loan

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Segments group accounts by a number that the lender knows of each.
type Segments struct {
	By string `yaml:"by" check:"in:balance|arrears|instalment|limit|apr|dpd|other_debts" doc:"number that accounts are grouped by, as it is on day 0 or at disbursal"`
	At Bands  `yaml:"at" doc:"where the groups end, rising, amounts in major units: [5000, 20000] makes the groups \"balance under 5000\", \"balance 5000 to 20000\" and \"balance from 20000\""`
}

// figures are the numbers that accounts can be grouped by; amounts in major units.
var figures = map[string]func(*Account) float64{
	"balance":     func(a *Account) float64 { return a.Balance.Units() },
	"arrears":     func(a *Account) float64 { return a.Arrears.Units() },
	"instalment":  func(a *Account) float64 { return a.Instalment.Units() },
	"limit":       func(a *Account) float64 { return a.Limit.Units() },
	"apr":         func(a *Account) float64 { return a.APR },
	"dpd":         func(a *Account) float64 { return float64(a.DPD) },
	"other_debts": func(a *Account) float64 { return float64(a.OtherDebts) },
}

// Names are those of the groups, from the lowest on.
func (s *Segments) Names() []string { return s.At.Names(s.By) }

// Regroup returns the portfolio with these segments in place of its own. The portfolio itself is not changed.
func (s *Segments) Regroup(p *Portfolio) *Portfolio {
	q := *p
	q.Segments, q.Accounts = s.Names(), slices.Clone(p.Accounts)
	s.Group(q.Accounts)
	return &q
}

// Group sets every account's segment.
func (s *Segments) Group(accounts []Account) {
	figure := figures[s.By]
	for i := range accounts {
		accounts[i].Segment = uint8(s.At.Of(figure(&accounts[i])))
	}
}

// Bands cut numbers into groups: below the first, from each up to the next, from the last on. A number on a bound
// belongs to the group above it.
type Bands []float64

// maxBands keeps groups within the 8 bits of Account.Segment.
const maxBands = math.MaxUint8

// Check reports the first rule that the bands break, or nil.
func (b Bands) Check() error {
	switch {
	case len(b) == 0:
		return fmt.Errorf("must have at least one number")
	case len(b) > maxBands:
		return fmt.Errorf("must have at most %d numbers, got %d", maxBands, len(b))
	}
	for k, x := range b {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("must be finite, got %g", x)
		}
		if k > 0 && !(x > b[k-1]) {
			return fmt.Errorf("must rise, got %s after %s", number(x), number(b[k-1]))
		}
	}
	return nil
}

// Of is the group of a number, from 0 to the number of bands.
func (b Bands) Of(x float64) int {
	k, on := slices.BinarySearch(b, x)
	if on {
		k++
	}
	return k
}

// Names are those of the groups of what is cut.
func (b Bands) Names(what string) []string {
	names := []string{what + " under " + number(b[0])}
	for k := 1; k < len(b); k++ {
		names = append(names, fmt.Sprintf("%s %s to %s", what, number(b[k-1]), number(b[k])))
	}
	return append(names, what+" from "+number(b[len(b)-1]))
}

// number prints a bound as files state it.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
