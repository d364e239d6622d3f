package chart

import "fmt"

// OverdueReported sets the contractual overdue rate, as if no account were ever re-aged, against the rate as reported,
// where grace and restructured accounts count by their new schedule. A gap shows a strategy that looks better than it is.
//
// X is days from the start of the run; Y, Low, High are fractions in [0, 1].
type OverdueReported struct {
	Frame
	DPD         int  // days past due from which an account counts as overdue, at least 1
	ByBalance   bool // fractions of balance in place of accounts
	Contractual []Line
	Reported    []Line // with the names of the contractual lines
}

func (c OverdueReported) layout() (*sheet, error) {
	var f faults
	if c.DPD < 1 {
		f.add("dpd", "must be at least 1, got %d", c.DPD)
	}
	f.some("reported", len(c.Reported), "line")
	title := fmt.Sprintf("Overdue rate (%s): contractual against reported", dpdText(c.DPD))
	over := Overlay{Name: "reported", Lines: c.Reported, path: "reported"}
	s, err := shareSheet(&f, title, overdueAxis("", c.DPD, c.ByBalance), "contractual", c.Contractual, over)
	if s != nil {
		s.note = "Solid: contractual, as if never re-aged. Dashed: reported, grace and restructured accounts by their new schedule."
	}
	return s, err
}
