package tape_test

import (
	"slices"
	"strings"
	"testing"

	"collectsim/sim/tape"
)

// TestBandsOfAColumn: numbers of any column make groups, in order of the bands, all of which can be named whether they hold
// accounts or not; an empty cell is in the default group, and what is no number is a bad cell.
func TestBandsOfAColumn(t *testing.T) {
	const csv = "bal,due,grade,SCORE\n100,10,A,580\n100,10,B,579.5\n100,10,A,\n100,10,C,700\n"
	m := strings.Replace(minimal, "fields:", "fields:\n  segment: {column: SCORE, bands: [580, 670, 700, 900], default: no score}", 1)
	p, report, err := load(t, csv, m)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"SCORE under 580", "SCORE 580 to 670", "SCORE 670 to 700", "SCORE 700 to 900", "SCORE from 900", "no score"}; !slices.Equal(p.Segments, want) {
		t.Errorf("segments %q, want %q", p.Segments, want)
	}
	var got []string
	for _, a := range p.Accounts {
		got = append(got, p.Segments[a.Segment])
	}
	if want := []string{"SCORE 580 to 670", "SCORE under 580", "no score", "SCORE 700 to 900"}; !slices.Equal(got, want) {
		t.Errorf("groups %q, want %q", got, want)
	}
	if !slices.Contains(report.Rules, tape.Count{Rule: "segment: empty, set to no score", Rows: 1}) {
		t.Errorf("rules %v", report.Rules)
	}

	// A default can be named too, whether a cell is empty or not; one that is the name of a band is that band.
	for _, c := range []struct{ name, last string }{{"no score", "no score"}, {"SCORE under 580", "SCORE from 900"}} {
		p, _, err = load(t, "bal,due,grade,SCORE\n100,10,A,580\n100,10,A,NA\n", strings.Replace(m, "no score", c.name, 1))
		if err != nil || p.Segments[len(p.Segments)-1] != c.last || p.Segments[p.Accounts[1].Segment] != c.name {
			t.Errorf("default %s: got %+v, %v", c.name, p, err)
		}
	}
	p, _, err = load(t, "bal,due,grade,SCORE\n100,10,A,580\n", m)
	if err != nil || p.Segments[len(p.Segments)-1] != "no score" {
		t.Errorf("no cell is empty: got %+v, %v", p, err)
	}

	// "NA" is an empty number, also in a column that holds texts beside it or is written with separators.
	for _, cells := range [][2]string{{"600", "NA"}, {"600 pts", " NA"}, {"600", " "}} {
		text := strings.Replace(m, "fields:", "symbols: [pts]\nfields:", 1)
		p, report, err = load(t, "bal,due,grade,SCORE\n100,10,A,"+cells[0]+"\n100,10,A,"+cells[1]+"\n", text)
		if err != nil || p.Segments[p.Accounts[1].Segment] != "no score" {
			t.Errorf("%q: got %+v, %v", cells, report.Bad, err)
		}
		_, report, err = load(t, "bal,due,grade,SCORE\n100,10,A,"+cells[0]+"\n100,10,A,"+cells[1]+"\n100,10,A,high\n", strings.Replace(text, ", default: no score", "", 1))
		if err == nil || len(report.Bad) != 2 || report.Bad[0].Rule != "must not be empty" || report.Bad[1].Rule != "must be a number" {
			t.Errorf("%q: got %+v, %v", cells, report.Bad, err)
		}
	}

	_, report, err = load(t, csv+"100,10,A,high\n", m)
	if err == nil || len(report.Bad) != 1 || report.Bad[0].Row != 5 || report.Bad[0].Rule != "must be a number" || report.Bad[0].Column != "SCORE" {
		t.Errorf("got %+v, %v", report.Bad, err)
	}
	_, report, err = load(t, csv, strings.Replace(m, ", default: no score", "", 1))
	if err == nil || len(report.Bad) != 1 || report.Bad[0].Row != 3 || report.Bad[0].Rule != "must not be empty" {
		t.Errorf("got %+v, %v", report.Bad, err)
	}
	p, _, err = load(t, "bal,due,SCORE\n100,10,\"1.580,5\"\n100,10,\"12,0\"\n", strings.Replace(m, "bands: [580", "bands: [580.5", 1)+"decimal: comma\nthousands: point\n")
	if err != nil || p.Segments[p.Accounts[0].Segment] != "SCORE from 900" || p.Segments[p.Accounts[1].Segment] != "SCORE under 580.5" {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestCodesAmongBands: what values lists has the name that it says there, be it a word or a number that would be cut; all else is cut.
func TestCodesAmongBands(t *testing.T) {
	m := strings.Replace(minimal, "fields:", "fields:\n  segment: {column: SCORE, bands: [580], values: {NH: new, -1: new, 0: defaulter}, default: new}", 1)
	want := []string{"SCORE under 580", "SCORE from 580", "defaulter", "new"}
	for _, c := range []struct {
		csv, groups string
	}{
		{"bal,due,SCORE\n100,10,NH\n100,10,-1\n100,10,0\n100,10,NA\n100,10,-2\n100,10,580\n", "new new defaulter new|SCORE under 580|SCORE from 580"},
		{"bal,due,SCORE\n100,10,-1\n100,10,-1.0\n100,10,0.0\n100,10,\n100,10,1\n100,10,600\n", "new new defaulter new|SCORE under 580|SCORE from 580"},
	} {
		p, report, err := load(t, c.csv, m)
		if err != nil || !slices.Equal(p.Segments, want) {
			t.Fatalf("%v, %v, %v", p, report.Bad, err)
		}
		var got []string
		for _, a := range p.Accounts {
			got = append(got, p.Segments[a.Segment])
		}
		if groups := strings.Join(got[:4], " ") + "|" + strings.Join(got[4:], "|"); groups != c.groups {
			t.Errorf("groups %s, want %s", groups, c.groups)
		}
	}
	if _, report, err := load(t, "bal,due,SCORE\n100,10,NH\n100,10,high\n", m); err == nil || len(report.Bad) != 1 || report.Bad[0].Rule != "must be a number, or listed in values" {
		t.Errorf("%v, %v", report.Bad, err)
	}
}
