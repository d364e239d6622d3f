package scenario_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

const staffed = `strategies: {tiered-escalation: {}, home-visits: {stages: {visit: {hour: 19}}}}
guardrails: {name: rbi-2022}
teams:
  call:
    minutes: 300
    shifts:
      day: {share: 0.75, from: 9, to: 18, minutes: 340}
      evening: {share: 0.25, from: 17, to: 21, minutes: 200, premium: 0.25}
      saturday: {share: 0.5, from: 10, to: 14, minutes: 180, days: [saturday]}
  visit:
    regions: {urban: 3, suburban: 1}
    shifts: {all: {share: 1, from: 10, to: 19, minutes: 360}}
`

// TestStaffFromAFile: regions and shifts are read, survive the echo of a run, and can be set by their paths;
// what a team cannot do is noted.
func TestStaffFromAFile(t *testing.T) {
	s, err := scenario.Parse("own.yaml", []byte(staffed))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"teams.call.minutes: is not used, shifts states its own",
		"teams.call.shifts.evening: 100 of 200 minutes are lost, outside of the hours in which the rules allow contact",
		"teams.visit.regions.suburban: are fewer than a crew, 1 of 2, and count as part of a crew",
		"strategies.home-visits.stages.visit: does not run in remote, where team visit has no agents",
		"strategies.home-visits.stages.visit.hour: is not used, team visit works shifts",
	}
	if got := s.Notes(); !slices.Equal(got, want) {
		t.Errorf("notes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	s.Guardrails.Weekdays = true
	if note := "teams.call.shifts.saturday: is lost on Saturdays and Sundays, on which the rules allow no contact"; !slices.Contains(s.Notes(), note) {
		t.Errorf("no note %q in %v", note, s.Notes())
	}
	echo, err := s.Echo()
	if err != nil {
		t.Fatal(err)
	}
	back, err := scenario.FromManifest(&outcome.Manifest{Echo: echo})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Teams, s.Teams) {
		t.Errorf("echo gives\n%+v\nof\n%+v", back.Teams, s.Teams)
	}
	for _, setting := range []string{"teams.call.shifts.evening.share=0.2", "teams.call.shifts.saturday=null", "teams.visit.regions.remote=2", "guardrails.weekdays_only=true", "teams.visit.agents=9"} {
		if err := s.Set(setting); err != nil {
			t.Fatal(err)
		}
	}
	if s.Teams.Call.Shifts[1].Share != 0.2 || len(s.Teams.Call.Shifts) != 2 || s.Teams.Visit.Regions.Remote != 2 {
		t.Errorf("settings give %+v, %+v", s.Teams.Call.Shifts, s.Teams.Visit.Regions)
	}
	if note := "teams.visit.agents: is not used, regions says who is where"; !slices.Contains(s.Notes(), note) {
		t.Errorf("no note %q in %v", note, s.Notes())
	}
}

// TestWeekendsThatRulesKeepFree: a team that works on weekends on which the rules allow no contact is noted.
func TestWeekendsThatRulesKeepFree(t *testing.T) {
	s := scenario.Default()
	s.Teams.Call.Weekends = true
	if notes := s.Notes(); len(notes) > 0 {
		t.Errorf("notes %q without a rule", notes)
	}
	s.Guardrails.Weekdays = true
	want := []string{"teams.call.weekends: is of no use, the rules allow no contact on Saturdays and Sundays"}
	if notes := s.Notes(); !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
}

// TestStagesThatRulesForbid: a stage that no account and no day can make lawful is noted, arms of a split included; one
// that a rule stops now and then is not.
func TestStagesThatRulesForbid(t *testing.T) {
	const two = `compare: [both]
strategies:
  both: {split: {soft: 1, hard: 1}}
  soft: {stages: {text: {channel: sms, first_day: 1}, letter: {channel: letter, first_day: 5}}}
  hard: {stages: {call: {channel: call, first_day: 1, hour: 19, tone: harsh}, threat: {channel: sms, first_day: 3, message: threat, hour: 19}, visit: {channel: visit, first_day: 9, hour: 19}}}
baseline: both
`
	for rules, want := range map[string][]string{
		"{}": nil,
		"{weekdays_only: true, calls_per_day: 1, contacts_per_7_days: 1, visit_gap_days: 30, protect: true, honour_stop: true}": nil,
		"{contact_from: 18}":                     {"soft.stages.text hours"},
		"{contact_from: 8, contact_to: 12}":      {"hard.stages.call hours", "hard.stages.threat hours", "hard.stages.visit hours"},
		"{contact_from: 20, contact_to: 8}":      {"hard.stages.call hours", "hard.stages.threat hours", "hard.stages.visit hours", "soft.stages.text hours"},
		"{no_harsh_tone: true, no_threat: true}": {"hard.stages.call tone", "hard.stages.threat message"},
		"{visit_notice_days: 1}":                 {"hard.stages.visit visit-notice"},
		"{visit_crew: 3}":                        {"hard.stages.visit visit-crew"},
	} {
		s, err := scenario.Parse("own.yaml", []byte(two+"guardrails: "+rules+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		var notes []string
		for _, w := range want {
			stage, rule, _ := strings.Cut(w, " ")
			notes = append(notes, "strategies."+stage+": never runs, the guardrail "+rule+" forbids it")
		}
		if got := s.Notes(); !slices.Equal(got, notes) {
			t.Errorf("%s: notes\n%s\nwant\n%s", rules, strings.Join(got, "\n"), strings.Join(notes, "\n"))
		}
	}
}

// TestWhatAChannelHasNoUseFor: a follow-up of what is no visit, and remedies where nobody speaks with the borrower, are noted.
func TestWhatAChannelHasNoUseFor(t *testing.T) {
	for stage, want := range map[string]string{
		"{channel: call, first_day: 3, follow_up_days: 7}":                           ".follow_up_days: is not used, only visits are followed up",
		"{channel: visit, first_day: 3, follow_up_days: 7}":                          "",
		"{channel: sms, first_day: 3, remedies: {unwilling: grace}}":                 ".remedies: are never granted, sms is no conversation",
		"{channel: sms, first_day: 3, remedies: {unwilling: none}}":                  "",
		"{channel: bot, first_day: 3, remedies: {unknown: grace}}":                   "",
		"{channel: call, first_day: 3, tone: friendly, remedies: {unknown: waiver}}": "",
	} {
		s, err := scenario.Parse("own.yaml", []byte("compare: [a]\nbaseline: a\nstrategies: {a: {stages: {b: "+stage+"}}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		var notes []string
		if want != "" {
			notes = []string{"strategies.a.stages.b" + want}
		}
		if got := s.Notes(); !slices.Equal(got, notes) {
			t.Errorf("%s: notes %q, want %q", stage, got, notes)
		}
	}
}

// TestStagesThatWaitForEver: a call behind one that dials every day is noted, where days and accounts of the two meet.
func TestStagesThatWaitForEver(t *testing.T) {
	const head = "compare: [dialer]\nbaseline: dialer\nstrategies: {dialer: {stages: {"
	const note = "strategies.dialer.stages.noon: waits behind morning, which dials every day, as agents dial a borrower at most once a day; " +
		"of automated calls (channel: bot) each stage makes its own"
	for stages, want := range map[string]int{
		"morning: {channel: call, first_day: 3, last_day: 60, retry: 1, every: 9}, noon: {channel: call, first_day: 3, last_day: 60, retry: 1, every: 9, hour: 13}": 1,
		"morning: {channel: call, first_day: 3, every: 1}, noon: {channel: call, first_day: 60}":                                                                    1,
		"morning: {channel: call, first_day: 3, last_day: 59, every: 1}, noon: {channel: call, first_day: 60}":                                                      0,
		"morning: {channel: call, first_day: 60, every: 1}, noon: {channel: call, first_day: 3, last_day: 59}":                                                      0,
		"morning: {channel: call, first_day: -3, every: 1}, noon: {channel: call, first_day: 3}":                                                                    0,
		"morning: {channel: call, first_day: -3, last_day: 3, every: 1}, noon: {channel: call, first_day: 3}":                                                       1,
		"morning: {channel: call, first_day: 3, retry: 2, every: 1}, noon: {channel: call, first_day: 3}":                                                           0,
		"morning: {channel: bot, first_day: 3, every: 1}, noon: {channel: call, first_day: 3}":                                                                      0,
		"morning: {channel: call, first_day: 3, every: 1}, noon: {channel: bot, first_day: 3}":                                                                      0,
		"morning: {channel: call, first_day: 3, every: 1, when: {regions: [urban]}}, noon: {channel: call, first_day: 3, when: {regions: [remote]}}":                0,
		"morning: {channel: call, first_day: 3, every: 1, when: {min_balance: 100}}, noon: {channel: call, first_day: 3, when: {max_balance: 99}}":                  0,
		"morning: {channel: call, first_day: 3, every: 1, when: {max_score: 0.5}}, noon: {channel: call, first_day: 3, when: {max_score: 0.2}}":                     1,
	} {
		s, err := scenario.Parse("own.yaml", []byte(head+stages+"}}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Notes(); len(got) != want || want == 1 && got[0] != note {
			t.Errorf("%s: notes %q", stages, got)
		}
	}
}

// TestRegionsOfTheDefault: stations can be set where the scenario states none; then regions left out have nobody.
func TestRegionsOfTheDefault(t *testing.T) {
	s := scenario.Default()
	if s.Teams.Call.Regions != nil || s.Teams.Visit.Regions != nil || s.Teams.Call.Shifts != nil || s.Teams.Visit.Shifts != nil {
		t.Error("the default has stations or shifts")
	}
	if err := s.SetNumber("teams.visit.regions.urban", 3); err != nil {
		t.Fatal(err)
	}
	if got := s.Teams.Visit.Stationed(); !slices.Equal(got, []float64{3, 0, 0}) {
		t.Errorf("stations %v", got)
	}
	clone := s.Clone()
	if err := clone.SetNumber("teams.visit.regions.urban", 7); err != nil || s.Teams.Visit.Regions.Urban != 3 {
		t.Errorf("a clone shares its stations, %v", err)
	}
}

// TestStaffFaults: all faults of stations and shifts come at once, each with its place.
func TestStaffFaults(t *testing.T) {
	for src, want := range map[string][]string{
		"teams:\n  visit: {regions: {urban: -1, rural: 2}}\n  call: {shifts: {day: {share: 1.5, from: 9, to: 18, minutes: 60, days: [mon]}}}\n": {
			"own.yaml:2:28: teams.visit.regions.urban: must be >= 0, got -1",
			"own.yaml:2:32: teams.visit.regions.rural: unknown key, known are urban, suburban, remote",
			"own.yaml:3:32: teams.call.shifts.day.share: must be in (0,1], got 1.5",
			`own.yaml:3:74: teams.call.shifts.day.days[0]: unknown weekday "mon", must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday`,
		},
		"teams:\n  call:\n    shifts:\n      day: {from: 9}\n      late: {share: 0.7, from: 18, to: 17, minutes: 60}\n      noon: {share: 0.7, from: 12, to: 13, minutes: 90}\n      more: {share: 0.7, from: 12, to: 13, minutes: 60, days: [sunday, monday]}\n": {
			"own.yaml:4:12: teams.call.shifts.day.share: must be in (0,1], got 0",
			"own.yaml:4:12: teams.call.shifts.day.to: must be in [1,24], got 0",
			"own.yaml:4:12: teams.call.shifts.day.minutes: must be > 0, got 0",
			"own.yaml:5:40: teams.call.shifts.late.to: must be > from 18, got 17",
			"own.yaml:6:53: teams.call.shifts.noon.minutes: must be <= 60, the length of the shift, got 90",
			"own.yaml:4:7: teams.call.shifts: on monday at 12 o'clock must take at most all agents, a share of 1, got 1.4",
		},
	} {
		s, err := scenario.Parse("own.yaml", []byte(src))
		if err == nil {
			err = s.Check()
		}
		if err == nil || err.Error() != strings.Join(want, "\n") {
			t.Errorf("faults\n%v\nwant\n%s", err, strings.Join(want, "\n"))
		}
	}
}

// TestOneNoteForAValue: a value outside of its range is noted once: with its place where a file states it, else by
// its path alone.
func TestOneNoteForAValue(t *testing.T) {
	const note = "teams.visit.agents: 500 is outside of the declared range [0, 40]"
	file, err := scenario.Parse("mine.yaml", []byte("teams: {visit: {agents: 500}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	set := scenario.Default()
	if err := set.Set("teams.visit.agents=500"); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]*scenario.Scenario{"mine.yaml:1:25: " + note: file, note: set} {
		got := slices.DeleteFunc(s.Notes(), func(n string) bool { return !strings.HasSuffix(n, note) })
		if !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestNamesThatNobodyCanRead: a strategy is named in charts, tables and on command lines, so its name is a line of text.
func TestNamesThatNobodyCanRead(t *testing.T) {
	for name, ok := range map[string]bool{`""`: false, `" mine"`: false, `"a\nb"`: false, `"a\tb"`: false, `"上门 x, y"`: true, `"a.b@c"`: true} {
		s, err := scenario.Parse("own.yaml", []byte("strategies: {no-contact: {}, "+name+": {extends: home-visits}}\nbaseline: no-contact\n"))
		if err == nil {
			err = s.Check()
		}
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "the name must not be empty") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
