package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"collectsim/analysis/chart"
)

// TestSameBytes writes two charts twice in every format.
func TestSameBytes(t *testing.T) {
	for _, make := range []func() chart.Chart{overdue, cure} {
		for _, format := range chart.Formats {
			var a, b bytes.Buffer
			small := func() chart.Chart { return sized{make(), 5, 3}.chart() }
			if err := errors.Join(chart.Write(&a, small(), format), chart.Write(&b, small(), format)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%s: two drawings differ", format)
			}
		}
	}
}

// TestPDF checks what would change from run to run, and that both fonts are embedded.
func TestPDF(t *testing.T) {
	var buf bytes.Buffer
	if err := chart.Write(&buf, overdue(), "pdf"); err != nil {
		t.Fatal(err)
	}
	dates := regexp.MustCompile(`/(?:Creation|Mod)Date \(D:(\d+)`).FindAllSubmatch(buf.Bytes(), -1)
	if len(dates) != 2 {
		t.Fatalf("%d dates, want 2", len(dates))
	}
	for _, d := range dates {
		if string(d[1]) != "20000101000000" {
			t.Errorf("date %s", d[1])
		}
	}
	if n := bytes.Count(buf.Bytes(), []byte("/FontFile2")); n != 2 {
		t.Errorf("%d fonts embedded, want regular and bold", n)
	}
}

func TestPNGSize(t *testing.T) {
	var buf bytes.Buffer
	if err := chart.Write(&buf, overdue(), "png"); err != nil {
		t.Fatal(err)
	}
	im, err := png.DecodeConfig(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if im.Width != 10*192 || im.Height != 5.6*192-0.2 { // 1075.2 pixels
		t.Errorf("%d x %d pixels", im.Width, im.Height)
	}
}

// TestSVG: well-formed, titled, with fonts to fall back on, names escaped.
func TestSVG(t *testing.T) {
	c := overdue().(chart.Overdue)
	c.Title = "Rates <b> & \"more\""
	var buf bytes.Buffer
	if err := chart.Write(&buf, c, "svg"); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, buf.Bytes())
	for _, want := range []string{"<title>Rates &lt;b&gt; &amp; &#34;more&#34;</title>", `role="img"`, "'Liberation Sans',Arial"} {
		if !strings.Contains(buf.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(buf.String(), "NaN") {
		t.Error("NaN in the drawing")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	for _, f := range chart.Formats {
		if err := chart.Write(failing{}, sized{overdue(), 5, 3}.chart(), f); err == nil || err.Error() != "disk full" {
			t.Errorf("%s to a failing writer: %v", f, err)
		}
	}
	if err := chart.Write(io.Discard, overdue(), "gif"); err == nil || !strings.Contains(err.Error(), `"gif"`) {
		t.Errorf("gif: %v", err)
	}
}

// TestSave: the extension decides; a chart that cannot be drawn leaves the old file alone.
func TestSave(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.SVG")
	if err := chart.Save(file, overdue()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(file)
	if !bytes.HasPrefix(before, []byte("<?xml")) {
		t.Errorf("starts with %.20q", before)
	}
	err := chart.Save(file, chart.Overdue{})
	if err == nil || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("empty chart: %v", err)
	}
	if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
		t.Error("a failed drawing changed the file")
	}
	if err := chart.Save(filepath.Join(t.TempDir(), "plain"), overdue()); err == nil {
		t.Error("no extension: no error")
	}
}

// TestKinds: every example belongs to a kind and every kind has an example; descriptions are one line.
func TestKinds(t *testing.T) {
	var names []string
	for _, k := range chart.Kinds {
		names = append(names, k.Name)
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(k.Name) {
			t.Errorf("%q is not in kebab-case", k.Name)
		}
		if k.Description == "" || strings.ContainsAny(k.Description, "\n") {
			t.Errorf("%s: description %q", k.Name, k.Description)
		}
		if !slices.ContainsFunc(examples, func(e struct {
			name string
			make func() chart.Chart
		},
		) bool {
			return e.name == k.Name
		}) {
			t.Errorf("%s has no example", k.Name)
		}
	}
	for _, e := range examples {
		kind, _, _ := strings.Cut(e.name, "+")
		if !slices.Contains(names, kind) {
			t.Errorf("example %s has no kind", e.name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("a name stands for two kinds")
	}
}

// TestSizes draws every example small, wide and tall.
func TestSizes(t *testing.T) {
	for _, e := range examples {
		for _, s := range []struct{ w, h float64 }{{6.5, 4}, {13.33, 7.5}, {8, 11}} {
			t.Run(e.name, func(t *testing.T) { checkDrawing(t, sized{e.make(), s.w, s.h}.chart()) })
		}
	}
}

// TestNaNLeavesAGap: a line with a gap in the middle is stroked in two pieces, none of which spans the gap.
func TestNaNLeavesAGap(t *testing.T) {
	l := chart.Line{Name: "A"}
	for d := range 101 {
		y := 0.5
		if d >= 40 && d <= 60 {
			y = math.NaN()
		}
		l.X, l.Y = append(l.X, float64(d)), append(l.Y, y)
	}
	whole := chart.Line{Name: "A", X: l.X, Y: slices.Repeat([]float64{0.5}, 101)}
	longest := func(l chart.Line) (n int) {
		rec, _, _, err := chart.Record(chart.Overdue{Frame: frame(""), DPD: 1, Lines: []chart.Line{l}})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths(rec) {
			n = max(n, len(p))
		}
		return n
	}
	if got := longest(whole); got != 101 {
		t.Errorf("without a gap, the line has %d points, want 101", got)
	}
	if got := longest(l); got != 40 {
		t.Errorf("with a gap, the longest piece has %d points, want 40", got)
	}
}

// TestKindsSayOverlay: a kind says it can be overlaid if, and only if, its struct has the field.
func TestKindsSayOverlay(t *testing.T) {
	for _, k := range chart.Kinds {
		for _, e := range examples {
			if e.name == k.Name {
				if has := reflect.ValueOf(e.make()).FieldByName("Overlay").IsValid(); has != k.Overlay {
					t.Errorf("%s: Overlay is %v, the field is there: %v", k.Name, k.Overlay, has)
				}
			}
		}
	}
}

// TestForeignNames: characters outside the fonts are drawn as empty boxes, but drawn, in every format.
func TestForeignNames(t *testing.T) {
	c := overdue().(chart.Overdue)
	c.Title, c.Source = "emoji 📞 \x00\xff\ufffe", "run \x07 基准"
	c.Lines[0].Name, c.Lines[1].Name, c.Lines[2].Name = "电话催收", "Überfällig – größer €5", "emoji 📞 \x00\xff"
	c.Width, c.Height = 5, 3
	for _, f := range chart.Formats {
		var buf bytes.Buffer
		if err := chart.Write(&buf, c, f); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if f == "svg" {
			wellFormed(t, buf.Bytes())
		}
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	for dec := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestConcurrent writes charts from several goroutines; run with -race.
func TestConcurrent(t *testing.T) {
	var want bytes.Buffer
	if err := chart.Write(&want, forest(), "svg"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var got bytes.Buffer
			if err := errors.Join(chart.Write(&got, forest(), "svg"), chart.Write(io.Discard, forest(), "pdf")); err != nil {
				t.Error(err)
			}
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Error("a drawing made beside others differs")
			}
		})
	}
	wg.Wait()
}
