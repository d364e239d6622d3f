package scenario

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
)

// Drawn is a parameter that is drawn anew in every replication.
type Drawn struct {
	Path string
	Meta overlay.ParamMeta
}

// Drawn lists the drawn parameters, sorted by path; none where uncertainty is off.
func (s *Scenario) Drawn() []Drawn {
	var list []Drawn
	if !s.Uncertainty {
		return nil
	}
	for p, m := range s.Meta {
		if m.Dist != "" {
			list = append(list, Drawn{p, m})
		}
	}
	slices.SortFunc(list, func(a, b Drawn) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return list
}

// z95 is the 97.5% quantile of the standard normal distribution.
const z95 = 1.959963984540054

// Quantile returns the value of a drawn parameter at a uniform u in (0,1). The declared value is the
// median of normal, lognormal and logit-normal distributions and the mode of a triangular one; the
// declared range is the central 95%, or the support of uniform and triangular ones. Where the value is not
// in the middle of the range, each side has its own width (the two-piece normal of Fechner 1897, on the
// distribution's scale, with half of the probability on either side).
func Quantile(m overlay.ParamMeta, value, u float64) (float64, error) {
	if !m.HasRange {
		return 0, fmt.Errorf("%s: dist %s needs a range", m.Path, m.Dist)
	}
	z := math.Sqrt2 * math.Erfinv(2*u-1)
	lo, hi := m.Low, m.High
	switch m.Dist {
	case "uniform":
		return lo + float64(u*(hi-lo)), nil
	case "triangular":
		if left := (value - lo) / (hi - lo); u < left {
			return lo + math.Sqrt(u*(hi-lo)*(value-lo)), nil
		}
		return hi - math.Sqrt((1-u)*(hi-lo)*(hi-value)), nil
	case "normal":
		return twoPiece(value, lo, hi, z), nil
	case "lognormal":
		if lo <= 0 || value <= 0 {
			return 0, fmt.Errorf("%s: a lognormal needs a range above 0, got [%g, %g]", m.Path, lo, hi)
		}
		return math.Exp(twoPiece(math.Log(value), math.Log(lo), math.Log(hi), z)), nil
	case "logit-normal":
		if lo <= 0 || hi >= 1 {
			return 0, fmt.Errorf("%s: a logit-normal needs a range inside (0, 1), got [%g, %g]", m.Path, lo, hi)
		}
		logit := func(p float64) float64 { return math.Log(p / (1 - p)) }
		return 1 / (1 + math.Exp(-twoPiece(logit(value), logit(lo), logit(hi), z))), nil
	}
	return 0, fmt.Errorf("%s: unknown dist %q, must be one of uniform, triangular, normal, lognormal, logit-normal", m.Path, m.Dist)
}

// twoPiece is median at z = 0, lo and hi at the 2.5% and 97.5% quantiles of z.
func twoPiece(median, lo, hi, z float64) float64 {
	if z < 0 {
		return median + z*(median-lo)/z95
	}
	return median + z*(hi-median)/z95
}

// Check holds the scenario against every rule, path first, all faults at once.
func (s *Scenario) Check() error {
	errs := append([]error{s.checkValues(), s.checkSize()}, s.checkTeams()...)
	errs = append(errs, s.checkPlayed()...)
	if err := s.Portfolio.Check(); err != nil && s.Reference == nil {
		errs = append(errs, fmt.Errorf("portfolio.%w", err))
	}
	if s.Segments != nil {
		if err := s.Segments.At.Check(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.position("segments.at"), err))
		}
	}
	for _, d := range s.Drawn() {
		v, err := overlay.Get(&s.File, d.Path)
		if _, real := v.(float64); err == nil && !real {
			err = fmt.Errorf("%s: is a whole number, which has no dist; sweep varies it", d.Path)
		}
		if err == nil {
			_, err = Quantile(d.Meta, number(v), 0.5)
		}
		if x := number(v); err == nil && (x < d.Meta.Low || x > d.Meta.High) {
			err = fmt.Errorf("%s: must lie in its range [%g, %g] to be drawn, got %g; state value and range together", d.Path, d.Meta.Low, d.Meta.High, x)
		}
		if err != nil {
			errs = append(errs, errors.New(s.position(d.Path)+strings.TrimPrefix(err.Error(), d.Path)))
		}
	}
	return errors.Join(errs...)
}

// checkValues holds every value against its field's rule. What a file states it has held already; what it leaves out
// of a part that it states is told at the place of that part.
func (s *Scenario) checkValues() error {
	var faults overlay.Errors
	if err := overlay.Check(&s.File); !errors.As(err, &faults) {
		return err
	}
	errs := make([]error, len(faults))
	for i := range faults {
		errs[i] = fmt.Errorf("%s: %s", s.position(faults[i].Path), faults[i].Msg)
	}
	return errors.Join(errs...)
}

// Bounds that keep the ledger, which counts cents in 64 bits, from overflowing without a word.
const (
	largestValue   = 1e9  // of any number of a scenario, money per action or minute among them
	largestBalance = 1e13 // major units, as of tapes
	slowestTravel  = 1e-3 // wages on the road are paid by its inverse
)

// checkSize refuses numbers that no money of this world needs.
func (s *Scenario) checkSize() error {
	var errs []error
	overlay.Numbers(&s.File, func(path string, x float64) {
		most := largestValue
		if strings.Contains(path, "balance") {
			most = largestBalance
		}
		if path != "seed" && math.Abs(x) > most {
			errs = append(errs, fmt.Errorf("%s: must be at most %g in size, got %g", s.position(path), most, x))
		}
		if strings.HasPrefix(path, "travel.") && strings.HasSuffix(path, ".speed") && x > 0 && x < slowestTravel {
			errs = append(errs, fmt.Errorf("%s: must be at least %g, got %g", s.position(path), slowestTravel, x))
		}
	})
	return errors.Join(errs...)
}

// checkPlayed checks the choice of strategies and each of them.
func (s *Scenario) checkPlayed() []error {
	var errs []error
	played := s.Played()
	for i, name := range played {
		at := fmt.Sprintf("compare[%d]", i)
		if slices.Equal(s.Compare, s.origin.Compare) {
			at = s.position(at)
		}
		p := s.Strategy(name)
		switch {
		case p == nil && slices.Contains(Builtin("strategies"), name):
			errs = append(errs, fmt.Errorf("%s: strategy %q: is deleted, and cannot be played", at, name))
			continue
		case p == nil:
			errs = append(errs, fmt.Errorf("%s: %w", at, unknown("strategy", name, s.names())))
			continue
		case slices.Contains(played[:i], name):
			errs = append(errs, fmt.Errorf("%s: %w", at, twice(name)))
			continue
		case strings.TrimSpace(name) != name || name == "" || strings.ContainsFunc(name, unicode.IsControl):
			errs = append(errs, fmt.Errorf("strategies: strategy %q: the name must not be empty, and hold no blanks around it and no control characters", name))
		}
		for _, err := range p.Check() {
			path, rule, _ := strings.Cut(fmt.Sprintf("strategies.%s.%v", name, err), ": ")
			errs = append(errs, fmt.Errorf("%s: %s", s.position(path), rule))
		}
		for _, err := range s.checkArms(name, p) { // an arm may be played as well, and its faults are told once
			if !slices.ContainsFunc(errs, func(told error) bool { return told.Error() == err.Error() }) {
				errs = append(errs, err)
			}
		}
	}
	if !slices.Contains(played, s.Baseline) {
		at := "baseline"
		if s.Baseline == s.origin.Baseline {
			at = s.position(at)
		}
		errs = append(errs, fmt.Errorf("%s: %w", at, unplayed(s.Baseline, played)))
	}
	return errs
}

func unplayed(name string, played []string) error {
	if near := overlay.Nearest(played, name); near != "" {
		return fmt.Errorf("strategy %q: is not played, did you mean %q?", name, near)
	}
	return fmt.Errorf("strategy %q: is not played, must be one of %s", name, strings.Join(played, ", "))
}

// checkArms holds a strategy that divides the accounts among others, its arms, against its rules: the arms exist, are no
// splits, and lead to no circle. within are the strategies of which it is an arm itself.
func (s *Scenario) checkArms(name string, p *strategy.Plan, within ...string) (errs []error) {
	if len(p.Split) == 0 && p.Assign == nil {
		return nil
	}
	fail := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %w", s.position(overlay.Path("strategies", name)+"."+key), fmt.Errorf(format, args...)))
	}
	switch {
	case len(p.Split) > 0 && p.Assign != nil:
		fail("assign", "a strategy divides the accounts by split or by assign, not by both")
	case p.Assign != nil:
		if len(p.Stages) > 0 {
			fail("assign", "a strategy that assigns others has no stages of its own, got %d", len(p.Stages))
		}
		for _, err := range p.Assign.Check() {
			if part, rule, _ := strings.Cut(err.Error(), ": "); part != "by" { // that one the check of values has told
				fail("assign."+part, "%s", rule)
			}
		}
	default:
		if len(p.Stages) > 0 {
			fail("split", "a split has no stages of its own, got %d", len(p.Stages))
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(p.Split)), func(share float64) bool { return share > 0 }) {
			fail("split", "at least one share must be > 0")
		}
	}
	within = append(slices.Clone(within), name)
	for _, arm := range p.Arms() {
		if s.Strategy(arm) == nil && slices.Contains(Builtin("strategies"), arm) {
			if err := s.builtin(arm, arm); err != nil {
				errs = append(errs, err)
			}
		}
		switch a := s.Strategy(arm); {
		case a == nil:
			fail(armKey(p, arm), "%w", unknown("strategy", arm, s.names()))
		case len(a.Split) > 0:
			fail(armKey(p, arm), "%s cannot serve a part of the accounts, since it splits them itself", arm)
		case slices.Contains(within, arm):
			fail(armKey(p, arm), "%s leads back to itself", arm)
		default:
			for _, err := range a.Check() {
				fail(armKey(p, arm), "%w", err)
			}
			errs = append(errs, s.checkArms(arm, a, within...)...)
		}
	}
	return errs
}

// armKey is where a plan names one of its arms.
func armKey(p *strategy.Plan, arm string) string {
	if p.Assign == nil {
		return overlay.Path("split", arm)
	}
	for _, group := range slices.Sorted(maps.Keys(p.Assign.Groups)) {
		if p.Assign.Groups[group] == arm {
			return overlay.Path("assign", "groups", group)
		}
	}
	return "assign.others"
}

// checkSegments holds the segments that strategies name against those of the portfolio.
func (s *Scenario) checkSegments(segments []string) error {
	var errs []error
	for _, name := range s.acting() {
		if a := s.Strategy(name).Assign; a != nil {
			for _, err := range a.CheckSegments(segments) {
				part, rule, _ := strings.Cut(err.Error(), ": ")
				errs = append(errs, fmt.Errorf("%s: %s", s.position(overlay.Path("strategies", name)+".assign."+part), rule))
			}
		}
	}
	return errors.Join(errs...)
}

// names are those that a strategy can be played by: of built-in ones, and of the scenario's own.
func (s *Scenario) names() []string {
	names := Builtin("strategies")
	for i := range s.Strategies {
		if !slices.Contains(names, s.Strategies[i].Name) {
			names = append(names, s.Strategies[i].Name)
		}
	}
	return names
}

// Config turns the scenario into the engine's configuration. portfolio may be nil: then the synthetic
// portfolio of the scenario is drawn.
func (s *Scenario) Config(portfolio *loan.Portfolio) (*sim.Config, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if portfolio == nil {
		portfolio = s.portfolio()
	}
	if err := portfolio.CheckTotal(); err != nil {
		return nil, fmt.Errorf("portfolio: %w", err)
	}
	if s.Segments != nil {
		portfolio = s.Segments.Regroup(portfolio)
	}
	if err := s.checkSegments(portfolio.Segments); err != nil {
		return nil, err
	}
	c := &sim.Config{
		Portfolio: portfolio, Seed: s.Seed, Replications: s.Replications, Horizon: s.Horizon, Weekday: s.Weekday,
	}
	for _, h := range s.Holidays {
		c.Holidays = append(c.Holidays, loan.Day(h))
	}
	s = s.Clone() // what is changed in the scenario later is no part of this run
	drawn := s.Drawn()
	if len(drawn) == 0 && !s.Redraw {
		world := s.File.World(s.Played(), portfolio.Segments)
		c.Draw = func(rng.Stream) (*sim.World, []float64, error) { return world, nil, nil }
		return c, nil
	}
	c.Draw = func(stream rng.Stream) (*sim.World, []float64, error) {
		f, values, err := s.draw(stream, drawn)
		if err != nil {
			return nil, nil, err
		}
		world := f.World(s.Played(), portfolio.Segments)
		if s.Redraw {
			world.Accounts = f.redraw(stream, portfolio)
		}
		return world, values, nil
	}
	return c, nil
}

// redraw draws the accounts of one replication in place of a portfolio's.
func (f *File) redraw(stream rng.Stream, p *loan.Portfolio) (accounts []loan.Account) {
	if p.Drawn {
		accounts = f.Portfolio.Draw(stream, f.Accounts, f.Horizon)
	} else {
		accounts = borrower.Resample(stream, p.Accounts)
	}
	if f.Segments != nil {
		f.Segments.Group(accounts)
	}
	return accounts
}

// parameterAccount keys the draws of parameters; no account has this id.
const parameterAccount = ^uint64(0)

// draw lays the drawn parameters of one replication over a copy of the scenario. It reads s only, so
// workers may share it.
func (s *Scenario) draw(stream rng.Stream, drawn []Drawn) (*File, []float64, error) {
	f := overlay.Clone(&s.File)
	values := make([]float64, len(drawn))
	for k, d := range drawn {
		base, err := overlay.Get(&s.File, d.Path)
		if err != nil {
			return nil, nil, err
		}
		b := stream.Block(parameterAccount, borrower.DrawParameters, hash(d.Path))
		if values[k], err = Quantile(d.Meta, number(base), b.Uniform(0)); err != nil {
			return nil, nil, err
		}
		if err := overlay.SetFloat(f, d.Path, values[k]); err != nil {
			return nil, nil, fmt.Errorf("drawn value: %w", err)
		}
	}
	return f, values, nil
}

// hash names a parameter's draw by its path (FNV-1a), so that declaring one more distribution leaves
// the draws of the others alone.
func hash(path string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(path) {
		h = (h ^ uint64(path[i])) * 1099511628211
	}
	return h
}

// World compiles the scenario for the engine, with the strategies that are played and the segments of its own portfolio.
func (s *Scenario) World() *sim.World {
	if s.Segments != nil {
		return s.File.World(s.Played(), s.Segments.Names())
	}
	return s.File.World(s.Played(), ownSegments)
}

// World compiles the file for the engine, with the named strategies, for a portfolio of the named segments.
func (f *File) World(played, segments []string) *sim.World {
	w := &sim.World{
		Borrowers: f.Borrowers, Teams: f.Teams, Travel: f.Travel, Guardrails: f.Guardrails,
		Costs: f.Costs, Terms: f.Remedies, Policy: f.Policy,
	}
	for c := range f.Channels {
		w.Services[c] = f.Channels[c].Service
		w.Responses.Channels[c] = f.Channels[c].Response
	}
	t, m := &f.Tones, &f.Messages
	w.Responses.Tones = [loan.NumTones]borrower.ToneResponse{t.Neutral, t.Friendly, t.Firm, t.Harsh}
	w.Responses.Messages = [loan.NumMessages]borrower.MessageResponse{m.Plain, m.Personalised, m.Moral, m.Threat}
	for _, name := range played {
		w.Strategies = append(w.Strategies, f.compile(name, w.Teams.Offered, segments))
	}
	if f.Reference != nil {
		f.Reference.apply(w)
	}
	return w
}

// compile compiles a strategy by name, and the arms among which it divides the accounts. Check has made sure that all exist.
func (f *File) compile(name string, offered func(loan.Channel, loan.Region) bool, segments []string) strategy.Strategy {
	at := slices.IndexFunc(f.Strategies, func(s Strategy) bool { return s.Name == name })
	if at < 0 {
		panic("scenario: strategy " + name + " was not checked")
	}
	p := &f.Strategies[at].Plan
	arm := func(name string) strategy.Strategy { return f.compile(name, offered, segments) }
	switch {
	case p.Assign != nil:
		return strategy.Assign(name, p.Assign, segments, arm)
	case len(p.Split) > 0:
		var arms []strategy.Strategy
		var shares []float64
		for _, name := range p.Arms() {
			arms, shares = append(arms, arm(name)), append(shares, p.Split[name])
		}
		return strategy.Split(name, arms, shares)
	}
	return strategy.Compile(name, p, offered)
}

// ownSegments are those of a portfolio that the scenario makes itself.
var ownSegments = []string{"all"}

// portfolio is the scenario's own portfolio.
func (s *Scenario) portfolio() *loan.Portfolio {
	if s.Reference != nil {
		return s.Reference.portfolio(s.Accounts)
	}
	return s.Portfolio.Portfolio(s.Seed, s.Accounts, s.Horizon)
}

// portfolio returns n copies of the reference account: wholly overdue, no further instalments.
func (r *Reference) portfolio(n int) *loan.Portfolio {
	p := &loan.Portfolio{Currency: "unit", Segments: ownSegments, Source: "reference", Accounts: make([]loan.Account, n)}
	balance := loan.FromUnits(r.Balance)
	for i := range p.Accounts {
		p.Accounts[i] = loan.Account{
			ID: int64(i + 1), DueDay: 1, DPD: loan.MonthDays - 1, Balance: balance, Arrears: balance, Instalment: balance, LastPayment: -1,
		}
	}
	return p
}

// apply makes the engine's process the reference model: one type, always aware and able, intensity
// theta + E with E starting at the distance to theta, payments of a uniform fraction in [0.1, 1].
func (r *Reference) apply(w *sim.World) {
	b := &w.Borrowers
	b.Causes = borrower.Causes{Reliable: borrower.Type{
		Share: 1, Odds: borrower.Odds{Current: 1, Days1: 1, Days30: 1, Days60: 1, Days90: 1, PaidNone: 1, PaidPart: 1, PaidFull: 1},
		Memory: 1, OnTime: 1, Capacity: 1e6, Will: r.Reversion / r.Unit, LossDays: 1,
	}}
	b.Loadings = borrower.Loadings{}
	b.Payment = borrower.Payment{FractionLow: 0.1, FractionHigh: 1}
	b.Excitation.Start = (r.Intensity - r.Reversion) / r.Unit
	b.Excitation.Decay = r.Decay / r.Unit
	b.Excitation.RepaymentBase, b.Excitation.RepaymentSlope = r.JumpBase/r.Unit, r.JumpSlope/r.Unit
	b.Cash.Leak = 0
	w.Costs.Funding = math.Expm1(r.Discount / r.Unit * loan.YearDays)
	w.Policy.ChargeOff = math.MaxInt32
}

// Schema returns the JSON Schema of scenario files or, for "strategy", of strategy files.
func Schema(what string) []byte {
	if what == "strategy" {
		return overlay.Schema(&strategy.Plan{}, nil)
	}
	s := Default()
	return overlay.Schema(&s.File, s.Meta)
}

// Notes are doubts about the scenario as it stands: values outside of their declared range, stages
// that nobody can serve or that the guardrails never let pass.
func (s *Scenario) Notes() []string {
	notes := slices.Clone(s.Warnings)
	for _, doubt := range overlay.OutsideRange(&s.File, s.Meta) {
		told := func(w string) bool { return strings.HasSuffix(w, ": "+doubt) } // with its place in the file
		if !slices.ContainsFunc(s.Warnings, told) {
			notes = append(notes, doubt)
		}
	}
	slices.Sort(notes)
	notes = slices.Compact(notes)
	for _, d := range s.Drawn() {
		if strings.HasPrefix(d.Path, "portfolio.") && !s.Redraw {
			notes = append(notes, d.Path+": is drawn for nothing, since the accounts are the same in every replication; redraw: true draws them anew")
		}
	}
	notes = append(append(notes, s.staffing("call", &s.Teams.Call)...), s.staffing("visit", &s.Teams.Visit)...)
	for _, name := range s.acting() {
		for i := range s.Strategy(name).Stages {
			st := &s.Strategy(name).Stages[i]
			notes = append(append(append(notes, s.unserved(name, st)...), s.forbidden(name, st)...), s.unheeded(name, st)...)
			notes = append(append(notes, s.idle(name, st)...), s.crowdedOut(name, i)...)
		}
	}
	return notes
}

// acting lists the strategies that are played: the arms among which one divides the accounts stand after it.
func (s *Scenario) acting() []string {
	var names []string
	var add func(name string)
	add = func(name string) {
		if slices.Contains(names, name) {
			return
		}
		names = append(names, name)
		for _, arm := range s.Strategy(name).Arms() {
			add(arm)
		}
	}
	for _, name := range s.Played() {
		add(name)
	}
	return names
}

// Grants reports whether a strategy that is played may grant the remedy.
func (s *Scenario) Grants(r loan.Remedy) bool {
	for _, name := range s.acting() {
		for i := range s.Strategy(name).Stages {
			if granted := s.Strategy(name).Stages[i].Remedies.ByCause(); slices.Contains(granted[:], r) {
				return true
			}
		}
	}
	return false
}
