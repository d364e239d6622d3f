package chart_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"collectsim/analysis/chart"
)

// hard is a shape of data that breaks careless layouts.
type hard struct {
	name   string
	names  []string
	points int
	value  func(series, point int) float64 // in [0, 1]
	scale  float64                         // of values that are no shares
}

const long = "Calls in the evening, then two visits with a written notice and a hardship plan, variant "

func numbered(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s%d", prefix, i+1)
	}
	return out
}

func spreadOut(s, p int) float64 { return 0.1 + 0.08*float64(s) + 0.002*float64(p) }

func always(v float64) func(int, int) float64 { return func(int, int) float64 { return v } }

var hards = []hard{
	{"nine strategies", numbered("Strategy ", 9), 30, spreadOut, 100},
	{"long names", numbered(long, 4), 30, spreadOut, 100},
	{"nine long names", numbered(long, 9), 30, spreadOut, 100},
	{"nine long words", numbered("evening_calls_then_two_visits_with_written_notice_", 9), 30, spreadOut, 100},
	{"all equal", numbered("Strategy ", 6), 30, always(0.37), 100},
	{"all zero", numbered("Strategy ", 6), 30, always(0), 100},
	{"all one", numbered("Strategy ", 6), 30, always(1), 1},
	{"one point", numbered("Strategy ", 3), 1, spreadOut, 100},
	{"one strategy, one point, zero", []string{"A"}, 1, always(0), 1},
	{"billions", numbered("Strategy ", 5), 30, spreadOut, 1e9},
	{"tiny", numbered("Strategy ", 5), 30, spreadOut, 1e-6},
	{"billions apart by one", numbered("Strategy ", 3), 30, func(s, p int) float64 { return 1 - 1e-9*float64(s) }, 1e9},
	{"negative", numbered("Strategy ", 5), 30, spreadOut, -1000},
	{"gaps", numbered("Strategy ", 4), 30, func(s, p int) float64 {
		if p%7 == 3 || p > 20 && s == 1 {
			return math.NaN()
		}
		return spreadOut(s, p)
	}, 100},
}

// line is series i as a line; shares are clamped, others scaled.
func (h hard) line(i int, share bool) chart.Line {
	l := chart.Line{Name: h.names[i]}
	for p := range h.points {
		v := h.value(i, p)
		if !share {
			v *= h.scale
		}
		w := 0.05 * math.Abs(v)
		l.X, l.Y = append(l.X, float64(12*p)), append(l.Y, v)
		l.Low, l.High = append(l.Low, v-w), append(l.High, v+w)
	}
	return l
}

func (h hard) lines(share bool) []chart.Line {
	var ls []chart.Line
	for i := range h.names {
		ls = append(ls, h.line(i, share))
	}
	return ls
}

// iv is series i's value at point p as an interval.
// byRatio are the lines with X from 0.002 upwards.
func (h hard) byRatio() []chart.Line {
	ls := h.lines(false)
	for _, l := range ls {
		for p := range l.X {
			l.X[p] = 0.002 * math.Pow(1.9, float64(p))
		}
	}
	return ls
}

func (h hard) iv(i, p int, scale float64) chart.Interval {
	v := h.value(i, p)
	if v != v {
		return chart.Exact(v)
	}
	return iv(v*scale, 0.05*math.Abs(v*scale))
}

// values are series i's first n values, not negative.
func (h hard) values(i, n int) []float64 {
	out := make([]float64, n)
	for p := range out {
		out[p] = math.Abs(h.value(i, p) * h.scale)
	}
	return out
}

// charts makes a chart of every kind from the data.
func (h hard) charts() map[string]chart.Chart {
	f := chart.Frame{Note: "hard data: " + h.name, Interval: ci, Source: madeUp}
	over := chart.Overlay{Name: "second run", Lines: h.lines(true)}
	m := map[string]chart.Chart{
		"overdue":         chart.Overdue{Frame: f, DPD: 30, Lines: h.lines(true)},
		"overdue+overlay": chart.Overdue{Frame: f, DPD: 30, Lines: h.lines(true), Overlay: over},
		"queue+overlay": chart.Queue{
			Frame: f, Waiting: h.lines(false), Utilisation: h.lines(true),
			Overlay: chart.QueueOverlay{Name: "second run", Waiting: h.lines(false), Utilisation: h.lines(true)},
		},
		"overdue-reported":  chart.OverdueReported{Frame: f, DPD: 1, ByBalance: true, Contractual: h.lines(true), Reported: h.lines(true)},
		"stress":            chart.Stress{Frame: f, Lines: h.lines(false), Distress: 70},
		"collection-stress": chart.Stress{Frame: f, Caused: true, Lines: h.lines(false)},
		"stress-visit":      chart.StressVisit{Frame: f, Lines: h.lines(false), NoticeDay: -3},
		"stress-visit+overlay": chart.StressVisit{
			Frame: f, Lines: h.lines(false), Appointments: h.lines(false),
			Overlay: chart.StressVisitOverlay{Name: "second run", Lines: h.lines(false), Appointments: h.lines(false)},
		},
		"vintage":       chart.Vintage{Frame: f, DPD: 30, Strategy: long, Lines: h.lines(true), Overlay: over},
		"distress":      chart.Distress{Frame: f, Lines: h.lines(true), Distress: 70},
		"queue":         chart.Queue{Frame: f, Waiting: h.lines(false), Utilisation: h.lines(true)},
		"acceptability": chart.Acceptability{Frame: f, Threshold: "Worth of the effect (CNY)", Lines: h.lines(true), Optimal: make([]int, h.points)},
		"sweep":         chart.Sweep{Frame: f, Input: long + "(unit)", Outcome: long + "(unit)", Base: 1, Lines: h.lines(false)},
		"sweep-log":     chart.Sweep{Frame: f, Input: long + "(unit)", Outcome: long + "(unit)", LogInput: true, Base: 0.003, Lines: h.byRatio()},
		"break-even": chart.BreakEven{
			Frame: f, Input: "Input (unit)", Outcome: "outcome (unit)", Challenger: h.names[0], Champion: long,
			Difference: []chart.Line{h.line(0, false)}, Crossings: []chart.Crossing{
				{Interval: h.iv(0, 0, h.scale), LowOpen: true}, {Interval: h.iv(0, 2, 3*h.scale), HighOpen: true}, {Interval: chart.Exact(0)},
			},
		},
		"convergence": chart.Convergence{Frame: f, Outcome: "outcome (unit)", Lines: h.lines(false), Needed: 100},
	}
	h.rows(f, m)
	return m
}

// rows adds the kinds that have rows or points.
func (h hard) rows(f chart.Frame, m map[string]chart.Chart) {
	n := len(h.names)
	cost := chart.RecoveryCost{Frame: f, Unit: "CNY", Frontier: h.names}
	cost2 := chart.RecoveryCost{Frame: f, Unit: "CNY", Overlay: chart.CostOverlay{Name: "second run"}}
	three := chart.Frontier3{Frame: f, Unit: "CNY", Efficient: h.names}
	waterfall := chart.CostWaterfall{Frame: f, Unit: "CNY", Parts: h.names}
	funnel := chart.ContactFunnel{Frame: f, Unit: "contacts", Stages: h.names}
	forest := chart.Forest{Frame: f, Outcome: "outcome (unit)", Reference: long, Better: chart.Higher}
	individual := chart.Individual{Frame: f, Outcome: "outcome", Reference: long}
	fair := chart.Fairness{Frame: f, Outcome: "outcome (unit)", Reference: long, Groups: h.names}
	voi := chart.ValueOfInformation{Frame: f, Unit: "CNY", All: h.iv(0, 0, h.scale), Over: h.line(0, false), Axis: "Worth (CNY)"}
	tornado := chart.Tornado{Frame: f, Outcome: "Outcome (unit)", Base: 0.3 * h.scale}
	cure := chart.Cure{Frame: f}
	best := chart.BestMap{Frame: f, XTitle: "X (unit)", YTitle: "Y (unit)", Strategies: h.names}
	roll := chart.RollRates{Frame: f, Strategy: long, From: h.names, To: h.names}
	for i, name := range h.names {
		cost.Points = append(cost.Points, chart.CostPoint{Name: name, Cost: h.iv(i, 0, h.scale), Recovery: h.iv(i, 1, h.scale)})
		three.Points = append(three.Points, chart.StressedPoint{
			Name: name, Cost: h.iv(i, 0, h.scale), Recovery: h.iv(i, 1, h.scale), Stress: h.iv(i, 0, 100),
		})
		waterfall.Bars = append(waterfall.Bars, chart.CostBar{Name: name, Costs: h.values(i, n), Total: chart.Exact(math.NaN())})
		funnel.Counts = append(funnel.Counts, chart.FunnelCount{Name: name, Count: h.values(i, n)})
		forest.Rows = append(forest.Rows, chart.ForestRow{Name: name, Difference: h.iv(i, 0, h.scale), Joint: h.iv(i, 0, h.scale)})
		share := h.value(i, 0) / 2
		individual.Bars = append(individual.Bars, chart.IndividualBar{Name: name, Helped: share, Harmed: share, Unaffected: 1 - 2*share})
		s := chart.FairnessSeries{Name: name}
		var rates []float64
		for g := range n {
			s.Gaps = append(s.Gaps, h.iv(i, g, h.scale))
			rates = append(rates, 1/float64(n))
		}
		fair.Series = append(fair.Series, s)
		roll.Rates = append(roll.Rates, rates)
		voi.Bars = append(voi.Bars, chart.VOIBar{Input: name, Value: h.iv(i, 0, h.scale)})
		tornado.Bars = append(tornado.Bars, chart.TornadoBar{Input: name, Range: "0 to 1", Low: h.value(i, 0) * h.scale, High: h.value(i, 5) * h.scale, Between: []float64{h.value(i, 9) * h.scale, h.scale, math.NaN()}})
		cure.Curves = append(cure.Curves, h.curve(i))
	}
	cost2.Points, cost2.Overlay.Points = cost.Points, cost.Points
	for k := range 3 * n {
		best.X, best.Y = append(best.X, float64(k)*h.scale), append(best.Y, float64(k)*h.scale)
		best.Best = append(best.Best, make([]int, 3*n))
		for x := range best.Best[k] {
			best.Best[k][x] = (k + x) % n
		}
	}
	if h.scale < 0 { // values fall
		for k := range best.X {
			best.X[k], best.Y[k] = float64(k), float64(k)
		}
	}
	for k, c := range map[string]chart.Chart{
		"recovery-cost": cost, "recovery-cost+overlay": cost2, "frontier3": three, "cost-waterfall": waterfall, "contact-funnel": funnel, "forest": forest,
		"individual": individual, "fairness": fair, "voi": voi, "tornado": tornado, "cure": cure, "best-map": best, "roll-rates": roll,
	} {
		m[k] = c
	}
}

func (h hard) curve(i int) chart.CureCurve {
	k := chart.CureCurve{Name: h.names[i]}
	for p := range h.points {
		k.Day = append(k.Day, float64(3*p+1))
		k.Uncured = append(k.Uncured, h.value(i, p))
		k.AtRisk = append(k.AtRisk, 1_000_000-p)
	}
	return k
}

// box is the ink of one piece of text: from the descenders to the capitals' tops.
type box struct {
	vg.Rectangle
	text string
}

// texts gives the boxes of all text on a recording, measured from the fonts themselves.
func texts(t *testing.T, rec *recorder.Canvas) []box {
	t.Helper()
	fonts := font.NewCache(liberation.Collection())
	var out []box
	for _, a := range rec.Actions {
		switch a := a.(type) {
		case *recorder.Rotate, *recorder.Translate, *recorder.Scale:
			t.Fatalf("%s: the boxes are measured for text that is not moved", a.Call())
		case *recorder.FillString:
			if a.Size < 12 {
				t.Errorf("%q is set in %v pt, less than 12", a.String, a.Size)
			}
			face := fonts.Lookup(a.Font, a.Size)
			w := face.Width(a.String)
			out = append(out, box{vg.Rectangle{
				Min: vg.Point{X: a.Point.X, Y: a.Point.Y - 0.2*a.Size},
				Max: vg.Point{X: a.Point.X + w, Y: a.Point.Y + 0.72*a.Size},
			}, a.String})
		}
	}
	return out
}

// checkDrawing checks that all text and all paths lie on the picture and that no two texts overlap.
func checkDrawing(t *testing.T, c chart.Chart) {
	t.Helper()
	rec, w, h, err := chart.Record(c)
	if err != nil {
		t.Fatal(err)
	}
	const slack = 0.01
	out := func(p vg.Point) bool {
		return !(p.X >= -slack && p.X <= w+slack && p.Y >= -slack && p.Y <= h+slack)
	}
	bs := texts(t, rec)
	if len(bs) == 0 {
		t.Error("no text")
	}
	for i, a := range bs {
		if out(a.Min) || out(a.Max) {
			t.Errorf("%q is clipped: %v on a picture of %v x %v", a.text, a.Rectangle, w, h)
		}
		for _, b := range bs[:i] {
			if min(a.Max.X, b.Max.X)-max(a.Min.X, b.Min.X) > slack && min(a.Max.Y, b.Max.Y)-max(a.Min.Y, b.Min.Y) > slack {
				t.Errorf("%q overlaps %q: %v, %v", a.text, b.text, a.Rectangle, b.Rectangle)
			}
		}
	}
	for _, p := range paths(rec) {
		for _, k := range p {
			if k.Type != vg.CloseComp && out(k.Pos) {
				t.Fatalf("a path leaves the picture of %v x %v at %v", w, h, k.Pos)
			}
		}
	}
}

func paths(rec *recorder.Canvas) []vg.Path {
	var ps []vg.Path
	for _, a := range rec.Actions {
		switch a := a.(type) {
		case *recorder.Stroke:
			ps = append(ps, a.Path)
		case *recorder.Fill:
			ps = append(ps, a.Path)
		}
	}
	return ps
}

// TestTextStaysReadable draws every example and every kind with hard data.
func TestTextStaysReadable(t *testing.T) {
	for _, e := range examples {
		t.Run("example/"+e.name, func(t *testing.T) { checkDrawing(t, e.make()) })
	}
	for _, h := range hards {
		cs := h.charts()
		for _, k := range chart.Kinds {
			if cs[k.Name] == nil {
				t.Fatalf("no hard data for kind %s", k.Name)
			}
		}
		for name, c := range cs {
			t.Run(h.name+"/"+name, func(t *testing.T) { checkDrawing(t, c) })
		}
	}
}
