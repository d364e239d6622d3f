// Package columns aligns what is printed in columns by the cells that a terminal shows: a Chinese character takes two.
package columns

import (
	"io"
	"strings"
	"text/tabwriter"

	"github.com/rivo/uniseg"
)

// Width is the number of cells that a terminal shows text in.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad is what text lacks to be so many cells wide.
func Pad(text string, cells int) string { return strings.Repeat(" ", max(0, cells-Width(text))) }

// Writer is a tabwriter whose columns are two cells apart. Text must be written in whole characters.
type Writer struct{ tabs *tabwriter.Writer }

// Left aligns cells to the left.
func Left(w io.Writer) Writer { return aligned(w, 0) }

// Right aligns cells to the right; a tab ends each of them, the last too.
func Right(w io.Writer) Writer { return aligned(w, tabwriter.AlignRight) }

func aligned(w io.Writer, flags uint) Writer {
	return Writer{tabwriter.NewWriter(narrow{w}, 0, 0, 2, ' ', flags)}
}

// filler is put beside wide characters, since a tabwriter counts characters: a code point that no text may hold.
const filler = '\uFDD0'

// Write takes text as fmt prints it.
func (w Writer) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.tabs, widen(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Flush writes what is waiting.
func (w Writer) Flush() error { return w.tabs.Flush() }

// widen lets text count as many characters as a terminal shows cells.
func widen(text string) string {
	var to strings.Builder
	for rest, state := text, -1; rest != ""; {
		var cluster string
		var cells int
		cluster, rest, cells, state = uniseg.FirstGraphemeClusterInString(rest, state)
		to.WriteString(cluster)
		for range cells - len([]rune(cluster)) {
			to.WriteRune(filler)
		}
	}
	return to.String()
}

// narrow takes the fillers out again.
type narrow struct{ to io.Writer }

func (n narrow) Write(text []byte) (int, error) {
	if _, err := io.WriteString(n.to, strings.ReplaceAll(string(text), string(filler), "")); err != nil {
		return 0, err
	}
	return len(text), nil
}
