package strategy_test

import (
	"math"
	"slices"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// staffed is a team of a day shift, an evening shift and a Saturday shift.
func staffed() *strategy.Team {
	return &strategy.Team{Agents: 8, Crew: 1, Minutes: 1, Shifts: []strategy.Shift{
		{Name: "evening", Share: 0.25, From: 17, To: 21, Minutes: 200, Premium: 0.5},
		{Name: "day", Share: 0.75, From: 8, To: 16, Minutes: 320},
		{Name: "saturday", Share: 0.5, From: 9, To: 12, Minutes: 120, Days: []strategy.Weekday{5}},
	}}
}

// TestShiftsByHand: the minutes of a day are those of its shifts, 0.75 * 320 + 0.25 * 200 = 290 on weekdays and
// 0.5 * 120 = 60 on Saturdays; hours in which contact is forbidden take their part.
func TestShiftsByHand(t *testing.T) {
	team := staffed()
	for _, c := range []struct {
		weekday int
		g       strategy.Guardrails
		want    float64
		from    []int
	}{
		{0, strategy.Guardrails{}, 290, []int{8, 17}},
		{5, strategy.Guardrails{}, 60, []int{9}},
		{6, strategy.Guardrails{}, 0, nil},
		{0, strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 19}}, 240 + 25, []int{8, 17}},
		{0, strategy.Guardrails{Hours: strategy.Hours{From: 10}}, 180 + 50, []int{10, 17}},
		{0, strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 12}}, 120, []int{8}},
		{0, strategy.Guardrails{Hours: strategy.Hours{From: 22}}, 0, nil},
		{5, strategy.Guardrails{Weekdays: true}, 0, nil},
		{4, strategy.Guardrails{Weekdays: true}, 290, []int{8, 17}},
	} {
		day := team.Day(c.weekday, &c.g)
		var from []int
		for _, s := range day {
			from = append(from, s.From)
		}
		if got := day.Minutes(); !(math.Abs(got-c.want) <= 1e-9) || !slices.Equal(from, c.from) {
			t.Errorf("weekday %d, contact from %d to %d: %v minutes from %v, by hand %v from %v", c.weekday, c.g.Hours.From, c.g.Hours.To, got, from, c.want, c.from)
		}
	}
	if !team.Works(5) || team.Works(6) || !team.Works(0) {
		t.Error("weekdays of the shifts")
	}
	if team.Weekends = true; !team.Works(6) {
		t.Error("a shift without days is worked when the team works")
	}
	if day := (&strategy.Team{Minutes: 300}).Day(2, &strategy.Guardrails{Hours: strategy.Hours{From: 9, To: 10}}); day.Minutes() != 300 {
		t.Error("a team without shifts has no hours to cut")
	}
}

// TestClockByHand: minutes are worked evenly over the hours of one shift after the other; overtime is the last hour.
func TestClockByHand(t *testing.T) {
	day := staffed().Day(0, &strategy.Guardrails{})
	for worked, want := range map[float64]uint8{0: 8, 29: 8, 30: 9, 120: 12, 239: 15, 240: 17, 252: 17, 253: 18, 289: 20, 290: 20, 1000: 20} {
		hour, premium := day.At(worked)
		if hour != want || (premium == 0.5) != (hour >= 17) {
			t.Errorf("after %v minutes it is %d o'clock at a premium of %v, by hand %d", worked, hour, premium, want)
		}
	}
}

// TestShiftsKeepTheHours: whatever the shifts and the rules, no hour of a day's work is one in which contact is forbidden.
func TestShiftsKeepTheHours(t *testing.T) {
	cut := 0
	rapid.Check(t, func(t *rapid.T) {
		hour := rapid.IntRange(0, 23)
		team := &strategy.Team{}
		for range rapid.IntRange(1, 4).Draw(t, "shifts") {
			from := hour.Draw(t, "from")
			team.Shifts = append(team.Shifts, strategy.Shift{Share: 0.2, From: from, To: rapid.IntRange(from+1, 24).Draw(t, "to"), Minutes: 60})
		}
		g := strategy.Guardrails{Hours: strategy.Hours{From: hour.Draw(t, "contact from"), To: rapid.IntRange(0, 24).Draw(t, "contact to")}}
		day := team.Day(0, &g)
		if day.Minutes() > 0.2*60*float64(len(team.Shifts))+1e-9 {
			t.Fatal("more minutes than shifts have")
		}
		for worked := 0.0; len(day) > 0 && worked < day.Minutes()+30; worked++ {
			if at, _ := day.At(worked); int(at) < g.Hours.From || g.Hours.To > 0 && int(at) >= g.Hours.To {
				t.Fatalf("work at %d o'clock, contact is allowed from %d to %d", at, g.Hours.From, g.Hours.To)
			}
		}
		if len(day) < len(team.Shifts) {
			cut++
		}
	})
	if cut == 0 {
		t.Error("no shift was ever outside of the hours")
	}
}

// TestTeamFaults: every broken rule of shifts at once, path first.
func TestTeamFaults(t *testing.T) {
	if errs := (&strategy.Teams{Call: *staffed(), Visit: *staffed()}).Check(); errs != nil {
		t.Errorf("faults of lawful shifts: %v", errs)
	}
	teams := &strategy.Teams{Call: *staffed()}
	teams.Call.Shifts = append(teams.Call.Shifts,
		strategy.Shift{Name: "a", Share: 0.1, From: 12, To: 12, Minutes: 10},
		strategy.Shift{Name: "b", Share: 0.3, From: 9, To: 10, Minutes: 61, Days: []strategy.Weekday{0, 2, 0}})
	teams.Visit.Shifts = []strategy.Shift{{Name: "c", Share: 1, From: 3, To: 2, Minutes: 10}, {Name: "left out", Share: 1}}
	want := []string{
		"call.shifts.a.to: must be > from 12, got 12",
		"call.shifts.b.minutes: must be <= 60, the length of the shift, got 61",
		"call.shifts.b.days[2]: monday is named twice",
		"call.shifts: on monday at 9 o'clock must take at most all agents, a share of 1, got 1.05",
		"call.shifts: on wednesday at 9 o'clock must take at most all agents, a share of 1, got 1.05",
		"visit.shifts.c.to: must be > from 3, got 2",
	}
	errs := teams.Check()
	for i := range max(len(errs), len(want)) {
		if i >= len(errs) || i >= len(want) || errs[i].Error() != want[i] {
			t.Fatalf("faults\n%v\nwant\n%v", errs, want)
		}
	}
}

// TestStations: agents by region, or for all regions.
func TestStations(t *testing.T) {
	team := &strategy.Team{Agents: 6}
	if got := team.Stationed(); !slices.Equal(got, []float64{6}) || team.In(2) != 6 {
		t.Errorf("all regions: %v", got)
	}
	team.Regions = &strategy.Stations{Urban: 3, Suburban: 1}
	team.Scale(2)
	if got := team.Stationed(); !slices.Equal(got, []float64{6, 2, 0}) || team.In(1) != 2 || team.Agents != 12 {
		t.Errorf("by region: %v", got)
	}
}
