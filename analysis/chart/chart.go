// Package chart draws the pictures a risk committee decides from.
//
// Every kind of chart is a struct of plain data in a file of its own; Write and Save turn one into SVG, PNG or PDF.
// The package holds these opinions, so that no caller can forget them:
//   - a chart says what it shows (title), in which units (axis titles), how sure it is (Interval) and where the numbers
//     come from (Source); without a source, or with intervals that nobody named, it is not drawn;
//   - shares are fractions in [0, 1] in the data and printed as %; time is in days; money is in the unit the caller names;
//   - series are told apart by colour (Okabe and Ito, 2008), line style and marker, so that a grey print still reads;
//   - names stand beside what they name; text is at least 12 pt, is never clipped and never overlaps: a picture with
//     more rows than fit grows taller than asked instead;
//   - NaN means "not known": the line has a gap, the cell stays empty. Infinite values are errors;
//   - equal input gives equal bytes: no clock, no random placement. A PDF carries the fixed date 2000-01-01.
//
// Limits: the fonts are gonum's Liberation Sans; PNG and PDF draw a character that it lacks (Chinese, for one) with a Font
// that the caller reads from a file, or as an empty box.
// An SVG names Liberation Sans, Arial and Helvetica, which have the same widths, and does not embed them.
//
// To add a kind: one file with the struct and its layout method, one line in Kinds, one example in the tests.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Chart is one picture: a struct of this package, such as Overdue.
type Chart interface {
	// head gives the texts and the size; every kind has it by embedding Frame.
	head() Frame
	// layout checks the data and says what to draw. It reports everything missing or wrong at once.
	layout() (*sheet, error)
}

// Frame holds what every chart carries around its data.
type Frame struct {
	Title    string  // what is shown; empty: the kind's own title
	Note     string  // a line under the title: scenario, population, horizon
	Interval string  // what low and high are, such as "95% interval of the mean, 400 replications"; needed if there are any
	Source   string  // where the numbers come from; always needed
	Width    float64 // inches; 0: 10
	Height   float64 // inches; 0: 5.6; grows if the content needs more
	Untitled bool    // draw neither title nor source: the page around the chart says both
	// Translate gives a text of the chart's own, or a name in its data, in another language; nil: all stays English.
	// Scripts beyond Liberation Sans need a Font, or an SVG, whose viewer brings one.
	Translate func(text string) string
}

func (f Frame) head() Frame { return f }

// Size of a chart in inches when its Frame leaves it open: a 16:9 slide below its headline.
const (
	DefaultWidth  = 10
	DefaultHeight = 5.6
)

// size gives width and height in inches with the defaults filled in.
func (f Frame) size() (w, h float64, err error) {
	w, h = f.Width, f.Height
	if w == 0 {
		w = DefaultWidth
	}
	if h == 0 {
		h = DefaultHeight
	}
	if !(w >= 5 && w <= 100) {
		err = errors.Join(err, fmt.Errorf("width: must be 5 to 100 inches, got %v", w))
	}
	if !(h >= 3 && h <= 100) {
		err = errors.Join(err, fmt.Errorf("height: must be 3 to 100 inches, got %v", h))
	}
	return w, h, err
}

// Formats lists what Write accepts.
var Formats = []string{"svg", "png", "pdf"}

// Write draws c as format ("svg", "png" at 192 dots per inch, "pdf") to w.
//
// Nothing is written unless the whole picture could be drawn. The error lists all that is missing or wrong in the data,
// one line each, beginning with the path to the field; a failure of w is returned as it is.
func Write(w io.Writer, c Chart, format string) error { return write(w, c, format, nil) }

func write(w io.Writer, c Chart, format string, font *Font) error {
	draw, ok := backends[format]
	if !ok {
		return fmt.Errorf("format: must be one of %s, got %q", strings.Join(Formats, ", "), format)
	}
	pic, err := compose(c)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := draw(&buf, pic, font); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}

// Save draws c into the file path, whose extension (.svg, .png, .pdf) gives the format. An existing file is replaced,
// but only once the picture could be drawn.
func Save(path string, c Chart) error {
	var buf bytes.Buffer
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if err := Write(&buf, c, format); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, buf.Bytes(), 0o644)
}
