package strategy

import (
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"

	"collectsim/sim/loan"
)

// Plan is a declarative strategy, as scenario and strategy files write it.
type Plan struct {
	Extends string             `yaml:"extends,omitempty" doc:"name of the strategy that this one starts from"`
	Title   string             `yaml:"title,omitempty" doc:"one line for lists and reports"`
	Source  string             `yaml:"source,omitempty" doc:"where the procedure comes from"`
	Split   map[string]float64 `yaml:"split,omitempty" check:">=0" doc:"champion/challenger: shares of accounts by strategy, rescaled to sum to 1; replaces stages"`
	Assign  *Assignment        `yaml:"assign,omitempty" doc:"targeting: strategy by group of accounts; replaces stages"`
	Stages  []Stage            `yaml:"stages,omitempty" doc:"what is done when, by stage name; each stage acts on its own"`
}

// Stage is one rule of a plan: by which channel, from when to when, how often, for whom.
type Stage struct {
	Name     string       `yaml:"-" overlay:"name"`
	Channel  loan.Channel `yaml:"channel" doc:"channel of the contact"`
	FirstDay int          `yaml:"first_day" doc:"days past due from which the stage acts; negative: days before the due date"`
	LastDay  int          `yaml:"last_day,omitempty" check:">=0" doc:"days past due until which the stage acts; 0: no end"`
	Every    int          `yaml:"every,omitempty" check:"[0,3650]" doc:"days from a contact that met the right party to the next; 0: once"`
	Retry    int          `yaml:"retry,omitempty" check:"[0,3650]" doc:"days from an attempt that met nobody to the next; 0: as every"`
	Cap      int          `yaml:"cap,omitempty" check:">=0" doc:"most attempts per delinquency episode; 0: 255"`
	Tone     loan.Tone    `yaml:"tone,omitempty" doc:"manner of the contact"`
	Message  loan.Message `yaml:"message,omitempty" doc:"content of the contact"`
	Hour     int          `yaml:"hour,omitempty" check:"[0,23]" doc:"hour of the day of the contact; 0: 11 o'clock"`
	Named    bool         `yaml:"named,omitempty" doc:"signed or made by an officer whom the borrower knows by name"`
	When     Condition    `yaml:"when,omitempty" doc:"further conditions, all of which must hold"`
	Through  Through      `yaml:"through,omitempty" doc:"what does not stop the stage"`

	NoticeDays    int          `yaml:"notice_days,omitempty" check:"[0,30]" doc:"visits: days from the notice to the visit; 0: unannounced"`
	NoticeChannel loan.Channel `yaml:"notice_channel,omitempty" doc:"visits: channel of the notice, which is one attempt: a call is rarely answered, a text mostly read"`
	FollowUpDays  int          `yaml:"follow_up_days,omitempty" check:"[0,60]" doc:"days after a visit on which a friendly call follows up; 0: none"`
	Remedies      Remedies     `yaml:"remedies,omitempty" doc:"remedy granted after a conversation, by diagnosed cause"`
}

// Condition holds where every stated part holds; a zero part states nothing. Amounts are in major
// units.
type Condition struct {
	MinOwed    float64        `yaml:"min_owed,omitempty" check:">=0" doc:"least amount owed now"`
	MinBalance float64        `yaml:"min_balance,omitempty" check:">=0" doc:"least outstanding balance"`
	MaxBalance float64        `yaml:"max_balance,omitempty" check:">=0" doc:"largest outstanding balance"`
	MinScore   float64        `yaml:"min_score,omitempty" check:"[0,1]" doc:"least risk score, from 0 for the riskiest to 1 for the safest"`
	MaxScore   float64        `yaml:"max_score,omitempty" check:"[0,1]" doc:"largest risk score: 0.3 leaves the riskiest"`
	MinSilent  int            `yaml:"min_silent_days,omitempty" check:">=0" doc:"least days since the last conversation"`
	MaxVisits  int            `yaml:"max_visits,omitempty" check:">=0" doc:"most visits to the borrower in the run; 0: any number"`
	MinBroken  int            `yaml:"min_broken,omitempty" check:">=0" doc:"least number of broken promises"`
	Products   []loan.Product `yaml:"products,omitempty" doc:"only these products"`
	Regions    []loan.Region  `yaml:"regions,omitempty" doc:"only these regions"`
	Diagnosed  []loan.Cause   `yaml:"diagnosed,omitempty" doc:"only these diagnosed causes"`
}

// Through says which states do not stop a stage. By default an open promise and a remedy in force
// stop it; payment in full and complaints always do.
type Through struct {
	Promise bool `yaml:"promise,omitempty" doc:"go on while a promise is open"`
	Remedy  bool `yaml:"remedy,omitempty" doc:"go on while a remedy is in force"`
}

// Remedies map the diagnosed cause to the remedy that the conversation grants.
type Remedies struct {
	Unknown        loan.Remedy `yaml:"unknown,omitempty"`
	Reliable       loan.Remedy `yaml:"reliable,omitempty"`
	Forgetful      loan.Remedy `yaml:"forgetful,omitempty"`
	TemporaryShock loan.Remedy `yaml:"temporary-shock,omitempty"`
	OverIndebted   loan.Remedy `yaml:"over-indebted,omitempty"`
	Unwilling      loan.Remedy `yaml:"unwilling,omitempty"`
}

// ByCause returns the remedies by loan.Cause.
func (r *Remedies) ByCause() [loan.NumCauses]loan.Remedy {
	return [loan.NumCauses]loan.Remedy{r.Unknown, r.Reliable, r.Forgetful, r.TemporaryShock, r.OverIndebted, r.Unwilling}
}

// Arms lists the strategies among which the plan divides the accounts, sorted; none if it has stages of its own.
func (p *Plan) Arms() []string {
	switch {
	case len(p.Split) > 0:
		return slices.Sorted(maps.Keys(p.Split))
	case p.Assign != nil:
		return p.Assign.Strategies()
	}
	return nil
}

// maxSlots bounds the marks of a strategy.
const maxSlots = 32

// Check reports every rule that the plan breaks, path first.
func (p *Plan) Check() []error {
	var errs []error
	if len(p.Stages) > maxSlots {
		errs = append(errs, fmt.Errorf("stages: at most %d, got %d", maxSlots, len(p.Stages)))
	}
	for i := range p.Stages {
		s := &p.Stages[i]
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("stages.%s.%w", s.Name, fmt.Errorf(format, args...)))
		}
		if s.Channel == loan.NoChannel {
			fail("channel: must be stated")
		}
		if s.LastDay != 0 && s.LastDay < s.FirstDay {
			fail("last_day: must be >= first_day %d, got %d", s.FirstDay, s.LastDay)
		}
		if s.FirstDay < -loan.MonthDays+1 {
			fail("first_day: must be >= %d, got %d", -loan.MonthDays+1, s.FirstDay)
		}
		if s.FirstDay < 0 && s.Channel == loan.Visit {
			fail("first_day: a visit cannot come before the due date, got %d", s.FirstDay)
		}
		if s.Channel != loan.Visit && (s.NoticeDays != 0 || s.NoticeChannel != loan.NoChannel) {
			fail("notice_days: only visits are announced, this stage is by %s", s.Channel)
		}
		if s.NoticeDays > 0 && s.NoticeChannel == loan.NoChannel {
			fail("notice_channel: must be stated where notice_days is %d", s.NoticeDays)
		}
		if s.NoticeChannel == loan.Visit {
			fail("notice_channel: a visit cannot announce a visit")
		}
	}
	return errs
}

// Daily reports whether the stage wants to act every day until it meets the right party.
func (s *Stage) Daily() bool { return s.Retry == 1 || s.Retry == 0 && s.Every == 1 }

// Meets reports whether there are accounts and days on which both stages act: their days overlap, and no part of
// their conditions rules the other's out.
func (s *Stage) Meets(o *Stage) bool {
	a, b := &s.When, &o.When
	return s.FirstDay <= o.end() && o.FirstDay <= s.end() &&
		ranges(a.MinBalance, a.MaxBalance, b.MinBalance, b.MaxBalance) && ranges(a.MinScore, a.MaxScore, b.MinScore, b.MaxScore) &&
		share(a.Products, b.Products) && share(a.Regions, b.Regions) && share(a.Diagnosed, b.Diagnosed)
}

// end is the last day on which the stage acts, in days past due. One that begins before the due date and states no end
// ends before it.
func (s *Stage) end() int {
	switch {
	case s.LastDay != 0:
		return s.LastDay
	case s.FirstDay < 0:
		return -1
	}
	return int(loan.Never)
}

// ranges reports whether two ranges have a point in common; an end of 0 is none.
func ranges(lo, hi, low, high float64) bool {
	return (high == 0 || lo <= high) && (hi == 0 || low <= hi)
}

// share reports whether two lists have a name in common; an empty one stands for all.
func share[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// staged is a compiled Plan.
type staged struct {
	name     string
	stages   []stage
	lead     loan.Day
	calendar []stretch // by days past due, from the day before -lead on; the ends hold for all days beyond
}

// stretch is what a plan may do at one number of days past due: most stages are out of their days.
type stretch struct {
	open uint32   // stages whose days it lies in, as bits
	next loan.Day // days past due from which the next stage acts, or Never
}

var _ Strategy = (*staged)(nil)

// stage is a compiled Stage: conditions as bounds and bit masks, so that testing one costs a few
// comparisons.
type stage struct {
	action                 Action
	first, last            loan.Day
	every, retry           int16
	cap                    uint8
	promise, remedy        bool
	minOwed                loan.Cents
	minBalance, maxBalance loan.Cents
	minScore, maxScore     float32
	minBroken              uint8
	silent                 loan.Day
	maxVisits              uint8
	products, regions      uint8
	diagnosed              uint8
}

// Compile turns a plan into a Strategy. Stages do not act in regions in which offered reports their channel as
// not offered (a team without agents there), and are left out where no region is left: a channel that nobody
// serves does not exist. A nil offered offers everything. Of the plan Check must have found nothing; Extends,
// Split and Assign are not followed: see Split and Assign.
func Compile(name string, p *Plan, offered func(loan.Channel, loan.Region) bool) Strategy {
	c := &staged{name: name}
	for i := range p.Stages {
		s := &p.Stages[i]
		served := serving(s.Channel, offered)
		if served == 0 {
			continue
		}
		st := compileStage(s, uint8(len(c.stages)))
		st.regions &= served
		c.stages = append(c.stages, st)
		if s.FirstDay < 0 {
			c.lead = max(c.lead, loan.Day(-s.FirstDay))
		}
	}
	c.schedule()
	return c
}

// schedule fills the calendar.
func (c *staged) schedule() {
	end := -c.lead
	for i := range c.stages {
		s := &c.stages[i]
		end = max(end, s.first)
		if s.last != loan.Never {
			end = max(end, s.last+1)
		}
	}
	for dpd := -c.lead - 1; dpd <= end; dpd++ {
		d := stretch{next: loan.Never}
		for i := range c.stages {
			switch s := &c.stages[i]; {
			case s.first > dpd:
				d.next = min(d.next, s.first)
			case s.last >= dpd:
				d.open |= 1 << i
			}
		}
		c.calendar = append(c.calendar, d)
	}
}

// serving is the set of regions, as bits, in which a channel is offered.
func serving(c loan.Channel, offered func(loan.Channel, loan.Region) bool) (regions uint8) {
	for r := range loan.NumRegions {
		if offered == nil || offered(c, r) {
			regions |= 1 << r
		}
	}
	return regions
}

func compileStage(s *Stage, slot uint8) stage {
	c := stage{
		action: Action{Slot: slot, Channel: s.Channel, Tone: s.Tone, Message: s.Message, Named: s.Named},
		first:  days(s.FirstDay), last: days(s.end()),
		every: int16(s.Every), retry: int16(s.Retry), cap: uint8(min(s.Cap, 255)),
		promise: s.Through.Promise, remedy: s.Through.Remedy,
		minOwed: loan.FromUnits(s.When.MinOwed), minBalance: loan.FromUnits(s.When.MinBalance),
		maxBalance: math.MaxInt64, minScore: float32(s.When.MinScore), maxScore: 1,
		minBroken: uint8(min(s.When.MinBroken, 255)),
		silent:    days(s.When.MinSilent), maxVisits: 255,
		products: mask(s.When.Products), regions: mask(s.When.Regions), diagnosed: mask(s.When.Diagnosed),
	}
	if s.When.MaxBalance > 0 {
		c.maxBalance = loan.FromUnits(s.When.MaxBalance)
	}
	if s.When.MaxVisits > 0 {
		c.maxVisits = uint8(min(s.When.MaxVisits-1, 255))
	}
	c.action.Hour = defaultHour
	if s.Hour > 0 {
		c.action.Hour = uint8(s.Hour)
	}
	if s.When.MaxScore > 0 {
		c.maxScore = float32(s.When.MaxScore)
	}
	if s.Every == 0 {
		c.every = math.MaxInt16
	}
	if s.Retry == 0 {
		c.retry = c.every
	}
	if s.Cap == 0 {
		c.cap = 255
	}
	c.action.Retry, c.action.Every = loan.Day(c.retry), loan.Day(c.every)
	c.action.Procedure = &Procedure{
		NoticeDays: loan.Day(s.NoticeDays), NoticeChannel: s.NoticeChannel,
		Remedies: s.Remedies.ByCause(), FollowUpDays: loan.Day(s.FollowUpDays),
	}
	return c
}

// days is a number of days of a file; what no run can reach is Never, so that the calendar stays short.
func days(n int) loan.Day { return loan.Day(min(n, int(loan.Never))) }

// mask is the set of values as bits; empty means all.
func mask[T ~uint8](values []T) uint8 {
	if len(values) == 0 {
		return math.MaxUint8
	}
	var m uint8
	for _, v := range values {
		m |= 1 << v
	}
	return m
}

func (c *staged) Name() string   { return c.name }
func (c *staged) Slots() int     { return len(c.stages) }
func (c *staged) Lead() loan.Day { return c.lead }

// Decide asks every stage whose days these are and returns the earliest day on which a stage that does not
// act now could.
func (c *staged) Decide(o *Observed, out []Action) ([]Action, loan.Day) {
	next := loan.Never
	if o.Silenced {
		return out, next
	}
	now := &c.calendar[min(max(0, int(o.DPD+c.lead+1)), len(c.calendar)-1)]
	if now.next != loan.Never {
		next = o.Day + now.next - o.DPD
	}
	for open := now.open; open != 0; open &= open - 1 {
		s := &c.stages[bits.TrailingZeros32(open)]
		day := s.due(o)
		if day == o.Day {
			out = append(out, s.action)
			continue
		}
		next = min(next, day)
	}
	return out, next
}

// due returns the day on which a stage whose days these are wants to act next if nothing observed changes:
// today, a later day, or Never. Conditions are tested on the day itself only: asking early costs nothing but time.
func (s *stage) due(o *Observed) loan.Day {
	day := o.Day
	m := &o.Marks[s.action.Slot]
	if m.Count > 0 {
		if m.Count >= s.cap {
			return loan.Never
		}
		wait := s.every
		if !m.Reached {
			wait = s.retry
		}
		day = max(day, loan.Day(m.Last)+loan.Day(wait))
	}
	if o.SinceTalk < s.silent {
		day = max(day, o.Day+s.silent-o.SinceTalk)
	}
	switch {
	case o.DPD+(day-o.Day) > s.last:
		return loan.Never
	case day == o.Day && (o.Waiting>>s.action.Channel&1 == 1 || !s.holds(o)):
		return loan.Never
	}
	return day
}

func (s *stage) holds(o *Observed) bool {
	return (s.promise || !o.PromiseOpen) && (s.remedy || o.Remedy == loan.NoRemedy) &&
		o.Owed >= s.minOwed && o.Balance >= s.minBalance && o.Balance <= s.maxBalance &&
		o.Score >= s.minScore && o.Score <= s.maxScore && o.Broken >= s.minBroken && o.Visits <= s.maxVisits &&
		s.products>>o.Product&1 == 1 && s.regions>>o.Region&1 == 1 && s.diagnosed>>o.Diagnosed&1 == 1
}

// Visits reports whether the strategy may visit; only of a plan it is known that it never does.
func Visits(s Strategy) bool {
	c, ok := s.(*staged)
	return !ok || slices.ContainsFunc(c.stages, func(st stage) bool { return st.action.Channel == loan.Visit })
}

// Declared reports whether the strategy is made of plans alone, so that Check has seen all that it can ever want.
func Declared(s Strategy) bool {
	if _, plan := s.(*staged); plan {
		return true
	}
	arms := armsOf(s)
	return arms != nil && !slices.ContainsFunc(arms, func(a Strategy) bool { return !Declared(a) })
}

// Silent reports whether the strategy is a plan without stages: it never contacts anyone, and serves
// as the reference life of the same borrowers.
func Silent(s Strategy) bool {
	c, ok := s.(*staged)
	return ok && len(c.stages) == 0
}
