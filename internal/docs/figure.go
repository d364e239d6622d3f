package main

import (
	"math"
	"slices"
	"strconv"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// believed is the run that the simulated figures come from: the default scenario with fewer replications.
const believed = "run --replications 20 --strategies no-contact,tiered-escalation,home-visits"

const (
	tiered = "tiered-escalation"
	visits = "home-visits"
	silent = "no-contact"
)

// figures are the generated parts that need that run.
var figures = map[string]func(*lab) (string, error){
	"roll-rates":   (*lab).rollRates,
	"coarse-rates": (*lab).coarseRates,
	"stocks":       (*lab).stocks,
	"cures":        (*lab).cures,
	"funnel":       (*lab).funnel,
	"visit-work":   (*lab).visitWork,
	"stress":       (*lab).stress,
	"pressure":     (*lab).pressure,
	"misfits":      (*lab).misfits,
}

// percent writes a share as a whole percentage.
func percent(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(100*x, 'f', 0, 64) + "%"
}

// fine writes a small share.
func fine(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + "%" }

// cures sets the cure curve beside the settlement of late loans.
func (l *lab) cures() (string, error) {
	t, err := l.table(believed, "cures")
	if err != nil {
		return "", err
	}
	g := newGrid("day of the episode", silent, tiered, visits, "settled (late, all settled in the end)")
	g.right = 1
	cured := func(strategy string, day int64) string {
		for i, name := range t.Column("strategy").Text {
			if name == strategy && t.Column("day").Int[i] == day {
				return percent(1 - t.Column("survival").Float[i])
			}
		}
		return ""
	}
	for _, day := range []int64{1, 3, 7, 14, 30, 60, 90, 150} {
		fact := ""
		if x, ok := settled[int(day)]; ok {
			fact = percent(x)
		}
		g.add(strconv.FormatInt(day, 10), cured(silent, day), cured(tiered, day), cured(visits, day), fact)
	}
	return g.markdown(), nil
}

// channelSums are the sums of a strategy's channel over the replications.
func (l *lab) channelSums(strategy, channel string) (map[string]float64, error) {
	t, err := l.table(believed, "actions")
	if err != nil {
		return nil, err
	}
	sums := map[string]float64{}
	for i, name := range t.Column("strategy").Text {
		if name != strategy || t.Column("channel").Text[i] != channel {
			continue
		}
		for _, column := range []string{"attempts", "delivered", "rpc", "promises", "promises_due", "promises_kept"} {
			sums[column] += float64(t.Column(column).Int[i])
		}
	}
	return sums, nil
}

// funnel shows how far contacts get.
func (l *lab) funnel() (string, error) {
	t, err := l.table(believed, "replications")
	if err != nil {
		return "", err
	}
	n := float64(len(slices.Compact(slices.Sorted(slices.Values(t.Column("replication").Int)))))
	g := newGrid("strategy", "channel", "attempts a replication", "delivered", "right party, of attempts", "promise, of right party", "kept, of promises due")
	g.right = 2
	for _, strategy := range []string{tiered, visits} {
		for c := loan.NoChannel + 1; c < loan.NumChannels; c++ {
			x, err := l.channelSums(strategy, c.String())
			if err != nil {
				return "", err
			}
			if x["attempts"] > 0 {
				g.add(strategy, c.String(), strconv.FormatFloat(x["attempts"]/n, 'f', 0, 64), percent(x["delivered"]/x["attempts"]),
					percent(x["rpc"]/x["attempts"]), percent(x["promises"]/x["rpc"]), percent(x["promises_kept"]/x["promises_due"]))
			}
		}
	}
	return g.markdown(), nil
}

// visitWork shows what a visit takes and costs.
func (l *lab) visitWork() (string, error) {
	t, err := l.table(believed, "replications")
	if err != nil {
		return "", err
	}
	x, err := l.channelSums(visits, "visit")
	if err != nil {
		return "", err
	}
	letter, err := price("channels.letter.unit_cost")
	if err != nil {
		return "", err
	}
	cost, accounts := mean(t, visits, "cost_per_visit"), float64(scenario.Default().Accounts)
	g := newGrid("figure", "simulated, "+visits, "published")
	g.right = 1
	g.add("visits per crew and working day", strconv.FormatFloat(mean(t, visits, "visits_per_account")*accounts/crewDays(), 'f', 1, 64), "4-6 borrowers a day (India, vendor); at most 10-12 cases a day (trade press)")
	g.add("visits that meet the right party", percent(x["rpc"]/x["attempts"]), "35-50% of visits are unproductive (India, vendor)")
	g.add("cost per visit, CNY", strconv.FormatFloat(cost, 'f', 0, 64), "500-1,500 INR, near 40-130 CNY at 0.085 (India, vendor)")
	g.add("cost of a visit in letters", strconv.FormatFloat(cost/letter, 'f', 0, 64), "16 (Colombian tax agency, 2013)")
	g.add("days from the wish for a visit to the visit", strconv.FormatFloat(mean(t, visits, "wait_days_visit"), 'f', 0, 64), "")
	g.add("utilisation of the visit team", percent(mean(t, visits, "utilisation_visit")), "")
	return g.markdown(), nil
}

// stress shows mean stress of all borrowers over time, and complaints.
func (l *lab) stress() (string, error) {
	t, err := l.table(believed, "daily")
	if err != nil {
		return "", err
	}
	g := newGrid("day", "stress, "+silent, "stress, "+tiered, "stress, "+visits, "in distress, "+silent, "in distress, "+tiered, "in distress, "+visits)
	g.right = 1
	at := func(strategy, series string, day int64) float64 {
		for i, name := range t.Column("strategy").Text {
			if name == strategy && t.Column("day").Int[i] == day {
				return t.Column(series).Float[i]
			}
		}
		return math.NaN()
	}
	for _, day := range []int64{0, 30, 60, 90, 120, 150, 179} {
		row := []string{strconv.FormatInt(day, 10)}
		for _, s := range []string{silent, tiered, visits} {
			row = append(row, strconv.FormatFloat(at(s, "stress", day), 'f', 1, 64))
		}
		for _, s := range []string{silent, tiered, visits} {
			row = append(row, strconv.FormatFloat(100*at(s, "distress_share", day), 'f', 2, 64)+"%")
		}
		g.add(row...)
	}
	return g.markdown(), nil
}

// pressure sets how often borrowers are contacted, complain and come to harm beside what is published.
func (l *lab) pressure() (string, error) {
	t, err := l.table(believed, "replications")
	if err != nil {
		return "", err
	}
	g := newGrid("figure", tiered, visits, "published")
	g.right = 1
	years := float64(scenario.Default().Horizon) / loan.YearDays
	var attempts, complaints []string
	for _, s := range []string{tiered, visits} {
		overdue, err := l.meanSeries(s, "overdue_rate_1")
		if err != nil {
			return "", err
		}
		attempts = append(attempts, strconv.FormatFloat(mean(t, s, "attempts_per_account")/overdue/years/loan.YearDays, 'f', 2, 64))
		complaints = append(complaints, fine(mean(t, s, "complaints_per_1000")/1000/overdue/years))
	}
	g.add("attempts per overdue account and day", attempts[0], attempts[1], "1.25-2.99 (US card issuers, 2021 report)")
	g.add("complaints per year overdue", complaints[0], complaints[1], "0.29% a person-year with a debt in collection reached the regulator (US, 2014)")
	g.add("safety incidents per 1,000 visits", "", strconv.FormatFloat(mean(t, visits, "incidents_per_1000_visits"), 'f', 1, 64), "")
	return g.markdown(), nil
}

// meanSeries is the mean of a daily series over the days.
func (l *lab) meanSeries(strategy, series string) (float64, error) {
	t, err := l.table(believed, "daily")
	if err != nil {
		return 0, err
	}
	sum, n := 0.0, 0.0
	for i, name := range t.Column("strategy").Text {
		if name == strategy {
			sum += t.Column(series).Float[i]
			n++
		}
	}
	return sum / n, nil
}

// price is a number of the default scenario.
func price(path string) (float64, error) {
	v, err := overlay.Get(&scenario.Default().File, path)
	if err != nil {
		return 0, err
	}
	return v.(float64), nil
}

// crewDays is the number of working days of the run, times crews.
func crewDays() float64 {
	s := scenario.Default()
	days := 0.0
	for d := range s.Horizon {
		if s.Teams.Visit.Works((s.Weekday + d) % 7) {
			days++
		}
	}
	return days * s.Teams.Visit.Agents / s.Teams.Visit.Crew
}
