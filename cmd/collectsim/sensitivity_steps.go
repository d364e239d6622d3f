package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/decision"
	"collectsim/analysis/explore"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/outcome"
)

// findings are what an analysis has found; nil: not looked for.
type findings struct {
	base        *explore.Study
	baseValue   float64
	baseHalf    float64 // half width of its 95% interval
	screening   *sensitivity.MorrisIndices
	screened    []varied // what the screening looked at
	worth       []float64
	morris      *sensitivity.MorrisIndices
	oneway      *explore.Study
	swings      map[string]float64 // by path: half width of the 95% interval of its one-way range
	tornado     *explore.Tornado
	costTornado *explore.Tornado
	changes     []explore.Change
	flips       []explore.BreakEven
	sobol       *sensitivity.SobolIndices
	information *decision.PartialResult
	discovery   *explore.Discovery
	twoway      *explore.Study
	bestMap     *sensitivity.StrategyMap
	warnings    []string
}

func (l *lab) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

// investigate does the steps.
func (l *lab) investigate() error {
	if err := l.ask(); err != nil {
		return err
	}
	switch l.o.method {
	case "oneway":
		return l.alone()
	case "twoway":
		return l.pair()
	case "sobol":
		return l.variance(l.s.Replications)
	case "morris":
		m, _, err := l.elementary("morris", l.s.Replications)
		l.morris = m
		return err
	}
	for _, step := range []func() error{l.screen, l.alone, func() error { return l.variance(l.fewer()) }, l.sample} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// ask plays the scenario as it stands and settles what figure is looked at.
func (l *lab) ask() error {
	var base []float64
	for _, v := range l.kept {
		base = append(base, v.base)
	}
	study, err := l.step("base", [][]float64{base}, l.s.Replications)
	if err != nil {
		return err
	}
	if r := study.Rows()[0]; r.Status != "ok" {
		return fmt.Errorf("base: the scenario as it stands is %s: %s", r.Status, r.Reason)
	}
	l.base = study
	metric, strategy, level := strings.Cut(l.o.metric, "@")
	l.question = explore.Question{Metric: metric, Strategy: strategy}
	if !level {
		if l.question.Strategy, l.question.Versus, err = study.Two(metric, 0); err != nil {
			return usage(fmt.Errorf("--metric %s: %w", metric, err))
		}
	}
	if l.o.chosen == "" {
		l.o.chosen = study.Best(0, metric)
	}
	l.baseValue, l.baseHalf = study.Outputs(l.question)[0], study.HalfWidth(l.question, 0, -1)
	if l.question.Versus != "" && math.Abs(l.baseValue) <= l.baseHalf {
		l.warn("%d replications cannot tell the two best strategies apart: which of them is best as the scenario stands is open; raise --replications", l.s.Replications)
	}
	return nil
}

// elementary plays Morris trajectories of the kept assumptions.
func (l *lab) elementary(name string, replications int) (*sensitivity.MorrisIndices, []float64, error) {
	b := l.bounds()
	points, err := sensitivity.MorrisDesign(b, l.o.trajectories, sensitivity.MorrisDesignOptions{Seed: l.s.Seed})
	if err != nil {
		return nil, nil, usage(fmt.Errorf("morris: %w", err))
	}
	study, err := l.step(name, points, replications)
	if err != nil {
		return nil, nil, err
	}
	of := func(q explore.Question) (*sensitivity.MorrisIndices, error) {
		m, err := sensitivity.Morris(b, points, study.Outputs(q), sensitivity.MorrisOptions{Seed: l.s.Seed, DropMissing: true})
		return &m, err
	}
	main, err := of(l.question)
	if err != nil {
		return nil, nil, err
	}
	// What an assumption is worth to the screening: its largest mean effect on how far any strategy
	// stands from the best one, so that a challenger out of the two best is not overlooked.
	worth := slices.Clone(main.MuStar)
	if l.question.Versus != "" {
		for _, name := range l.s.Played() {
			if name == l.question.Strategy || name == l.question.Versus {
				continue
			}
			m, err := of(explore.Question{Metric: l.question.Metric, Strategy: l.question.Strategy, Versus: name})
			if err != nil {
				return nil, nil, err
			}
			for i, x := range m.MuStar {
				if x > worth[i] || math.IsNaN(worth[i]) {
					worth[i] = x
				}
			}
		}
	}
	return main, worth, nil
}

// screen keeps the assumptions that matter most, where there are many.
func (l *lab) screen() error {
	if len(l.kept) <= l.o.keep {
		return nil
	}
	if err := l.sift(); err != nil {
		return err
	}
	m, worth, err := l.elementary("screening", l.fewer())
	if err != nil {
		return err
	}
	l.screening, l.screened, l.worth = m, l.kept, worth
	order := make([]int, len(worth))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(known(worth[b]), known(worth[a])) })
	l.kept = nil
	for _, i := range order[:l.o.keep] {
		if known(worth[i]) > 0 {
			l.kept = append(l.kept, l.screened[i])
		}
	}
	if len(l.kept) == 0 {
		return errors.New("screening: no assumption has any effect")
	}
	l.doubtScreening(order)
	return nil
}

// doubtScreening warns where the screening may have dropped what matters; order is by falling worth.
func (l *lab) doubtScreening(order []int) {
	last := l.worth[order[len(l.kept)-1]]
	close := 0
	for _, i := range order[len(l.kept):] {
		if l.worth[i]+l.screening.MuStarConf[i] >= last {
			close++
		}
	}
	if close > 0 {
		l.warn("screening: %d of the %d assumptions that were dropped may matter as much as the last one kept; raise --trajectories or --keep", close, len(order)-len(l.kept))
	}
}

// known is x, or -1 for NaN.
func known(x float64) float64 {
	if math.IsNaN(x) {
		return -1
	}
	return x
}

// levels are the values of each kept assumption in one-way runs, the base left out.
func (l *lab) levels(n int) (base []float64, levels [][]float64, err error) {
	all, err := l.bounds().Levels(n)
	if err != nil {
		return nil, nil, usage(err)
	}
	for i, v := range l.kept {
		base = append(base, v.base)
		if v.levels != nil {
			all[i] = v.levels
		}
		levels = append(levels, slices.DeleteFunc(slices.Clone(all[i]), func(x float64) bool { return x == v.base }))
	}
	return base, levels, nil
}

// alone moves one assumption at a time.
func (l *lab) alone() error {
	base, levels, err := l.levels(l.o.levels)
	if err != nil {
		return err
	}
	points, err := sensitivity.OneWay(base, levels)
	if err != nil {
		return usage(err)
	}
	study, err := l.step("oneway", points, l.s.Replications)
	if err != nil {
		return err
	}
	l.oneway = study
	if l.tornado, err = study.Tornado(l.question, base, levels); err != nil {
		return err
	}
	l.swings = study.SwingHalfWidths(l.tornado, base, levels)
	l.changes = study.Changes(l.question.Metric, base, levels)
	if l.flips, err = study.Flips(l.question.Metric, base, levels); err != nil {
		l.warn("break-even points: %v", err)
	}
	return l.costs(study, base, levels)
}

// costs adds the tornado on cost per recovery of the better strategy, and warns where its increments
// over the other change sign: a ratio of increments would mean nothing there.
func (l *lab) costs(study *explore.Study, base []float64, levels [][]float64) error {
	better := l.question.Strategy
	if l.question.Versus != "" && known(study.Outputs(explore.Question{Metric: "cost_per_recovered", Strategy: better})[0]) <= 0 { // it spends nothing
		better = l.question.Versus
	}
	t, err := study.Tornado(explore.Question{Metric: "cost_per_recovered", Strategy: better}, base, levels)
	if err != nil {
		l.warn("tornado of cost_per_recovered: %v", err)
		return nil
	}
	l.costTornado = t
	if l.question.Versus == "" {
		return nil
	}
	for _, metric := range []string{"cost", "recovered"} {
		x, err := study.Tornado(explore.Question{Metric: metric, Strategy: l.question.Strategy, Versus: l.question.Versus}, base, levels)
		if err != nil {
			return err
		}
		for _, w := range x.Warnings {
			t.Warnings = append(t.Warnings, w+": a cost per extra recovered unit has no meaning across that")
		}
	}
	return nil
}

// variance plays the Saltelli sample.
func (l *lab) variance(replications int) error {
	points, err := sensitivity.Saltelli(l.bounds(), l.o.n, sensitivity.SaltelliOptions{})
	if err != nil {
		return usage(fmt.Errorf("sobol: %w", err))
	}
	study, err := l.step("sobol", points, replications)
	if err != nil {
		return err
	}
	values := study.Outputs(l.question)
	s, err := sensitivity.Sobol(l.bounds().Names(), values, sensitivity.SobolOptions{Seed: l.s.Seed, DropMissing: true})
	l.sobol = &s
	if err == nil && !slices.ContainsFunc(s.ST, func(x float64) bool { return !math.IsNaN(x) }) {
		l.warn("sobol: %s is the same at all points: nothing that is varied moves it, and the indices are undefined", l.question)
		return nil
	}
	if wide := uncertain(&s); wide > 0 {
		l.warn("sobol: %d of %d assumptions have an index that is known to no better than +-0.1 (95%%); raise -n", wide, len(s.Names))
	}
	l.doubtNoise("sobol", study, replications)
	return err
}

// uncertain counts the assumptions whose indices are known too badly to rank them by.
func uncertain(s *sensitivity.SobolIndices) int {
	n := 0
	for i := range s.Names {
		if !(s.S1Conf[i] <= 0.1 && s.STConf[i] <= 0.1) {
			n++
		}
	}
	return n
}

// sample draws all kept assumptions at once, for the value of information and for discovery.
func (l *lab) sample() error {
	points, err := sensitivity.LatinHypercube(l.bounds(), l.o.samples, sensitivity.LHSOptions{Seed: l.s.Seed})
	if err != nil {
		return usage(err)
	}
	study, err := l.step("sample", points, l.fewer())
	if err != nil {
		return err
	}
	if l.information, err = study.Information(l.question.Metric, l.s.Seed); err != nil {
		l.warn("value of information: %v", err)
		l.information = nil
	} else {
		for _, w := range l.information.Warnings {
			l.warn("value of information: %s", w)
		}
	}
	l.doubtNoise("sample", study, l.fewer())
	if l.o.chosen == "" {
		return nil
	}
	l.discovery, err = study.Discover(l.question.Metric, l.o.chosen)
	return err
}

// pair maps the best strategy over two assumptions.
func (l *lab) pair() error {
	all, err := l.bounds().Levels(l.o.levels)
	if err != nil {
		return usage(err)
	}
	for i, v := range l.kept {
		if v.levels != nil {
			all[i] = slices.Clone(v.levels)
			slices.Sort(all[i])
			all[i] = slices.Compact(all[i])
		}
	}
	points, err := sensitivity.TwoWay([]float64{l.kept[0].base, l.kept[1].base}, sensitivity.Axis{Factor: 0, Values: all[0]}, sensitivity.Axis{Factor: 1, Values: all[1]})
	if err != nil {
		return usage(err)
	}
	if l.twoway, err = l.step("twoway", points, l.s.Replications); err != nil {
		return err
	}
	values := make([][]float64, len(points))
	for _, name := range l.s.Played() {
		for p, x := range l.twoway.Outputs(explore.Question{Metric: l.question.Metric, Strategy: name}) {
			values[p] = append(values[p], x)
		}
	}
	better := sensitivity.Higher
	if i := outcome.MetricIndex(l.question.Metric); outcome.Metrics()[i].Better == outcome.Lower {
		better = sensitivity.Lower
	}
	m, err := sensitivity.BestMap(all[0], all[1], values, better)
	l.bestMap = &m
	return err
}
