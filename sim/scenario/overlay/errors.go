package overlay

import (
	"fmt"
	"sort"
	"strings"
)

// Error is one fault of an input.
type Error struct {
	File      string // file name, or "--set"; may be empty
	Line, Col int    // position counted from 1, columns in characters; 0 if there is none
	Path      string // path to the culprit; empty for the whole document
	Msg       string // the rule that is broken and the value found
}

// Error returns one line: FILE:LINE:COL: PATH: MSG, without the parts that are empty.
func (e Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", e.Line, e.Col)
		}
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(shorten(e.Path, 200) + ": ")
	}
	return b.String() + e.Msg
}

// Errors are all faults of an input, in the order of their positions.
type Errors []Error

// Error returns one line for each fault.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the single faults.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// report collects the faults and warnings of one input.
type report struct {
	file     string
	errs     Errors
	warnings []string
}

func (r *report) add(line, col int, path, format string, args ...any) {
	r.errs = append(r.errs, Error{File: r.file, Line: line, Col: col, Path: path, Msg: oneLine(fmt.Sprintf(format, args...))})
}

// oneLine keeps text quoted from an input, or from UnmarshalText, from breaking the line.
func oneLine(s string) string {
	if strings.ContainsAny(s, "\n\r") {
		return strings.Join(strings.Fields(s), " ")
	}
	return s
}

func (r *report) at(n *node, path, format string, args ...any) {
	r.add(n.line, n.col, path, format, args...)
}

func (r *report) warn(n *node, path, format string, args ...any) {
	e := Error{File: r.file, Line: n.line, Col: n.col, Path: path, Msg: oneLine(fmt.Sprintf(format, args...))}
	r.warnings = append(r.warnings, e.Error())
}

// err returns the faults as one error, or nil (never a nil Errors inside a non-nil error).
func (r *report) err() error {
	if len(r.errs) == 0 {
		return nil
	}
	sort.SliceStable(r.errs, func(i, j int) bool {
		a, b := r.errs[i], r.errs[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
	return r.errs
}
