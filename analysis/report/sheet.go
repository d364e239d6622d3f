package report

import (
	"math"
	"strconv"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
)

// sheet is a printed comparison: blocks of rows, one block a metric, whose columns have the same
// widths throughout, under one header.
type sheet struct {
	header []string
	blocks []sheetBlock
}

type sheetBlock struct {
	title string
	rows  [][]string // cells; the first column and intervals are aligned left, numbers right
}

// The columns of a sheet.
const (
	columnName = iota
	columnEstimate
	columnInterval
	columnDifference
	columnDifferenceInterval
	columnVerdict
	columnNote
	numSheetColumns
)

// print writes the blocks that have rows.
func (s *sheet) print(p *printer) {
	var wide [numSheetColumns]int
	fit := func(row []string) {
		for i, cell := range row {
			wide[i] = max(wide[i], columns.Width(cell))
		}
	}
	fit(s.header)
	for _, b := range s.blocks {
		for _, row := range b.rows {
			fit(row)
		}
	}
	wide[columnNote] = 0
	p.line("%s", sheetLine(s.header, wide[:]))
	for _, b := range s.blocks {
		if len(b.rows) == 0 {
			continue
		}
		p.line("\n%s", b.title)
		for _, row := range b.rows {
			p.line("%s", sheetLine(row, wide[:]))
		}
	}
}

func sheetLine(row []string, wide []int) string {
	var line strings.Builder
	for i, cell := range row {
		pad := columns.Pad(cell, wide[i])
		if i == columnEstimate || i == columnDifference {
			cell = pad + cell
		} else {
			cell += pad
		}
		line.WriteString("  " + cell)
	}
	return strings.TrimRight(line.String(), " ")
}

// number prints x with the digits that the estimate supports; shares as per cent.
func number(e estimate.Estimate, unit string, x float64) string {
	if math.IsNaN(x) {
		return "undefined"
	}
	if unit == "share" {
		return digits(percents(e), 100*x) + "%"
	}
	return digits(e, x)
}

// points prints a difference: of shares in percentage points, without the unit.
func points(e estimate.Estimate, unit string, x float64) string {
	if unit == "share" {
		e, x = percents(e), 100*x
	}
	return digits(e, x)
}

func percents(e estimate.Estimate) estimate.Estimate {
	e.Value, e.Low, e.High, e.SE = 100*e.Value, 100*e.Low, 100*e.High, 100*e.SE
	return e
}

// digits prints x with the digits that the standard error supports, and four significant ones where
// there is none. From a million on thousands are set apart.
func digits(e estimate.Estimate, x float64) string {
	text := supported(e, x)
	size, negative := strings.CutPrefix(text, "-")
	whole, rest, _ := strings.Cut(size, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 1e6 {
		return text
	}
	text = strings.TrimSuffix(thousands(n)+"."+rest, ".")
	if negative {
		text = "-" + text
	}
	return text
}

func supported(e estimate.Estimate, x float64) string {
	if e.SE > 0 || math.IsInf(x, 0) || x == 0 {
		return e.Format(x)
	}
	places := max(0, 3-int(math.Floor(math.Log10(math.Abs(x)))))
	text := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func interval(e estimate.Estimate, unit string) string {
	return between(e, func(x float64) string { return number(e, unit, x) })
}

// between prints an interval, empty where there is none.
func between(e estimate.Estimate, print func(float64) string) string {
	switch {
	case math.IsNaN(e.Low) || math.IsNaN(e.High):
		return ""
	case math.IsInf(e.Low, 0) || math.IsInf(e.High, 0):
		return "[unbounded]"
	}
	return "[" + print(e.Low) + ", " + print(e.High) + "]"
}

// sharper adds digits until no bound of a difference is printed as 0 that is not: on which side of 0
// it lies decides the verdict.
func sharper(e estimate.Estimate) estimate.Estimate {
	hidden := func(x float64) bool { return x != 0 && strings.Trim(e.Format(x), "-0.") == "" }
	for more := 0; more < 4 && e.SE > 0 && (hidden(e.Low) || hidden(e.High)); more++ {
		e.SE /= 10
	}
	return e
}

// signed prints a difference with its sign; of shares in percentage points.
func signed(e estimate.Estimate, unit string) string {
	if math.IsNaN(e.Value) {
		return "undefined"
	}
	text := points(e, unit, e.Value)
	if e.Value > 0 {
		text = "+" + text
	}
	if unit == "share" {
		text += " pp"
	}
	return text
}

// signedInterval prints the interval of a difference.
func signedInterval(e estimate.Estimate, unit string) string {
	if unit == "share" {
		e = percents(e)
	}
	e = sharper(e)
	return between(e, func(x float64) string { return digits(e, x) })
}

// gain prints what pairing gained in variance; empty where nothing can be said.
func gain(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return ""
	case x >= 100:
		return "×" + thousands(int(math.Round(x)))
	case x >= 10:
		return "×" + strconv.FormatFloat(x, 'f', 0, 64)
	}
	return "×" + strconv.FormatFloat(x, 'g', 2, 64)
}
