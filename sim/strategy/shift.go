package strategy

import (
	"cmp"
	"fmt"
	"slices"
)

// Weekday is a day of the week; 0 is Monday.
type Weekday uint8

var weekdayNames = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

func (d Weekday) String() string { return weekdayNames[d] }

// MarshalText writes the name.
func (d Weekday) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a name; the error lists the valid ones.
func (d *Weekday) UnmarshalText(text []byte) error {
	return parseName(weekdayNames, "weekday", text, d)
}

// Shift is some of a team's agents at work from one hour to another.
type Shift struct {
	Name    string    `yaml:"-" overlay:"name"`
	Share   float64   `yaml:"share" check:"(0,1]" doc:"share of the team's agents, in every region, who work the shift"`
	From    int       `yaml:"from" check:"[0,23]" doc:"hour at which the shift begins"`
	To      int       `yaml:"to" check:"[1,24]" doc:"hour at which it ends"`
	Minutes float64   `yaml:"minutes" check:">0" doc:"productive minutes per agent on the shift, spread evenly over its hours"`
	Days    []Weekday `yaml:"days,omitempty" doc:"weekdays of the shift; left out: the team's working days"`
	Premium float64   `yaml:"premium,omitempty" check:">=0" doc:"addition to the wage, as a share of it"`
}

// Span is a part of a team's day. From and To are 0 where no shift states an hour.
type Span struct {
	From, To int
	Minutes  float64 // per agent of the team
	Premium  float64 // addition to the wage, as a share of it
}

// Day is what a team works on one day, in order.
type Day []Span

// Day returns what the team works on a weekday (0 is Monday), shifts in the order of their beginnings. Of
// shifts, time in which the guardrails forbid contact is cut off; a team without shifts keeps all of its
// minutes, since its contacts are made at the hours that stages state, and each is held against the rules.
func (t *Team) Day(weekday int, g *Guardrails) (day Day) {
	if len(t.Shifts) == 0 && t.Works(weekday) {
		return Day{{Minutes: t.Minutes}}
	}
	for i := range t.Shifts {
		s := &t.Shifts[i]
		from, to := s.Usable(g)
		if !t.On(s, weekday) || bool(g.Weekdays) && weekday >= 5 || from >= to {
			continue
		}
		day = append(day, Span{from, to, s.Share * s.Minutes * float64(to-from) / float64(s.To-s.From), s.Premium})
	}
	slices.SortStableFunc(day, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return day
}

// Usable returns the hours of the shift in which the guardrails allow contact; none where to <= from.
func (s *Shift) Usable(g *Guardrails) (from, to int) {
	from, to = max(s.From, g.Hours.From), s.To
	if g.Hours.To > 0 {
		to = min(to, g.Hours.To)
	}
	return from, to
}

// Works reports whether the team works on a weekday (0 is Monday).
func (t *Team) Works(weekday int) bool {
	if len(t.Shifts) == 0 {
		return t.Weekends || weekday < 5
	}
	return slices.ContainsFunc(t.Shifts, func(s Shift) bool { return t.On(&s, weekday) })
}

// On reports whether a shift of the team is worked on a weekday.
func (t *Team) On(s *Shift, weekday int) bool {
	if len(s.Days) == 0 {
		return t.Weekends || weekday < 5
	}
	return slices.Contains(s.Days, Weekday(weekday))
}

// Minutes is the sum over the day, per agent.
func (d Day) Minutes() (sum float64) {
	for i := range d {
		sum += d[i].Minutes
	}
	return sum
}

// At returns the hour that it is when each agent has worked some minutes of the day, which must have a
// span, and the premium that is paid then. Overtime counts as the last hour.
func (d Day) At(worked float64) (hour uint8, premium float64) {
	k := 0
	for ; k < len(d)-1 && worked >= d[k].Minutes; k++ {
		worked -= d[k].Minutes
	}
	s := &d[k]
	gone := int(worked / s.Minutes * float64(s.To-s.From))
	return uint8(min(s.From+gone, s.To-1)), s.Premium
}

// checkShifts reports every rule that the team's shifts break, path first.
func (t *Team) checkShifts() []error {
	var errs []error
	for i := range t.Shifts {
		s := &t.Shifts[i]
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("shifts.%s.%w", s.Name, fmt.Errorf(format, args...)))
		}
		switch hours := s.To - s.From; {
		case s.To < 1: // left out, and reported as such
		case hours <= 0:
			fail("to: must be > from %d, got %d", s.From, s.To)
		case s.Minutes > float64(60*hours):
			fail("minutes: must be <= %d, the length of the shift, got %g", 60*hours, s.Minutes)
		}
		for k, d := range s.Days {
			if slices.Contains(s.Days[:k], d) {
				fail("days[%d]: %s is named twice", k, d)
			}
		}
	}
	return append(errs, t.checkShares()...)
}

// checkShares reports the first hour of each weekday at which more agents are wanted than there are.
func (t *Team) checkShares() []error {
	var errs []error
	for d := range weekdayNames {
		for hour := range 24 {
			share := 0.0
			for i := range t.Shifts {
				if s := &t.Shifts[i]; t.On(s, d) && s.From <= hour && hour < s.To {
					share += s.Share
				}
			}
			if share > 1+1e-9 {
				errs = append(errs, fmt.Errorf("shifts: on %s at %d o'clock must take at most all agents, a share of 1, got %.4g", Weekday(d), hour, share))
				break
			}
		}
	}
	return errs
}

// Check reports every rule that the teams break, path first.
func (t *Teams) Check() []error {
	var errs []error
	for _, err := range t.Call.checkShifts() {
		errs = append(errs, fmt.Errorf("call.%w", err))
	}
	for _, err := range t.Visit.checkShifts() {
		errs = append(errs, fmt.Errorf("visit.%w", err))
	}
	return errs
}
