package chart

import "fmt"

// Overdue shows the overdue rate over time, one line per strategy.
//
// X is days from the start of the run; Y, Low, High are fractions of accounts (or of balance) in [0, 1].
type Overdue struct {
	Frame
	DPD       int    // days past due from which an account counts as overdue, at least 1
	ByBalance bool   // fractions of balance in place of accounts
	Basis     string // "contractual" or "reported", named in the axis title; may be empty
	Lines     []Line
	Overlay   Overlay
}

func (c Overdue) layout() (*sheet, error) {
	var f faults
	if c.DPD < 1 {
		f.add("dpd", "must be at least 1, got %d", c.DPD)
	}
	return shareSheet(&f, overdueTitle(c.DPD), overdueAxis(c.Basis, c.DPD, c.ByBalance), "lines", c.Lines, c.Overlay)
}

func overdueTitle(dpd int) string {
	return fmt.Sprintf("Overdue rate (%s) over time by strategy", dpdText(dpd))
}

func dpdText(dpd int) string {
	if dpd == 1 {
		return "1+ day past due"
	}
	return fmt.Sprintf("%d+ days past due", dpd)
}

func overdueAxis(basis string, dpd int, byBalance bool) string {
	what := "accounts"
	if byBalance {
		what = "balance"
	}
	if basis != "" {
		basis += ", "
	}
	return fmt.Sprintf("Share of %s %s (%s%% of %s)", what, dpdText(dpd), basis, what)
}

// shareSheet is lines of fractions over days.
func shareSheet(f *faults, title, yTitle, path string, lines []Line, over Overlay) (*sheet, error) {
	s := newLineSet(f, path, lines, over)
	s.shares(f, path, len(lines), over)
	if err := f.err(); err != nil {
		return nil, err
	}
	p := s.panel(exactAxis("Days from start", Days, s.spanX()), axisOf(yTitle, Percent, s.spanY(), true))
	return &sheet{title: title, bands: s.bands, panels: []*panel{p}}, nil
}
