package experiment

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// sound is a file without faults; tests break one line of it.
const sound = `title: t
claim: c
source: s
scenario:
  accounts: 50
  replications: 2
  horizon: 30
arms:
  texts: {strategy: reminders-only}
  none: {strategy: no-contact, set: [teams.visit.agents=1]}
measures:
  gain: {of: texts, less: none, metric: npv, claimed: above}
  own: {of: texts, account: paid}
sweeps:
  cost: {vary: [channels.sms.unit_cost, channels.bot.unit_cost * 3], values: [0, 1], arms: [texts]}
`

func TestSoundFileIsRead(t *testing.T) {
	x, err := Parse("dir/mine.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if x.Name != "mine" || len(x.Arms) != 2 || len(x.Measures) != 2 || x.Base.Accounts != 50 || x.Base.Horizon != 30 {
		t.Errorf("read %+v on %d accounts", x.File, x.Base.Accounts)
	}
	if x.Base.Teams.Visit.Agents == 1 {
		t.Error("an arm's setting changed the base")
	}
}

// TestFaultsAreNamed breaks a sound file in one place each.
func TestFaultsAreNamed(t *testing.T) {
	for _, c := range []struct{ old, broken, want string }{
		{"of: texts, less: none", "of: text, less: none", `measures.gain.of: unknown arm "text", must be one of texts, none`},
		{"less: none, metric", "less: nun, metric", `measures.gain.less: unknown arm "nun"`},
		{"metric: npv", "metric: nvp", `measures.gain.metric: unknown metric "nvp"`},
		{"account: paid", "account: payed", `measures.own.account: unknown outcome "payed"`},
		{"account: paid", "account: paid, metric: npv", "exactly one of"},
		{"account: paid", "daily: recoverd", "unknown path"},
		{"account: paid", "metric: npv, as: ratio", "measures.own.as: ratio needs the arm less"},
		{"account: paid", "metric: npv, group: remote", "measures.own.group: must be DIMENSION=NAME"},
		{"account: paid", "metric: npv, where: {regions: [remote]}", "measures.own.where: selects borrowers for account and around only"},
		{"account: paid", "daily: stress, where: {visited: no}", "measures.own.where: selects borrowers"},
		{"account: paid", "metric: npv, low: 1", "low and high go together"},
		{"account: paid", "metric: npv, low: 2, high: 1", "low: must be <= high 1, got 2"},
		{"account: paid", "metric: npv, per: other", `no earlier measure is called "other"`},
		{"account: paid", "less: none, account: paid", "only between arms of the same settings"},
		{"account: paid", "around: {anchor: visit, from: 3, to: 1, what: paid}", "from: must be <= to 1, got 3"},
		{"account: paid", "around: {anchor: visit, from: 0, to: 1, what: paid, against: -1}", "only stress"},
		{"account: paid", "around: {anchor: vist, from: 0, to: 1, what: paid}", "anchor"},
		{"claimed: above", "claimed: up", "claimed"},
		{"values: [0, 1]", "values: [1, 0]", "sweeps.cost.values: must rise, got 0 after 1"},
		{"values: [0, 1]", "values: [1]", "at least two"},
		{"unit_cost * 3", "unit_cost * x", "must be PATH or PATH * FACTOR"},
		{"channels.sms.unit_cost,", "channels.sms.unit_csot,", "unit_csot"},
		{"arms: [texts]}", "arms: [text]}", `sweeps.cost.arms: unknown arm "text"`},
		{"strategy: reminders-only", "strategy: reminder-only", "reminder-only"},
		{"teams.visit.agents=1", "teams.visit.agents=-1", "agents"},
		{"horizon: 30", "horizon: 0", "scenario:7"},
		{"title: t", "titel: t", "titel"},
		{"source: s", "source: s\nrole: guess", "role"},
	} {
		if !strings.Contains(sound, c.old) {
			t.Fatalf("%q is not in the file", c.old)
		}
		_, err := Parse("x.yaml", []byte(strings.Replace(sound, c.old, c.broken, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%s: got %v, want an error of x.yaml with %q", c.broken, err, c.want)
		}
	}
}

// TestAllFaultsAtOnce breaks both parts of a file.
func TestAllFaultsAtOnce(t *testing.T) {
	src := strings.NewReplacer("title: t", "titel: t", "horizon: 30", "horizons: 30").Replace(sound)
	_, err := Parse("x.yaml", []byte(src))
	if err == nil || !strings.Contains(err.Error(), "titel") || !strings.Contains(err.Error(), "horizons") {
		t.Errorf("got %v, want both faults", err)
	}
}

func TestSplitKeepsLines(t *testing.T) {
	src := "a: 1\nscenario: # here\n  b: 2\n\n  # note\n  c:\n    d: 3\n# outside\ne: 4\n"
	rest, inner := split([]byte(src))
	if got, want := string(rest), "a: 1\n\n\n\n\n\n\n\ne: 4\n"; strings.ReplaceAll(got, "# outside", "") != want {
		t.Errorf("rest: got %q, want %q", got, want)
	}
	if got, want := string(inner), "\n\nb: 2\n\n# note\nc:\n  d: 3\n# outside\n\n"; got != want {
		t.Errorf("inner: got %q, want %q", got, want)
	}
	if bytes.Count(rest, []byte("\n")) != strings.Count(src, "\n") || bytes.Count(inner, []byte("\n")) != strings.Count(src, "\n") {
		t.Error("lines were lost")
	}
}

func TestPlanPlaysEachScenarioOnce(t *testing.T) {
	x, err := Parse("x.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	p := x.plan()
	// texts at its own setting, none at its own, texts at two values of the sweep
	if len(p.jobs) != 4 {
		t.Fatalf("got %d jobs, want 4", len(p.jobs))
	}
	if got := p.jobs[3].set; len(got) != 2 || got[0] != "channels.sms.unit_cost=1" || got[1] != "channels.bot.unit_cost=3" {
		t.Errorf("the second value sets %v", got)
	}
	if !p.jobs[0].accounts || p.jobs[0].events || p.jobs[1].accounts {
		t.Error("account rows are asked for where no measure needs them, or not where one does")
	}
}

func TestSchemaIsJSON(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Properties map[string]struct {
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Properties["scenario"].Properties["horizon"] == nil || doc.Properties["arms"].Properties != nil {
		t.Error("the scenario is not described below its key")
	}
	for _, key := range []string{"title", "claim", "role", "arms", "measures", "sweeps", "source"} {
		if _, ok := doc.Properties[key]; !ok {
			t.Errorf("%s is not described", key)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	for _, kind := range []string{"claims", "published"} {
		for _, name := range Builtin(kind) {
			x, err := Embedded(kind, name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add([]byte("title: " + x.Title + "\narms:\n  a: {strategy: no-contact}\n"))
		}
	}
	f.Add([]byte("scenario:\n  a\n b\nc"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if x, err := Parse("f.yaml", src); (x == nil) == (err == nil) {
			t.Errorf("got %v and error %v", x, err)
		}
	})
}
