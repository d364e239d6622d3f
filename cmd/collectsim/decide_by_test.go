package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textsReachRemote is a world in which texts reach remote borrowers alone, and cost as much elsewhere: without teams, what an
// assignment brings is what its groups bring by themselves.
const textsReachRemote = `
name: reach
accounts: 600
replications: 12
horizon: 120
baseline: none
strategies:
  none: {}
  texts:
    stages:
      text: {channel: sms, first_day: 1, last_day: 90, every: 7, cap: 8}
channels:
  sms: {effect: 0.3, heed: 1, unit_cost: 1, connect: {urban: 0, suburban: 0, remote: 1}}
`

// TestChoiceByGroupKeepsItsPromise: the printed assignment, played, brings what `decide --by` said, to the last digits.
func TestChoiceByGroupKeepsItsPromise(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	writeFile(t, in("reach.yaml"), textsReachRemote)
	done := func(args ...string) string {
		t.Helper()
		out, messages, code := commandOf(args...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, code, messages)
		}
		return out
	}
	done("run", in("reach.yaml"), "-o", in("out"), "--no-charts", "--quiet")
	var x struct {
		BestForAll string `json:"best_for_all"`
		Groups     []struct {
			Group, Best string
			BestIn      float64 `json:"best_in"`
		}
		Gain struct{ Estimate float64 }
	}
	if err := json.Unmarshal([]byte(done("decide", in("out"), "--by", "region", "--effect", "recovered", "--wtp", "1", "--format", "json")), &x); err != nil {
		t.Fatal(err)
	}
	for _, g := range x.Groups {
		if want := map[bool]string{true: "texts", false: "none"}[g.Group == "remote"]; g.Best != want || g.BestIn != 1 {
			t.Errorf("%s: best is %s in %.0f%%, want %s in all", g.Group, g.Best, 100*g.BestIn, want)
		}
	}
	text := done("decide", in("out"), "--by", "region", "--effect", "recovered", "--wtp", "1")
	_, assignment, ok := strings.Cut(text, "\nstrategies:\n")
	if !ok || !strings.Contains(assignment, "assign: {by: region, groups: {") {
		t.Fatalf("no assignment in\n%s", text)
	}
	// The printed file states the strategies to play; where they are the user's own, it is laid over his file.
	mixed := "extends: reach.yaml\nbaseline: " + x.BestForAll + "\nstrategies:\n" + assignment
	writeFile(t, in("mixed.yaml"), mixed)
	done("run", in("mixed.yaml"), "-o", in("mixed"), "--no-charts", "--quiet")
	var compared struct {
		Strategies []struct {
			Name           string
			VersusBaseline map[string]struct{ Estimate float64 } `json:"versus_baseline"`
		}
	}
	summary, err := os.ReadFile(in("mixed/summary.json"))
	if err == nil {
		err = json.Unmarshal(summary, &compared)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range compared.Strategies {
		if s.Name != "by-region" {
			continue
		}
		played := s.VersusBaseline["recovered"].Estimate - s.VersusBaseline["cost"].Estimate
		if !(math.Abs(x.Gain.Estimate-played) <= 1e-9*played) || !(played > 0) {
			t.Errorf("gain: said %v, played %v", x.Gain.Estimate, played)
		}
		return
	}
	t.Error("by-region was not played")
}

// TestPageSaysForWhom: the page says by what choosing a strategy for each group is worth something, in the words and figures of
// `decide --by`, in both languages; groups of other dimensions are in no table.
func TestPageSaysForWhom(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	writeFile(t, in("reach.yaml"), textsReachRemote)
	must(t, "run", in("reach.yaml"), "--accounts", "3000", "--replications", "30", "-o", in("out"), "--no-charts", "--quiet")
	for lang, want := range map[string][3]string{
		"en":    {"<h3 id=\"h-whom\">Which strategy for whom?</h3>", "<li>By region: 1.55 (1.52 to 1.57) CNY per account of the portfolio.</li>", "<li>By product: no group has a better strategy of its own.</li>"},
		"zh-CN": {"<h3 id=\"h-whom\">对谁用哪种策略？</h3>", "<li>按地区：全组合每户 1.55（1.52 至 1.57）CNY。</li>", "<li>按产品：没有哪一组另有更好的策略。</li>"},
	} {
		path := in("page-" + lang + ".html")
		must(t, "report", in("out"), "-o", path, "--lang", lang, "--quiet")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: no %q on the page", lang, part)
			}
		}
	}
	page, err := os.ReadFile(in("page-en.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dimension := range []string{"start", "product", "region"} {
		var x struct {
			Groups []struct {
				Group, Best string
				Accounts    float64
			}
			BestForAll string `json:"best_for_all"`
			Gain       struct{ Low float64 }
		}
		if err := json.Unmarshal([]byte(must(t, "decide", in("out"), "--by", dimension, "--format", "json")), &x); err != nil {
			t.Fatal(err)
		}
		worth := x.Gain.Low > 0
		for _, g := range x.Groups {
			name := dimension + ": " + g.Group
			if dimension == "start" {
				name = "bucket on day 0: " + g.Group
			}
			row := "<th scope=\"row\">" + name + "</th><td data-value=\"" + fmt.Sprint(g.Accounts) + "\">" + thousandsOf(g.Accounts) + "</td><td>" + g.Best + "</td>"
			if strings.Contains(string(page), row) != worth {
				t.Errorf("%s: worth %v, row on the page %v", name, worth, !worth)
			}
		}
		if worth != (dimension == "region") && dimension != "start" {
			t.Errorf("choosing by %s: worth %v: the test tests something else", dimension, worth)
		}
	}
}

// thousandsOf prints a number below a million as the page does.
func thousandsOf(n float64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%.0f,%03d", math.Floor(n/1000), int(n)%1000)
}
