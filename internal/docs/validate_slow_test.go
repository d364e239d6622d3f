package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// trial is one measure of `collectsim validate --format json`.
type trial struct {
	Name, Role, Metric string
	Simulated          float64
	Inside             bool
}

// quoted are the phrases of believe.md in which a measure of a trial stands, %s its figure: by how much it is multiplied
// there, and with how many decimals.
var quoted = []struct {
	phrase, trial, measure string
	times                  float64
	decimals               int
}{
	{"Monthly in place of weekly instalments leave %s% of the worried (published 49%)", "weekly-instalments", "worried", 100, 0},
	{"and %s points fewer 30 days late after a year (published: no effect)", "weekly-instalments", "delinquent", 100, 1},
	{"leave %s% of those who are 60 days late after a year", "smaller-instalments", "delinquent-less-10", 100, 0},
	{"half as large %s% (published 45%)", "smaller-instalments", "delinquent-less-50", 100, 0},
	{"leaves %s% of late payments (published: no effect)", "known-officer-message", "late-generic", 100, 0},
	{"lowers delinquency by %s points (published 0)", "moral-message", "delinquent-plain-text", -100, 1},
	{"a moral one by %s (published 4.4)", "moral-message", "delinquent-moral-text", -100, 1},
	{"raises default by %s points (published 0)", "moratorium-by-lender", "default-regulator", 100, 1},
	{"by phone resolves %s points more", "live-conversation", "resolved-in-six-weeks", 100, 0},
	{"takes %s points off default (published 24)", "live-conversation", "default", -100, 0},
	{"**A pleasant voice** adds %s points", "live-conversation", "pleasant-voice", 100, 1},
	{"**A conversation** takes %s points off termination", "live-conversation", "termination", -100, 1},
	{"multiplies what is paid in a month by %s (", "call-to-tax-debtors", "amount-after-a-call", 1, 1},
	{"Those who pay become %s times as many", "call-to-tax-debtors", "paid-after-a-call", 1, 1},
	{"late borrowers leave %s% late", "behavioural-message", "late-borrowers-still-late", 100, 0},
	{"known officer** leaves %s% of late payments", "known-officer-message", "late-signed", 100, 0},
	{"Of first-time borrowers %s%, within", "known-officer-message", "late-signed-first-time", 100, 0},
	{"**A second plain text** adds %s% of", "repeated-texts", "second-text", 100, 0},
	{"the third and fourth together %s%,", "repeated-texts", "third-and-fourth", 100, 0},
	{"the next four %s%.", "repeated-texts", "fifth-to-eighth", 100, 0},
	{"**A moratorium for everybody** lowers default by %s points", "moratorium-by-lender", "default", -100, 1},
	{"Default without it is %s% here", "moratorium-by-lender", "default-level", 100, 0},
	{"each month, here %s% and", "due-date-text", "on-time", 100, 1},
	{"% and %s days: see below", "due-date-text", "days-late", -30, 1},
	{"cost %s% of what is repaid in a year", "machine-calls-first", "repaid", -100, 2},
	{"That %s% more are overdue a year later", "machine-calls-first", "later-payments-missed", 100, 1},
	{"ten days after the due date** among card holders: %s%,", "moral-message", "delinquent-level", 100, 0},
}

// TestTrialsAreQuotedRight plays every published trial and holds the figures that believe.md quotes by hand against it.
func TestTrialsAreQuotedRight(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	page := strings.Join(strings.Fields(pages(t, shared.root)[figurePage]), " ")
	trials := playTrials(t)
	for _, phrase := range counts(trials) {
		if !strings.Contains(page, phrase) {
			t.Errorf("%s does not say %q", figurePage, phrase)
		}
	}
	for _, q := range quoted {
		x, ok := trials[q.trial+" "+q.measure]
		if !ok {
			t.Errorf("validate has no measure %s of %s", q.measure, q.trial)
			continue
		}
		figure := strconv.FormatFloat(math.Abs(x.Simulated)*math.Abs(q.times), 'f', q.decimals, 64)
		if x.Simulated*q.times < 0 {
			figure = "-" + figure
		}
		if phrase := strings.Replace(q.phrase, "%s", figure, 1); !strings.Contains(page, phrase) {
			t.Errorf("%s does not say %q, as %s of %s is %v", figurePage, phrase, q.measure, q.trial, x.Simulated)
		}
	}
}

// playTrials returns the measures by trial and name.
func playTrials(t *testing.T) map[string]trial {
	program, err := shared.command()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "validate", "--format", "json", "--quiet").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Experiments []trial }
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	trials := map[string]trial{}
	for _, x := range all.Experiments {
		trials[x.Name+" "+x.Metric] = x
	}
	return trials
}

// counts are the phrases that count trials and measures.
func counts(trials map[string]trial) []string {
	names, inside, bound := map[string]bool{}, 0, 0
	for _, x := range trials {
		names[x.Name] = true
		if x.Inside {
			inside++
			if x.Role == "bound" {
				bound++
			}
		}
	}
	words := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}
	word := func(n int) string {
		if n < len(words) {
			return words[n]
		}
		return strconv.Itoa(n)
	}
	return []string{
		fmt.Sprintf("replays %s published trials", word(len(names))),
		fmt.Sprintf("%d of %d measures lie within", inside, len(trials)),
		fmt.Sprintf("bounds; %s of these belong to trials in which the state was the sender", word(bound)),
	}
}
