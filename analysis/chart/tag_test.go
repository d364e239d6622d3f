package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/chart"
)

// group is one element of an SVG that carries an attribute, with the paths inside.
type group struct {
	value string
	paths []string
	texts string
}

// groups reads an SVG and finds the outermost elements with an attribute.
func groups(t *testing.T, svg []byte, attribute string) []group {
	t.Helper()
	var all []group
	depth, open := 0, 0
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			for _, a := range e.Attr {
				if a.Name.Local == attribute && open == 0 {
					open = depth
					all = append(all, group{value: a.Value})
				}
				if a.Name.Local == "d" && open > 0 {
					all[len(all)-1].paths = append(all[len(all)-1].paths, a.Value)
				}
			}
		case xml.CharData:
			if open > 0 {
				all[len(all)-1].texts += string(e)
			}
		case xml.EndElement:
			if depth == open {
				open = 0
			}
			depth--
		}
	}
}

// A page finds every mark of a series by its name, in all charts of lines and points.
func TestSeriesAreTagged(t *testing.T) {
	for name, c := range map[string]chart.Chart{
		"overdue": overdue(), "recovery-cost": recoveryCost(), "frontier3": frontier3(), "cure": cure(),
		"contact-funnel": contactFunnel(), "fairness": fairness(), "queue": queue(),
	} {
		var svg bytes.Buffer
		if err := chart.Write(&svg, c, "svg"); err != nil {
			t.Fatal(err)
		}
		marks := map[string]int{}
		for _, g := range groups(t, svg.Bytes(), "data-series") {
			marks[g.value] += len(g.paths)
		}
		if marks["Calls from day 5"] < 2 {
			t.Errorf("%s: series are tagged with %v marks, want some of %q", name, marks, "Calls from day 5")
		}
		if strings.Contains(svg.String(), `transform="scale(1,1)"`) {
			t.Errorf("%s: a group is left without its name", name)
		}
	}
}

// The panel's note turns places back into values.
func TestPanelNoteInvertsTheDrawing(t *testing.T) {
	line := chart.Line{Name: `a "quoted" <name>`, X: []float64{0, 40, 90}, Y: []float64{0.25, 0.125, 0.75}}
	var svg bytes.Buffer
	c := chart.Overdue{Frame: chart.Frame{Source: "test"}, DPD: 30, Lines: []chart.Line{line}}
	if err := chart.Write(&svg, c, "svg"); err != nil {
		t.Fatal(err)
	}
	panels := groups(t, svg.Bytes(), "data-panel")
	if len(panels) != 1 {
		t.Fatalf("%d panels are noted, want 1", len(panels))
	}
	var v [8]float64
	for i, s := range strings.Fields(panels[0].value) {
		v[i], _ = strconv.ParseFloat(s, 64)
	}
	for _, g := range groups(t, svg.Bytes(), "data-series") {
		if g.value != line.Name {
			t.Errorf("series is named %q, want %q", g.value, line.Name)
		}
		for _, p := range g.paths {
			points := strings.Split(strings.TrimPrefix(p, "M"), "L")
			if len(points) != len(line.X) {
				continue // a marker
			}
			for i, q := range points {
				var px, py float64
				if _, err := fmt.Sscanf(q, "%g,%g", &px, &py); err != nil {
					t.Fatal(err)
				}
				x := v[4] + (px-v[0])/(v[2]-v[0])*(v[5]-v[4])
				y := v[6] + (py-v[1])/(v[3]-v[1])*(v[7]-v[6])
				if !(math.Abs(x-line.X[i]) <= 0.01) || !(math.Abs(y-line.Y[i]) <= 1e-4) {
					t.Errorf("point %d reads as (%v, %v), want (%v, %v)", i, x, y, line.X[i], line.Y[i])
				}
			}
			return
		}
	}
	t.Error("the line was not found")
}
