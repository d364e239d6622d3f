package chart_test

import (
	"math"

	"collectsim/analysis/chart"
)

// Made-up data of the size and shape of a real run.

const (
	madeUp = "made-up data for the examples of this package"
	ci     = "95% interval of the mean, 400 replications"
)

func frame(note string) chart.Frame {
	return chart.Frame{Note: note, Interval: ci, Source: madeUp}
}

// series samples f every step days from 0 to 360 with a band that widens with the square root of time.
func series(name string, step int, width float64, f func(day float64) float64) chart.Line {
	l := chart.Line{Name: name}
	for d := 0; d <= 360; d += step {
		x := float64(d)
		y, w := f(x), width*math.Sqrt(x/360)
		l.X, l.Y = append(l.X, x), append(l.Y, y)
		l.Low, l.High = append(l.Low, y-w), append(l.High, y+w)
	}
	return l
}

// settle runs from a to b with the given time constant, and a monthly ripple.
func settle(a, b, tau, ripple float64) func(float64) float64 {
	return func(d float64) float64 {
		return b + (a-b)*math.Exp(-d/tau) + ripple*math.Sin(2*math.Pi*d/30)*math.Exp(-d/200)
	}
}

func overdueLines() []chart.Line {
	return []chart.Line{
		series("No contact", 1, 0.006, settle(0.12, 0.183, 120, 0.003)),
		series("Reminders only", 1, 0.005, settle(0.12, 0.131, 90, 0.003)),
		series("Calls from day 5", 1, 0.005, settle(0.12, 0.108, 80, 0.004)),
		series("Calls, then visits from day 30", 1, 0.004, settle(0.12, 0.083, 70, 0.004)),
		series("Diagnose and remedy", 1, 0.004, settle(0.12, 0.079, 95, 0.002)),
	}
}

func overdue() chart.Chart {
	return chart.Overdue{
		Frame: frame("Base population, 10,000 accounts, instalments monthly"),
		DPD:   30, Basis: "contractual", Lines: overdueLines(),
	}
}

func overdueOverlay() chart.Chart {
	a := overdueLines()[1:4]
	var b []chart.Line
	for i, l := range a {
		b = append(b, series(l.Name, 1, 0.005, settle(0.12, l.Y[360]+0.02-0.004*float64(i), 80, 0.003)))
	}
	return chart.Overdue{
		Frame: frame("Base run against a run with a recession from day 60"),
		DPD:   30, Lines: a, Overlay: chart.Overlay{Name: "recession", Lines: b},
	}
}

func stress() chart.Chart {
	c := chart.Stress{Frame: frame("Base population, 10,000 accounts"), Distress: 70}
	for i, l := range overdueLines() {
		peak := []float64{22, 27, 41, 47, 30}[i]
		c.Lines = append(c.Lines, series(l.Name, 1, 1.2, func(d float64) float64 {
			return 18 + (peak-18)*(d/70)*math.Exp(1-d/70) + 6*(1-math.Exp(-d/200))
		}))
	}
	return c
}

// collectionStress is the stress of the example less a level.
func collectionStress() chart.Chart {
	c := chart.Stress{Frame: frame("Base population, 10,000 accounts"), Caused: true}
	for i, l := range overdueLines() {
		peak := []float64{22, 27, 41, 47, 30}[i]
		c.Lines = append(c.Lines, series(l.Name, 1, 1.2, func(d float64) float64 {
			return 18 + (peak-18)*(d/70)*math.Exp(1-d/70) + 6*(1-math.Exp(-d/200))
		}))
	}
	return c
}

func iv(v, half float64) chart.Interval {
	return chart.Interval{Value: v, Low: v - half, High: v + half}
}

func recoveryCost() chart.Chart {
	return chart.RecoveryCost{
		Frame: frame("Base population, discounted over 360 days"), Unit: "CNY per account",
		Points: []chart.CostPoint{
			{"No contact", chart.Exact(0), iv(1480, 40)},
			{"Reminders only", iv(6.2, 0.1), iv(1905, 42)},
			{"Calls from day 5", iv(38, 1.1), iv(2210, 45)},
			{"Calls, then visits from day 30", iv(121, 4.5), iv(2466, 52)},
			{"Visits for all", iv(203, 6), iv(2391, 55)},
			{"Diagnose and remedy", iv(96, 3.2), iv(2480, 49)},
		},
		Frontier: []string{"No contact", "Reminders only", "Calls from day 5", "Diagnose and remedy"},
	}
}

func cure() chart.Chart {
	c := chart.Cure{Frame: frame("Accounts that became 1+ day past due within the first 180 days")}
	c.Interval = "95% interval, Greenwood's variance on the log-log scale"
	for i, h := range []float64{0.004, 0.009, 0.013, 0.018} {
		k := chart.CureCurve{Name: overdueLines()[i].Name}
		left := 2400.0 - 130*float64(i)
		n := left
		for d := 1; d <= 180; d += 3 {
			s := math.Exp(-h * float64(d) * 0.9)
			w := 1.96 * math.Sqrt(s*(1-s)/n)
			k.Day, k.Uncured = append(k.Day, float64(d)), append(k.Uncured, s)
			k.Low, k.High = append(k.Low, max(0, s-w)), append(k.High, min(1, s+w))
			k.AtRisk = append(k.AtRisk, int(left*math.Exp(-(h+0.0015)*float64(d))))
		}
		c.Curves = append(c.Curves, k)
	}
	return c
}
