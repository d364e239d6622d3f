package chart_test

import (
	"fmt"
	"math"

	"collectsim/analysis/chart"
)

// examples has a chart for every kind, and variants named <kind>+<variant>.
var examples = []struct {
	name string
	make func() chart.Chart
}{
	{"overdue", overdue},
	{"overdue+overlay", overdueOverlay},
	{"overdue-reported", overdueReported},
	{"recovery-cost", recoveryCost},
	{"recovery-cost+overlay", recoveryCostOverlay},
	{"frontier3", frontier3},
	{"stress", stress},
	{"collection-stress", collectionStress},
	{"stress-visit", stressVisit},
	{"stress-visit+overlay", stressVisitOverlay},
	{"distress", distress},
	{"cure", cure},
	{"cure+overlay", cureOverlay},
	{"roll-rates", rollRates},
	{"vintage", vintage},
	{"vintage+months", vintageMonths},
	{"vintage+overlay", vintageOverlay},
	{"cost-waterfall", costWaterfall},
	{"contact-funnel", contactFunnel},
	{"queue", queue},
	{"queue+overlay", queueOverlay},
	{"forest", forest},
	{"individual", individual},
	{"fairness", fairness},
	{"acceptability", acceptability},
	{"voi", voi},
	{"break-even", breakEven},
	{"sweep", sweep},
	{"tornado", tornado},
	{"best-map", bestMap},
	{"convergence", convergence},
}

var strategies = []string{
	"No contact", "Reminders only", "Calls from day 5", "Calls, then visits from day 30", "Diagnose and remedy",
}

// over samples f at n+1 even places from a to b; half gives half the interval, or is nil.
func over(name string, a, b float64, n int, f, half func(float64) float64) chart.Line {
	l := chart.Line{Name: name}
	for i := range n + 1 {
		x := a + (b-a)*float64(i)/float64(n)
		l.X, l.Y = append(l.X, x), append(l.Y, f(x))
		if half != nil {
			l.Low, l.High = append(l.Low, f(x)-half(x)), append(l.High, f(x)+half(x))
		}
	}
	return l
}

func constant(v float64) func(float64) float64 { return func(float64) float64 { return v } }

func overdueReported() chart.Chart {
	a := overdueLines()[2:5]
	var b []chart.Line
	for i, l := range a {
		share := []float64{0.02, 0.05, 0.28}[i]
		b = append(b, series(l.Name, 1, 0.004, func(d float64) float64 {
			return l.Y[int(d)] * (1 - share*(1-math.Exp(-d/90)))
		}))
	}
	return chart.OverdueReported{Frame: frame("Base population, 10,000 accounts"), DPD: 30, Contractual: a, Reported: b}
}

func frontier3() chart.Chart {
	c := chart.Frontier3{
		Frame: frame("Base population, discounted over 360 days"), Unit: "CNY per account",
		Efficient: []string{"No contact", "Reminders only", "Calls from day 5", "Diagnose and remedy"},
	}
	for i, q := range recoveryCost().(chart.RecoveryCost).Points {
		s := []float64{22.4, 23.1, 29.8, 36.5, 44.2, 26.3}[i]
		c.Points = append(c.Points, chart.StressedPoint{Name: q.Name, Cost: q.Cost, Recovery: q.Recovery, Stress: iv(s, 0.8)})
	}
	return c
}

func stressVisit() chart.Chart {
	path := func(rise, fall float64) func(float64) float64 {
		return func(d float64) float64 {
			switch {
			case d < -7:
				return 31
			case d < 0:
				return 31 + rise*(1-math.Exp(-(d+7)/3))
			}
			return 31 - fall + (rise+fall)*math.Exp(-d/6)
		}
	}
	return chart.StressVisit{
		Frame: frame("Visited borrowers, 30 to 90 days past due"), NoticeDay: -7,
		Lines: []chart.Line{
			over("Visit that only demands", -21, 45, 66, path(14, 0), constant(1.4)),
			over("Visit that diagnoses", -21, 45, 66, path(12, 7), constant(1.3)),
			over("Visit without notice", -21, 45, 66, func(d float64) float64 {
				if d < 0 {
					return 31
				}
				return 31 + 17*math.Exp(-d/9)
			}, constant(1.6)),
		},
	}
}

// stressVisitOverlay has both panels, as a run's folder gives them, and a second run.
func stressVisitOverlay() chart.Chart {
	path := func(name string, before, notice, visit, decay float64) (booked, visited chart.Line) {
		booked = over(name, -7, 30, 37, func(d float64) float64 {
			if d < 0 {
				return before
			}
			return before + notice*math.Exp(-d/9)
		}, constant(0.5))
		visited = over(name, -7, 30, 37, func(d float64) float64 {
			if d < 0 {
				return before + notice*math.Exp(-(d+4)*(d+4)/8)
			}
			return before + visit*math.Exp(-d/decay)
		}, constant(0.7))
		return booked, visited
	}
	c := chart.StressVisit{Frame: frame("Base population"), Overlay: chart.StressVisitOverlay{Name: "firm tone"}}
	for i, n := range []string{"Calls, then visits from day 30", "Diagnose and remedy"} {
		b, v := path(n, 34+3*float64(i), 5, -6-3*float64(i), 12)
		c.Appointments, c.Lines = append(c.Appointments, b), append(c.Lines, v)
		b, v = path(n, 35+3*float64(i), 6, 12-3*float64(i), 9)
		c.Overlay.Appointments, c.Overlay.Lines = append(c.Overlay.Appointments, b), append(c.Overlay.Lines, v)
	}
	return c
}

func distress() chart.Chart {
	c := chart.Distress{Frame: frame("Base population, 10,000 accounts"), Distress: 70}
	for i, n := range strategies {
		mid := []float64{30, 33, 44, 49, 36}[i]
		c.Lines = append(c.Lines, over(n, 0, 100, 200, func(x float64) float64 {
			return 1 / (1 + math.Exp((x-mid)/9))
		}, constant(0)))
		c.Lines[i].Low, c.Lines[i].High = nil, nil
	}
	return c
}

// vintageCurve is nothing before the second month on book, then rises to a level.
func vintageCurve(name string, months int, level float64) chart.Line {
	rise := func(m float64) float64 { return level * (1 - math.Exp(-max(0, m-1)/4)) }
	return over(name, 0, float64(months), months, rise, func(m float64) float64 { return 0.12 * rise(m) })
}

func vintage() chart.Chart {
	c := chart.Vintage{Frame: frame("Growing book, 660 new loans a month; at each age, the loans that were observed so long"), DPD: 30}
	for i, name := range strategies {
		c.Lines = append(c.Lines, vintageCurve(name, 11, []float64{0.16, 0.13, 0.1, 0.092, 0.07}[i]))
	}
	return c
}

func vintageMonths() chart.Chart {
	c := chart.Vintage{Frame: frame("Growing book, 660 new loans a month"), DPD: 30, Strategy: strategies[2]}
	for i := range 6 {
		c.Lines = append(c.Lines, vintageCurve(fmt.Sprintf("month %d", 2*i+1), 11-2*i, 0.1+0.012*float64(i)))
	}
	return c
}

func vintageOverlay() chart.Chart {
	c := vintage().(chart.Vintage)
	c.Lines, c.Overlay.Name = c.Lines[:3], "recession"
	for _, l := range c.Lines {
		c.Overlay.Lines = append(c.Overlay.Lines, vintageCurve(l.Name, 11, 1.4*l.Y[11]))
	}
	return c
}

func rollRates() chart.Chart {
	return chart.RollRates{
		Frame: frame("Base population, 12 months"), Strategy: "Calls, then visits from day 30",
		From: []string{"current", "1-29", "30-59", "60-89", "90+"},
		To:   []string{"current", "1-29", "30-59", "60-89", "90+", "written off"},
		Rates: [][]float64{
			{0.947, 0.053, 0, 0, 0, 0},
			{0.561, 0.247, 0.192, 0, 0, 0},
			{0.214, 0.118, 0.251, 0.417, 0, 0},
			{0.082, 0.031, 0.077, 0.239, 0.571, 0},
			{0.024, 0.004, 0.006, 0.017, 0.863, 0.086},
		},
	}
}

func costWaterfall() chart.Chart {
	c := chart.CostWaterfall{
		Frame: frame("Base population, over 360 days"), Unit: "CNY per account",
		Parts: []string{"messages", "calls", "visits and travel", "training", "waived interest and penalties", "complaints"},
	}
	for i, p := range [][]float64{
		{0, 0, 0, 0, 0, 0.1},
		{5.9, 0, 0, 0, 0, 0.3},
		{4.1, 31.2, 0, 0.6, 0, 2.1},
		{4.1, 27.9, 79.8, 3.1, 0, 6.2},
		{4.1, 22.3, 31.7, 7.4, 28.8, 1.7},
	} {
		t := 0.0
		for _, v := range p {
			t += v
		}
		c.Bars = append(c.Bars, chart.CostBar{Name: strategies[i], Costs: p, Total: iv(t, 0.035*t)})
	}
	return c
}

func contactFunnel() chart.Chart {
	return chart.ContactFunnel{
		Frame: frame("Base population, over 360 days"), Unit: "contacts per 100 accounts",
		Stages: []string{"attempted", "delivered", "right party reached", "promise made", "promise kept"},
		Counts: []chart.FunnelCount{
			{Name: "Reminders only", Count: []float64{612, 571, 248, 31, 22}},
			{Name: "Calls from day 5", Count: []float64{944, 712, 301, 118, 71}},
			{Name: "Calls, then visits from day 30", Count: []float64{861, 655, 322, 151, 98}},
		},
	}
}

func queue() chart.Chart {
	wait := func(peak, t float64) func(float64) float64 {
		return func(d float64) float64 { return peak * (d / t) * math.Exp(1-d/t) * (1 + 0.12*math.Sin(d/4.8)) }
	}
	use := func(top, t float64) func(float64) float64 {
		return func(d float64) float64 { return top * (1 - math.Exp(-d/t)) * (1 - 0.05*math.Sin(d/4.8)) }
	}
	return chart.Queue{
		Frame: frame("Two call teams of 12, one visit team of 6"),
		Waiting: []chart.Line{
			series("Calls from day 5", 1, 90, wait(820, 80)),
			series("Calls, then visits from day 30", 1, 120, wait(1340, 120)),
		},
		Utilisation: []chart.Line{
			series("Calls from day 5", 1, 0.02, use(0.83, 20)),
			series("Calls, then visits from day 30", 1, 0.02, use(0.96, 28)),
		},
	}
}

func forest() chart.Chart {
	row := func(n string, v, half float64) chart.ForestRow {
		return chart.ForestRow{Name: n, Difference: iv(v, half), Joint: iv(v, 1.32*half)}
	}
	c := chart.Forest{
		Frame: frame("Base population, day 360"), Outcome: "overdue rate, 30+ days (percentage points of accounts)",
		Unit: chart.Percent, Better: chart.Lower, Reference: "Reminders only",
		Rows: []chart.ForestRow{
			row("No contact", 0.0493, 0.0041),
			row("Calls from day 5", -0.0231, 0.0035),
			row("Calls, then visits from day 30", -0.0482, 0.0037),
			row("Diagnose and remedy", -0.0511, 0.0044),
			row("Letters only", -0.0021, 0.0038),
		},
	}
	c.Interval = "95% interval of the paired difference, 400 replications; adjusted by Holm"
	return c
}

func individual() chart.Chart {
	c := chart.Individual{Frame: frame("10,000 borrowers, same random draws"), Outcome: "amount repaid by day 360", Reference: "Reminders only"}
	for i, s := range [][2]float64{{0.031, 0.184}, {0.147, 0.052}, {0.231, 0.071}, {0.262, 0.028}} {
		n := append([]string{strategies[0]}, strategies[2:]...)[i]
		c.Bars = append(c.Bars, chart.IndividualBar{Name: n, Helped: s[0], Harmed: s[1], Unaffected: 1 - s[0] - s[1]})
	}
	return c
}

func fairness() chart.Chart {
	c := chart.Fairness{
		Frame: frame("Base population, day 360"), Outcome: "cure rate (percentage points)", Unit: chart.Percent, Reference: "all borrowers",
		Groups: []string{"region: urban", "region: rural", "product: cash", "product: card", "cause: illness", "cause: job loss"},
	}
	for i, n := range strategies[1:4] {
		s := chart.FairnessSeries{Name: n}
		for g, v := range []float64{0.021, -0.034, -0.008, 0.006, -0.081, -0.102} {
			s.Gaps = append(s.Gaps, iv(v*(1+0.4*float64(i))+0.004*float64(g%2), 0.012+0.003*float64(g)))
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func acceptability() chart.Chart {
	c := chart.Acceptability{Frame: frame("2,000 draws of all uncertain inputs"), Threshold: "Worth of one avoided 30+ account (CNY)"}
	mid := []float64{0, 150, 600, 1500, 2600}
	weight := func(i int, x float64) float64 { return math.Exp(-math.Pow((x-mid[i])/(300+0.4*mid[i]), 2) / 2) }
	for i, n := range strategies {
		c.Lines = append(c.Lines, over(n, 0, 4000, 160, func(x float64) float64 {
			sum := 1e-9
			for k := range mid {
				sum += weight(k, x)
			}
			return weight(i, x) / sum
		}, nil))
	}
	for k := range c.Lines[0].X {
		best := 0
		for i, l := range c.Lines {
			if l.Y[k] > c.Lines[best].Y[k] {
				best = i
			}
		}
		c.Optimal = append(c.Optimal, best)
	}
	return c
}

func voi() chart.Chart {
	c := chart.ValueOfInformation{
		Frame: frame("2,000 draws of all uncertain inputs, one avoided 30+ account worth CNY 1,000"), Unit: "CNY per account",
		All: iv(18.4, 1.1),
		Bars: []chart.VOIBar{
			{Input: "Promise-keeping after a call", Value: iv(4.3, 0.7)},
			{Input: "Effect of a visit on payment", Value: iv(11.9, 0.9)},
			{Input: "Income shocks", Value: iv(2.2, 0.5)},
			{Input: "Cost of a visit", Value: iv(0.8, 0.3)},
			{Input: "Stress per contact", Value: iv(0.1, 0.1)},
		},
		Over: over("All inputs", 0, 4000, 80, func(x float64) float64 {
			return 18 * math.Exp(-math.Pow((x-1100)/700, 2))
		}, constant(0.9)),
		Axis: "Worth of one avoided 30+ account (CNY)",
	}
	for i, y := range c.Over.Low {
		c.Over.Low[i] = max(0, y)
	}
	return c
}

func breakEven() chart.Chart {
	c := chart.BreakEven{
		Frame: frame("Base population, 360 days"), Input: "Cost of one visit (CNY)", Outcome: "net recovery (CNY per account)",
		Challenger: "Calls, then visits from day 30", Champion: "Calls from day 5",
		Difference: []chart.Line{over("Difference", 20, 300, 56, func(x float64) float64 { return 210 - 1.25*x }, constant(24))},
		Crossings:  []chart.Crossing{{Interval: chart.Interval{Value: 168, Low: 148.8, High: 187.2}}},
	}
	return c
}

func sweep() chart.Chart {
	c := chart.Sweep{
		Frame: frame("Base population, 360 days"), Input: "Effect of a contact on payment (times base)", Outcome: "Overdue rate, 30+ days (% of accounts)",
		Unit: chart.Percent, Base: 1,
	}
	for i, n := range strategies {
		slope := []float64{0, 0.02, 0.045, 0.065, 0.06}[i]
		c.Lines = append(c.Lines, over(n, 0, 3, 12, func(x float64) float64 {
			return 0.18 - slope*(1-math.Exp(-x))/(1-math.Exp(-1))
		}, constant(0.005)))
	}
	return c
}

func tornado() chart.Chart {
	return chart.Tornado{
		Frame:   frame("Calls, then visits from day 30; inputs at the 5% and 95% points of their ranges"),
		Outcome: "Net recovery (CNY per account)", Base: 2345,
		Bars: []chart.TornadoBar{
			{Input: "Cost of a visit", Range: "60 to 180 CNY", Low: 2391, High: 2288},
			{Input: "Effect of a visit on payment", Range: "0.5 to 2.0 times", Low: 2122, High: 2533},
			{Input: "Income shock rate", Range: "0.7 to 1.4 times", Low: 2467, High: 2150},
			{Input: "Right-party contact rate", Range: "25% to 45%", Low: 2259, High: 2412},
			{Input: "Stress per contact", Range: "0 to 3 times", Low: 2352, High: 2331},
			{Input: "Discount rate", Range: "4% to 12% a year", Low: 2361, High: 2329},
			{Input: "Visit notice", Range: "0 to 14 days", Low: 2330, High: 2310},
		},
	}
}

func bestMap() chart.Chart {
	c := chart.BestMap{
		Frame:  frame("Net benefit, 200 replications a cell, common random numbers"),
		XTitle: "Cost of one visit (CNY)", YTitle: "Effect of a contact on payment (times base)",
		Strategies: strategies, SureFrom: 0.95,
	}
	for x := 20.0; x <= 300; x += 20 {
		c.X = append(c.X, x)
	}
	for y := 0.0; y <= 3.01; y += 0.25 {
		c.Y = append(c.Y, math.Round(y*100)/100)
	}
	for _, y := range c.Y {
		var best []int
		var sure []float64
		for _, x := range c.X {
			scores := []float64{0, 20 + 40*y, -20 + 90*y, -60 + 170*y - x*0.7, -90 + 160*y - x*0.25}
			b, second := 0, -1
			for i, s := range scores {
				if s > scores[b] {
					b, second = i, b
				} else if i != b && (second < 0 || s > scores[second]) {
					second = i
				}
			}
			best = append(best, b)
			sure = append(sure, 1-0.5*math.Exp(-(scores[b]-scores[second])/8))
		}
		c.Best, c.Sure = append(c.Best, best), append(c.Sure, sure)
	}
	return c
}

func convergence() chart.Chart {
	c := chart.Convergence{Frame: frame("Base population, day 360"), Outcome: "overdue rate, 30+ days (% of accounts)", Unit: chart.Percent, Needed: 236}
	for i, n := range strategies[1:4] {
		end := []float64{0.131, 0.108, 0.083}[i]
		c.Lines = append(c.Lines, over(n, 10, 400, 195, func(x float64) float64 {
			return end + 0.012*math.Sin(x/9+float64(i))/math.Sqrt(x)
		}, func(x float64) float64 { return 0.05 / math.Sqrt(x) }))
	}
	return c
}

func recoveryCostOverlay() chart.Chart {
	c := recoveryCost().(chart.RecoveryCost)
	c.Overlay.Name = "recession"
	for i, q := range c.Points[1:5] {
		c.Overlay.Points = append(c.Overlay.Points, chart.CostPoint{
			Name: q.Name, Cost: iv(q.Cost.Value*1.08, 2), Recovery: iv(q.Recovery.Value-160-20*float64(i), 50),
		})
	}
	return c
}

func cureOverlay() chart.Chart {
	c := cure().(chart.Cure)
	c.Curves = c.Curves[1:3]
	c.Overlay.Name = "recession"
	for _, k := range c.Curves {
		slow := chart.CureCurve{Name: k.Name, Day: k.Day}
		for _, s := range k.Uncured {
			slow.Uncured = append(slow.Uncured, math.Sqrt(s))
		}
		c.Overlay.Curves = append(c.Overlay.Curves, slow)
	}
	return c
}

func queueOverlay() chart.Chart {
	c := queue().(chart.Queue)
	c.Overlay.Name = "two more visitors"
	for i := range c.Waiting {
		w, u := c.Waiting[i], c.Utilisation[i]
		half := func(l chart.Line, f float64) chart.Line {
			o := chart.Line{Name: l.Name, X: l.X}
			for _, y := range l.Y {
				o.Y = append(o.Y, f*y)
			}
			return o
		}
		c.Overlay.Waiting = append(c.Overlay.Waiting, half(w, 0.6))
		c.Overlay.Utilisation = append(c.Overlay.Utilisation, half(u, 0.8))
	}
	return c
}
