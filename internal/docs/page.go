package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	block = regexp.MustCompile(`(?ms)^<!-- generated: ([^\n]+) -->\n.*?^<!-- end -->$`)
	edge  = regexp.MustCompile(`(?m)^<!-- (generated:|end)`)
)

// render returns the page with every generated part made anew; part gets the words of its first line.
func render(page string, part func(words []string) (string, error)) (string, error) {
	var errs []error
	blocks := 0
	out := block.ReplaceAllStringFunc(page, func(old string) string {
		blocks++
		name := block.FindStringSubmatch(old)[1]
		text, err := part(strings.Fields(name))
		if err != nil {
			errs = append(errs, fmt.Errorf("generated: %s: %w", name, err))
			return old
		}
		return fmt.Sprintf("<!-- generated: %s -->\n\n%s\n\n<!-- end -->", name, strings.TrimSpace(text))
	})
	if n := len(edge.FindAllString(page, -1)); n != 2*blocks {
		errs = append(errs, fmt.Errorf("has %d lines that open or close a generated part, in %d parts", n, blocks))
	}
	return out, errors.Join(errs...)
}

// grid is a table of a page.
type grid struct {
	header []string
	right  int // columns from this one on are numbers, aligned right; 0: none
	rows   [][]string
}

func newGrid(header ...string) *grid { return &grid{header: header} }

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// markdown is the table as a page holds it.
func (g *grid) markdown() string {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + strings.ReplaceAll(strings.ReplaceAll(c, "|", `\|`), "\n", " ") + " ")
		}
		b.WriteString("|\n")
	}
	line(g.header)
	for k := range g.header {
		if g.right > 0 && k >= g.right {
			b.WriteString("|--:")
		} else {
			b.WriteString("|---")
		}
	}
	b.WriteString("|\n")
	for _, r := range g.rows {
		line(r)
	}
	return b.String()
}

// code writes a name as code.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
