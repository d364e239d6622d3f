package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"math"
	"regexp"
	"strconv"
	"strings"

	"collectsim/analysis/chart"
)

// pageFigure is a chart on the page.
type pageFigure struct {
	ID, Kind, Title, Reading string // Reading says how to read it
	SVG                      template.HTML
	Alt                      string
}

// pageCharts are the charts of the page in order, with what each shows.
var pageCharts = []struct {
	id, kind string
	options  ChartOptions
}{
	{"overdue", "overdue", ChartOptions{}},
	{"overdue-reported", "overdue-reported", ChartOptions{}},
	{"forest-overdue", "forest", ChartOptions{Metric: "overdue_rate_30"}},
	{"cure", "cure", ChartOptions{}},
	{"roll-rates", "roll-rates", ChartOptions{}},
	{vintageChart, vintageChart, ChartOptions{}},
	{"recovery-cost", "recovery-cost", ChartOptions{}},
	{"forest-value", "forest", ChartOptions{Metric: rankedBy}},
	{"cost-waterfall", "cost-waterfall", ChartOptions{}},
	{"contact-funnel", "contact-funnel", ChartOptions{}},
	{"queue", "queue", ChartOptions{}},
	{"stress", "stress", ChartOptions{}},
	{"collection-stress", "collection-stress", ChartOptions{}},
	{"stress-visit", "stress-visit", ChartOptions{}},
	{"distress", "distress", ChartOptions{}},
	{"individual", "individual", ChartOptions{}},
	{"fairness", "fairness", ChartOptions{}},
	{"acceptability", "acceptability", ChartOptions{}},
	{"voi", "voi", ChartOptions{}},
	{"convergence", "convergence", ChartOptions{}},
}

// addFigures draws what the folder can show; what it cannot is named with its reason.
func (a *author) addFigures(p *page) error {
	styles := newStyleSheet()
	data := map[string]chartData{}
	run := *a.r
	run.page = a.w
	for _, x := range pageCharts {
		if x.kind == vintageChart && !run.hasVintages() { // a closed portfolio: nothing is missing
			continue
		}
		var svg bytes.Buffer
		picture, err := run.Draw(x.kind, x.options)
		if err == nil {
			err = chart.Write(&svg, sparse(picture), "svg")
		}
		if err != nil { // the folder lacks a table, or has nothing to draw, such as cures in a run of a day
			why := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", "; "), fmt.Sprintf("chart %q: ", x.kind))
			d := a.w.doubt(why)
			d.About = a.chartTitle(x.id)
			p.Missing = append(p.Missing, d)
			continue
		}
		f := pageFigure{ID: "chart-" + x.id, Kind: x.kind, Title: a.chartTitle(x.id), Reading: a.w.say("reading." + x.kind)}
		d := dataOf(picture, a.w.chart)
		f.Alt = a.alt(f.Title, x.kind, d)
		f.SVG = template.HTML(inline(svg.String(), f.ID, f.Title, f.Alt, styles))
		if len(d.Panels) > 0 {
			data[f.ID] = d
		}
		p.Figures = append(p.Figures, f)
	}
	text, err := json.Marshal(map[string]any{"charts": data, "strategies": a.r.Manifest.Strategies, "words": a.scriptWords()})
	if err != nil {
		return err
	}
	p.Styles, p.Data = template.CSS(styles.text.String()), template.JS(text)
	return nil
}

// chartTitle names a chart, with the strategy or team that it is about.
func (a *author) chartTitle(id string) string {
	return a.w.say("chart."+id, "strategy", a.r.leader(), "team", a.w.say("team."+a.r.busiest()), "base", a.base())
}

// scriptWords are the texts that the script shows.
func (a *author) scriptWords() map[string]string {
	words := map[string]string{}
	for _, key := range []string{"show", "sort", "ascending", "descending", "day", "hint", "to"} {
		words[key] = a.w.say("js." + key)
	}
	return words
}

// chartData is what a chart draws, for the page's script and for its description in words: lines by panel,
// or single values.
type chartData struct {
	Panels []panelData `json:"panels,omitempty"`
	values []namedValue
}

type panelData struct {
	Percent bool       `json:"percent,omitempty"`
	Day     bool       `json:"day,omitempty"` // X is days
	Lines   []lineData `json:"lines"`
}

type lineData struct {
	Name string    `json:"name"`
	X    []rounded `json:"x"`
	Y    []rounded `json:"y"`
	Low  []rounded `json:"low,omitempty"`
	High []rounded `json:"high,omitempty"`
}

// namedValue is one mark of a chart without lines.
type namedValue struct{ name, text string }

// rounded is written with the four significant digits that the page shows; NaN is null.
type rounded float64

// MarshalJSON implements json.Marshaler.
func (x rounded) MarshalJSON() ([]byte, error) {
	if !finiteNumber(float64(x)) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(x), 'g', 4, 64), nil
}

func roundedAll(values []float64) []rounded {
	if values == nil {
		return nil
	}
	out := make([]rounded, len(values))
	for i, x := range values {
		out[i] = rounded(x)
	}
	return out
}

func linesOf(percent, day bool, lines []chart.Line) panelData {
	p := panelData{Percent: percent, Day: day}
	for _, l := range thin(lines) {
		p.Lines = append(p.Lines, lineData{l.Name, roundedAll(l.X), roundedAll(l.Y), roundedAll(l.Low), roundedAll(l.High)})
	}
	return p
}

// dataOf takes the numbers out of a chart; word translates the names that are no strategies.
func dataOf(c chart.Chart, word func(string) string) chartData {
	lines := func(percent, day bool, lines []chart.Line) chartData {
		return chartData{Panels: []panelData{linesOf(percent, day, lines)}}
	}
	switch c := c.(type) {
	case chart.Overdue:
		return lines(true, true, c.Lines)
	case chart.OverdueReported:
		return lines(true, true, c.Contractual)
	case chart.Stress:
		return lines(false, true, c.Lines)
	case chart.StressVisit:
		return chartData{Panels: []panelData{linesOf(false, true, c.Appointments), linesOf(false, true, c.Lines)}}
	case chart.Distress:
		return lines(true, false, c.Lines)
	case chart.Vintage:
		return lines(true, false, c.Lines)
	case chart.Acceptability:
		return lines(true, false, c.Lines)
	case chart.Convergence:
		return lines(c.Unit == chart.Percent, false, c.Lines)
	case chart.Queue:
		return chartData{Panels: []panelData{linesOf(false, true, c.Waiting), linesOf(true, true, c.Utilisation)}}
	case chart.Cure:
		var list []chart.Line
		for _, k := range c.Curves {
			list = append(list, cured(k))
		}
		return lines(true, true, list)
	}
	return chartData{values: valuesOf(c, word)}
}

// cured is the rising share of a falling curve.
func cured(k chart.CureCurve) chart.Line {
	l := chart.Line{Name: k.Name, X: k.Day}
	for i, s := range k.Uncured {
		l.Y = append(l.Y, 1-s)
		if k.Low != nil {
			l.Low, l.High = append(l.Low, 1-k.High[i]), append(l.High, 1-k.Low[i])
		}
	}
	return l
}

// valuesOf lists the marks of charts without lines.
func valuesOf(c chart.Chart, word func(string) string) (list []namedValue) {
	add := func(name, format string, values ...any) {
		list = append(list, namedValue{name, fmt.Sprintf(format, values...)})
	}
	switch c := c.(type) {
	case chart.RecoveryCost:
		for _, p := range c.Points {
			add(p.Name, "%s / %s", short(p.Cost.Value), short(p.Recovery.Value))
		}
	case chart.Forest:
		for _, r := range c.Rows {
			scale, suffix := 1.0, ""
			if c.Unit == chart.Percent {
				scale, suffix = 100, word(" pp")
			}
			add(r.Name, "%s%s (%s – %s)", short(scale*r.Difference.Value), suffix, short(scale*r.Difference.Low), short(scale*r.Difference.High))
		}
	case chart.CostWaterfall:
		for _, b := range c.Bars {
			add(b.Name, "%s", short(b.Total.Value))
		}
	case chart.ContactFunnel:
		for _, k := range c.Counts {
			var parts []string
			for _, n := range k.Count {
				parts = append(parts, short(n))
			}
			add(k.Name, "%s", strings.Join(parts, " → "))
		}
	case chart.Individual:
		for _, b := range c.Bars {
			add(b.Name, "%s%% / %s%% / %s%%", short(100*b.Helped), short(100*b.Unaffected), short(100*b.Harmed))
		}
	case chart.ValueOfInformation:
		for _, b := range c.Bars {
			add(b.Input, "%s", short(b.Value.Value))
		}
	case chart.RollRates:
		for i, from := range c.From {
			add(word(from), "%s%%", short(100*c.Rates[i][0]))
		}
	case chart.Fairness:
		for _, s := range c.Series {
			for g, v := range s.Gaps {
				add(s.Name+" – "+word(c.Groups[g]), "%s", short(100*v.Value))
			}
		}
	}
	return list
}

// short prints three significant digits.
func short(x float64) string {
	if !finiteNumber(x) {
		return "–"
	}
	if math.Abs(x) >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// alt says in words what a chart shows: the values where its lines end, or its marks.
func (a *author) alt(title, kind string, d chartData) string {
	var parts []string
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			k := len(l.Y) - 1
			scale, suffix := 1.0, ""
			if p.Percent {
				scale, suffix = 100, "%"
			}
			if k >= 0 {
				parts = append(parts, l.Name+" "+short(scale*float64(l.Y[k]))+suffix)
			}
		}
	}
	for _, v := range d.values {
		parts = append(parts, v.name+" "+v.text)
	}
	values := strings.Join(parts, a.w.say("list.semicolon"))
	text := a.w.say("alt.ends", "title", title, "values", values)
	if len(d.Panels) == 0 {
		text = a.w.say("alt.values", "title", title, "what", a.w.say("alt."+kind), "values", values)
	}
	return strings.NewReplacer("?.", "?", "？。", "？").Replace(text) // after a title that asks
}

// linePoints is how many points the lines of one panel share: more than the page has pixels for would only make
// it large. A line keeps leastPoints in any case.
const (
	linePoints  = 1600
	leastPoints = 100
)

// sparse takes points out of the long lines of a chart, evenly, the last one kept.
func sparse(c chart.Chart) chart.Chart {
	switch c := c.(type) {
	case chart.Overdue:
		c.Lines = thin(c.Lines)
		return c
	case chart.Stress:
		c.Lines = thin(c.Lines)
		return c
	case chart.OverdueReported:
		c.Contractual, c.Reported = thin(c.Contractual), thin(c.Reported)
		return c
	case chart.Queue:
		c.Waiting, c.Utilisation = thin(c.Waiting), thin(c.Utilisation)
		return c
	}
	return c
}

func thin(lines []chart.Line) []chart.Line {
	out := make([]chart.Line, len(lines))
	for k, l := range lines {
		most := max(leastPoints, linePoints/len(lines))
		every := (len(l.X) + most - 1) / most
		if every < 2 {
			out[k] = l
			continue
		}
		out[k] = chart.Line{Name: l.Name}
		for i := range l.X {
			if i%every == 0 || i == len(l.X)-1 {
				out[k].X, out[k].Y = append(out[k].X, l.X[i]), append(out[k].Y, l.Y[i])
				if l.Low != nil {
					out[k].Low, out[k].High = append(out[k].Low, l.Low[i]), append(out[k].High, l.High[i])
				}
			}
		}
	}
	return out
}

// styleSheet gives every style of the charts a class, since most repeat in hundreds of marks.
type styleSheet struct {
	classes map[string]string
	text    strings.Builder
}

func newStyleSheet() *styleSheet { return &styleSheet{classes: map[string]string{}} }

func (s *styleSheet) class(style string) string {
	name, ok := s.classes[style]
	if !ok {
		name = "k" + strconv.Itoa(len(s.classes))
		s.classes[style] = name
		fmt.Fprintf(&s.text, ".%s{%s}\n", name, html.UnescapeString(style))
	}
	return name
}

// compact writes a path of lines with relative moves and a tenth of a point, a quarter of its length. Other paths
// stay as they are.
func compact(path string) string {
	if strings.ContainsAny(path, "ACQ") || strings.Contains(path, "ZL") {
		return path
	}
	var b strings.Builder
	var x, y int // tenths, where the pen is
	for _, step := range svgStep.FindAllStringSubmatch(path, -1) {
		if step[0] == "Z" {
			b.WriteString("Z")
			continue
		}
		fx, err1 := strconv.ParseFloat(step[2], 64)
		fy, err2 := strconv.ParseFloat(step[3], 64)
		if err1 != nil || err2 != nil {
			return path
		}
		nx, ny := int(math.Round(10*fx)), int(math.Round(10*fy))
		switch {
		case step[1] == "M":
			b.WriteString("M" + tenths(nx) + "," + tenths(ny))
		case ny == y:
			b.WriteString("h" + tenths(nx-x))
		case nx == x:
			b.WriteString("v" + tenths(ny-y))
		default:
			b.WriteString("l" + tenths(nx-x) + "," + tenths(ny-y))
		}
		x, y = nx, ny
	}
	return b.String()
}

// tenths prints n tenths as short as SVG allows: no zero in front of the point.
func tenths(n int) string {
	text := strconv.FormatFloat(float64(n)/10, 'f', -1, 64)
	if rest, ok := strings.CutPrefix(text, "0."); ok {
		return "." + rest
	}
	if rest, ok := strings.CutPrefix(text, "-0."); ok {
		return "-." + rest
	}
	return text
}

var (
	svgPath  = regexp.MustCompile(` d="([^"]*)"`)
	svgStep  = regexp.MustCompile(`([ML])(-?[0-9.e+-]+),(-?[0-9.e+-]+)|Z`)
	svgHead  = regexp.MustCompile(`(?s)^.*?<svg [^>]*?viewBox="([^"]*)"[^>]*>\s*<title>.*?</title>`)
	svgStyle = regexp.MustCompile(`\s+style="([^"]*)"`)
)

// inline turns an SVG file into an element of a page: named and described, as wide as its column.
func inline(svg, id, title, alt string, styles *styleSheet) string {
	box := svgHead.FindStringSubmatch(svg)[1]
	svg = svg[len(svgHead.FindString(svg)):]
	svg = svgStyle.ReplaceAllStringFunc(svg, func(match string) string {
		return ` class="` + styles.class(svgStyle.FindStringSubmatch(match)[1]) + `"`
	})
	svg = svgPath.ReplaceAllStringFunc(svg, func(match string) string {
		return ` d="` + compact(svgPath.FindStringSubmatch(match)[1]) + `"`
	})
	head := fmt.Sprintf(`<svg id="%s" role="img" viewBox="%s" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		id+"-svg", box, id, id, id, html.EscapeString(title), id, html.EscapeString(alt))
	return head + svg
}

func finiteNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
