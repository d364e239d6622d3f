package tape

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/sim/loan"
)

// maxAmount bounds amounts, in major units: cents beyond it would no longer be exact in a float64.
const maxAmount = 1e13

// notKnown is the last payment of an account of which none is known.
const notKnown loan.Cents = -1

// field is a number field of an account: what it accepts and where it goes.
type field struct {
	name   string
	of     func(*Fields) *Number // nil if the map leaves it out
	amount bool                  // converted to currency; else a plain number
	whole  bool
	lo, hi float64
	set    func(*loan.Account, float64)

	// unknown is what stands for a value that the tape does not tell: where the map leaves the field out, and where a cell is
	// empty. Of nil such a cell is bad, and an account without the field keeps its 0, or what is derived.
	unknown *float64
}

// numberFields lists them in the order in which a row is read and reported.
var numberFields = []field{
	{
		"balance", func(f *Fields) *Number { return f.Balance }, true, false, 0, maxAmount,
		func(a *loan.Account, v float64) { a.Balance = loan.FromUnits(v) }, nil,
	},
	{
		"instalment", instalmentNumber, true, false, 0, maxAmount,
		func(a *loan.Account, v float64) { a.Instalment = loan.FromUnits(v) }, nil,
	},
	{
		"apr", func(f *Fields) *Number { return f.APR }, false, false, 0, 10,
		func(a *loan.Account, v float64) { a.APR = v }, nil,
	},
	{
		"penalty_apr", func(f *Fields) *Number { return f.PenaltyAPR }, false, false, 0, 10,
		func(a *loan.Account, v float64) { a.PenaltyAPR = v }, nil,
	},
	{
		"dpd", func(f *Fields) *Number { return f.DPD }, false, true, 0, float64(loan.Never) - 1,
		func(a *loan.Account, v float64) { a.DPD = loan.Day(v) }, nil,
	},
	{
		"arrears", func(f *Fields) *Number { return f.Arrears }, true, false, 0, maxAmount,
		func(a *loan.Account, v float64) { a.Arrears = loan.FromUnits(v) }, nil,
	},
	{
		"term", func(f *Fields) *Number { return f.Term }, false, true, 0, math.MaxInt16,
		func(a *loan.Account, v float64) { a.Term = int16(v) }, nil,
	},
	{
		"instalment_days", func(f *Fields) *Number { return f.Every }, false, true, 1, loan.MonthDays,
		func(a *loan.Account, v float64) { a.Every = uint8(v) }, nil,
	},
	{
		"due_day", func(f *Fields) *Number { return f.DueDay }, false, true, 0, loan.MonthDays - 1,
		func(a *loan.Account, v float64) { a.DueDay = uint8(v) }, nil,
	},
	{
		"limit", func(f *Fields) *Number { return f.Limit }, true, false, 0, maxAmount,
		func(a *loan.Account, v float64) { a.Limit = loan.FromUnits(v) }, nil,
	},
	{
		"last_payment", func(f *Fields) *Number { return f.LastPayment }, true, false, 0, maxAmount,
		func(a *loan.Account, v float64) { a.LastPayment = loan.FromUnits(v) }, new(notKnown.Units()),
	},
	{
		"other_debts", func(f *Fields) *Number { return f.OtherDebts }, false, true, 0, math.MaxUint8,
		func(a *loan.Account, v float64) { a.OtherDebts = uint8(v) }, nil,
	},
	{
		"opened", openingNumber, false, true, -maxOpened, float64(loan.Never) - 1,
		func(a *loan.Account, v float64) { a.Opened = loan.Day(v) }, nil,
	},
}

// instalmentNumber is nil where a rule derives the instalment.
func instalmentNumber(f *Fields) *Number {
	if f.Instalment == nil || f.Instalment.Rule != "" {
		return nil
	}
	return &f.Instalment.Number
}

// openingNumber is nil where the map says nothing of openings.
func openingNumber(f *Fields) *Number {
	if f.Opened == nil {
		return nil
	}
	return &f.Opened.Number
}

// maxOpened bounds how long ago a loan was disbursed, in days.
const maxOpened = 100_000

// wordField is a named field of an account.
type wordField struct {
	name  string
	of    func(*Fields) *Word
	names []string // nil where every name will do
}

// rule says what a name must be.
func (f *wordField) rule() string { return "must be one of " + strings.Join(f.names, ", ") }

// knows reports whether a name is one of the field.
func (f *wordField) knows(name string) bool { return f.names == nil || slices.Contains(f.names, name) }

// namesUpTo lists the names of the values below n.
func namesUpTo[T interface {
	~uint8
	fmt.Stringer
}](n T) (names []string) {
	for v := range n {
		names = append(names, v.String())
	}
	return names
}

var wordFields = []wordField{
	{"product", func(f *Fields) *Word { return f.Product }, namesUpTo(loan.NumProducts)},
	{"region", func(f *Fields) *Word { return f.Region }, namesUpTo(loan.NumRegions)},
	{"segment", func(f *Fields) *Word { return f.Segment }, nil},
}
