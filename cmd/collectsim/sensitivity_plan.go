package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"collectsim/analysis/estimate"
	"collectsim/analysis/explore"
	"collectsim/analysis/sensitivity"
)

// planned is a step of an analysis before it is played.
type planned struct {
	Step         string `json:"step"`
	Points       int    `json:"points"`
	Replications int    `json:"replications"`
}

// planned lists the steps with the most points that each can have; how many assumptions the first
// steps put aside is not known before.
func (l *lab) planned() []planned {
	k, n := len(l.varied), l.s.Replications
	list := []planned{{"base", 1, n}}
	add := func(step string, points, replications int) {
		list = append(list, planned{step, points, replications})
	}
	kept := min(k, l.o.keep)
	levels := func() int {
		points := []int{}
		for _, v := range l.varied {
			points = append(points, max(l.o.levels, len(v.levels)))
		}
		slices.Sort(points)
		total := 1
		for _, x := range points[len(points)-kept:] {
			total += x
		}
		return total
	}
	switch l.o.method {
	case "morris":
		add("morris", l.o.trajectories*(k+1), n)
	case "sobol":
		add("sobol", l.o.n*(k+2), n)
	case "oneway":
		kept = k
		add("oneway", levels(), n)
	case "twoway":
		add("twoway", max(l.o.levels, len(l.varied[0].levels))*max(l.o.levels, len(l.varied[k-1].levels)), n)
	default:
		if k > l.o.keep {
			add("groups", 1+2*len(l.groups()), l.fewer())
			add("screening", l.o.trajectories*(k+1), l.fewer())
		}
		add("oneway", levels(), n)
		add("sobol", l.o.n*(kept+2), l.fewer())
		add("sample", l.o.samples, l.fewer())
	}
	return list
}

// schedule follows a plan, for the time that is left.
type schedule struct {
	all     []planned
	started time.Time
	done    int // runs played since then
}

// restart forgets the time that reading a finished step took.
func (s *schedule) restart() { s.started = time.Now() }

// did counts the runs of a step that has been played.
func (s *schedule) did(runs int) { s.done += runs }

// left says which step of how many begins and how long it and those behind it take at the pace so far.
func (s *schedule) left(step string) string {
	at := slices.IndexFunc(s.all, func(p planned) bool { return p.Step == step })
	if at < 0 {
		return ""
	}
	text := fmt.Sprintf(" (step %d of %d", at+1, len(s.all))
	if s.done > 0 {
		runs := 0
		for _, p := range s.all[at:] {
			runs += p.Points * p.Replications
		}
		seconds := time.Since(s.started).Seconds() / float64(s.done) * float64(runs)
		text += fmt.Sprintf(", at most %s left in all", time.Duration(seconds*float64(time.Second)).Round(time.Second))
	}
	return text + ")"
}

// estimateOfAnalysis is what --dry-run prints.
type estimateOfAnalysis struct {
	Assumptions int       `json:"assumptions"`
	Accounts    int       `json:"accounts"`
	Steps       []planned `json:"steps"`
	Runs        int       `json:"runs"`
	Seconds     float64   `json:"seconds"`
	Bytes       int64     `json:"bytes"` // of the tables, before compression
}

// dryRun says what the analysis takes at most, from a short trial over the ranges.
func (l *lab) dryRun() error {
	points, err := sensitivity.LatinHypercube(l.bounds(), 3, sensitivity.LHSOptions{Seed: l.s.Seed})
	if err != nil {
		return usage(err)
	}
	plan, err := l.sweep("trial", points, 1)
	if err != nil {
		return usage(err)
	}
	e := estimateOfAnalysis{Assumptions: len(l.varied), Accounts: len(plan.Accounts().Accounts), Steps: l.planned()}
	for _, p := range e.Steps {
		e.Runs += p.Points * p.Replications
	}
	start := time.Now()
	for k := range points {
		if r := plan.Play(l.ctx, k, 0); r.Reason != "" {
			l.app.say("trial %d: %s", k, r.Reason)
		}
	}
	if err := l.ctx.Err(); err != nil {
		return err
	}
	e.Seconds = time.Since(start).Seconds() / float64(len(points)) * float64(e.Runs) / float64(max(l.workers, 1))
	for _, p := range e.Steps { // a row of replications and of points for each strategy
		e.Bytes += 8 * int64(p.Points) * int64(len(l.s.Played())) * int64((p.Replications+4)*len(l.metrics())+len(l.varied))
	}
	if l.app.format == "json" {
		return printJSON(l.app, e)
	}
	fmt.Fprintf(l.app.out, "%d assumptions, %d accounts, %d strategies\n", e.Assumptions, e.Accounts, len(l.s.Played()))
	for _, p := range e.Steps {
		fmt.Fprintf(l.app.out, "  %-9s  at most %5d points x %d replications\n", p.Step, p.Points, p.Replications)
	}
	fmt.Fprintf(l.app.out, "at most %d runs, about %s with %d workers, tables of at most %.1f MB\n", e.Runs,
		time.Duration(e.Seconds*float64(time.Second)).Round(time.Second), l.workers, float64(e.Bytes)/1e6)
	return nil
}

// groups are the kept assumptions by the part of the scenario that they belong to: the first two keys of
// the path.
func (l *lab) groups() [][]int {
	var list [][]int
	at := map[string]int{}
	for i, v := range l.kept {
		keys := strings.SplitN(v.Path, ".", 3)
		name := strings.Join(keys[:min(2, len(keys))], ".")
		if _, ok := at[name]; !ok {
			at[name] = len(list)
			list = append(list, nil)
		}
		list[at[name]] = append(list[at[name]], i)
	}
	return list
}

// sift puts the groups aside of which neither end changes a bit of any strategy's figures: since all
// points share their luck, what does not matter changes nothing at all. Channels that no strategy uses are most of
// them. Note: a group that matters only where another assumption leaves its base is put aside, too.
func (l *lab) sift() error {
	groups := l.groups()
	var base []float64
	for _, v := range l.kept {
		base = append(base, v.base)
	}
	points := [][]float64{base}
	for _, group := range groups {
		for _, low := range []bool{true, false} {
			p := slices.Clone(base)
			for _, i := range group {
				if p[i] = l.kept[i].High; low {
					p[i] = l.kept[i].Low
				}
			}
			points = append(points, p)
		}
	}
	study, err := l.step("groups", points, l.fewer())
	if err != nil {
		return err
	}
	var kept []varied
	for g, group := range groups {
		same := study.Same(0, 1+2*g) && study.Same(0, 2+2*g)
		for _, i := range group {
			if same {
				l.inert = append(l.inert, l.kept[i])
			} else {
				kept = append(kept, l.kept[i])
			}
		}
	}
	if len(kept) == 0 {
		return fmt.Errorf("groups: none of the %d assumptions has any effect", len(l.kept))
	}
	l.kept = kept
	return nil
}

// muchNoise is the share of luck in a figure's variance from which on it is warned of (assumption: a tenth of
// the variance moves an index by about a tenth at most).
const muchNoise = 0.1

// doubtNoise warns where luck is much of what a step's points differ by.
func (l *lab) doubtNoise(step string, study *explore.Study, replications int) {
	noise := study.Noise(l.question)
	if math.IsNaN(noise) && l.oneway != nil {
		noise = l.oneway.Noise(l.question) // one replication a point cannot tell
	}
	_, spread := estimate.MeanVariance(slices.DeleteFunc(study.Outputs(l.question), math.IsNaN))
	if share := noise * noise / float64(replications) / spread; share > muchNoise {
		l.warn("%s: luck makes up about %.0f%% of the variance over the points (%d replications each): shares of variance are too low by about that; raise --replications", step, 100*min(share, 1), replications)
	} else if math.IsNaN(share) {
		l.warn("%s: how much of the variance is luck is not known; give --replications 16 or more", step)
	}
}
