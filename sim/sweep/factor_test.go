package sweep_test

import (
	"strings"
	"testing"

	"collectsim/sim/scenario"
	"collectsim/sim/sweep"
)

func TestParseFactor(t *testing.T) {
	s := scenario.Default()
	if err := s.Set("teams.call.agents={value: 3, choices: [1, 3, 9]}"); err != nil {
		t.Fatal(err)
	}
	if err := s.Set("costs.complaint={value: 200, range: [50, 1000], scale: log}"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		setting   string
		values    string // joined by |
		low, high float64
		log       bool
	}{
		{"teams.visit.agents=2,4,8", "2|4|8", 0, 0, false},
		{`baseline="a,b",'c,"d',{e: 1, f: 2},[g, h]`, `"a,b"|'c,"d'|{e: 1, f: 2}|[g, h]`, 0, 0, false},
		{"teams.visit.agents=2", "2", 0, 0, false},
		{"teams.visit.regions.urban=0,2", "0|2", 0, 0, false}, // the default states no regions
		{"accounts=100:300:100", "100|200|300", 0, 0, false},
		{"costs.funding=0.1:0.3:0.1", "0.1|0.2|0.3", 0, 0, false},
		{"costs.funding=0:0.25:0.1", "0|0.1|0.2", 0, 0, false},
		{"channels.visit.deliver=0:1:0.33333334", "0|0.33333334|0.66666668|1", 0, 0, false}, // 1.00000002 would be no share
		{"channels.visit.effect=0.05..0.5", "", 0.05, 0.5, false},
		{"channels.visit.effect=0.05..0.5:log", "", 0.05, 0.5, true},
		{"channels.visit.effect=range", "", 0.05, 0.6, false},
		{"costs.complaint=range", "", 50, 1000, true},
		{"strategies.home-visits.stages.visit.first_day=4.5..20.5", "", 5, 20, false},
		{"teams.call.agents=choices", "1|3|9", 0, 0, false},
		{"teams.visit.priority=dpd,owed", "dpd|owed", 0, 0, false},
		{"strategies.home-visits.stages.visit.tone=friendly, firm", "friendly|firm", 0, 0, false},
		{"guardrails.name=none", "none", 0, 0, false},
		{"uncertainty=true,false", "true|false", 0, 0, false},
		{"seed=1,2", "1|2", 0, 0, false},
		{"baseline=no-contact,reminders-only", "no-contact|reminders-only", 0, 0, false},
		{"compare=home-visits,[home-visits,reminders-only]", "home-visits|[home-visits,reminders-only]", 0, 0, false},
		{"strategies.home-visits.stages.visit.when.regions=[remote],[urban, remote]", "[remote]|[urban, remote]", 0, 0, false},
	} {
		f, err := sweep.ParseFactor(s, c.setting)
		if err != nil {
			t.Errorf("%s: %v", c.setting, err)
			continue
		}
		if got := strings.Join(f.Values, "|"); got != c.values || f.Low != c.low || f.High != c.high || f.Log != c.log || f.Range() != (c.values == "") {
			t.Errorf("%s: got %q, %g to %g, log %v, range %v", c.setting, got, f.Low, f.High, f.Log, f.Range())
		}
	}
}

func TestParseFactorRefuses(t *testing.T) {
	s := scenario.Default()
	for _, c := range []struct{ setting, want string }{
		{"teams.visit.agents", "must be PATH=SPEC"},
		{"teams.visit.agents=", "must not be empty"},
		{"teams.visti.agents=1", "the nearest path is teams.visit.agents"},
		{"strategies.home-visit.stages.visit.first_day=1", "strategies.home-visits.stages.visit.first_day"},
		{"teams.visit=1", "such as teams.visit.agents"},
		{"strategies=1", "cannot be varied as a whole"},
		{"replications=1,2", "--precision"},
		{"name=a,b", "changes no result"},
		{"channels.visit.effect=0.5..0.1", "must rise"},
		{"channels.visit.effect=0..1:log", "above 0"},
		{"channels.visit.effect=0..x", "two numbers"},
		{"channels.visit.effect=low..high", "two numbers"},
		{"channels.visit.effect=1:2:0", "must rise with a step above 0"},
		{"channels.visit.effect=1:2:x", "three numbers"},
		{"channels.visit.effect=0:1:1e-9", "at most 1000000"},
		{"channels.visit.effect=0.1,much", `"much" is not a number`},
		{"channels.visit.effect=0.1,,0.2", "a value is empty"},
		{"accounts=1.2..1.9", "fewer than two whole numbers"},
		{"teams.visit.priority=range", "declares no range"},
		{"policy.charge_off_days=range", "declares no range"},
		{"policy.charge_off_days=choices", "declares no choices"},
		{"compare=[home-visits", "not closed"},
		{"compare=home-visits]", "closes what was not opened"},
	} {
		_, err := sweep.ParseFactor(s, c.setting)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.setting, err, c.want)
		}
	}
}

func FuzzParseFactor(f *testing.F) {
	s := scenario.Default()
	for _, x := range []string{"1,2", "1:2:0.5", "1..2", "1..2:log", "range", "[a,b],c", `"`, "{", "1e999..2", "NaN..1"} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		x, err := sweep.ParseFactor(s, "channels.visit.effect="+spec)
		if err == nil && x.Range() && !(x.Low < x.High) || err == nil && !x.Range() && len(x.Values) == 0 {
			t.Errorf("%q: accepted as %+v", spec, x)
		}
	})
}
