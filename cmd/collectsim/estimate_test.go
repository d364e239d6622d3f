package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rSurvival is the file of R's answers on its own datasets, of package estimate.
type rSurvival struct {
	Source string
	Cases  []struct {
		Name   string
		Time   []float64
		Status []int
		Group  []string
		KM     []struct {
			Group  string
			LogLog struct {
				Curve []struct {
					Time, Surv, SE float64
					Risk, Events   int
					Censored       int
					Low, High      *float64
				}
			} `json:"loglog"`
		}
		LogRank []struct {
			Rho, Chisq, P float64
			DF            int
		}
	}
}

func TestEstimateSurvivalAsR(t *testing.T) {
	content, err := os.ReadFile("../../analysis/estimate/testdata/known/survival_datasets.json")
	if err != nil {
		t.Fatal(err)
	}
	var r rSurvival
	if err := json.Unmarshal(content, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Cases) < 4 {
		t.Fatalf("%d datasets", len(r.Cases))
	}
	for _, c := range r.Cases {
		var text strings.Builder
		text.WriteString("group,days,dead\n")
		for i := range c.Time {
			fmt.Fprintf(&text, "%s,%v,%d\n", c.Group[i], c.Time[i], c.Status[i])
		}
		path := writeFile(t, filepath.Join(t.TempDir(), c.Name+".csv"), text.String())
		var got struct {
			Groups []struct {
				Group     string
				N, Events int
				Median    *float64
				Curve     []struct {
					Time             float64
					AtRisk           int `json:"at_risk"`
					Events, Censored int
					Survival         float64
					Low, High        *float64
				}
			}
			LogRank struct {
				Chisq, P float64
				DF       int
			}
		}
		if err := json.Unmarshal([]byte(must(t, "estimate", "survival", path, "--time", "days", "--event", "dead", "--by", "group", "--format", "json")), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Groups) != len(c.KM) {
			t.Fatalf("%s: %d groups, want %d", c.Name, len(got.Groups), len(c.KM))
		}
		curves := map[string]int{}
		for i, g := range got.Groups {
			curves[g.Group] = i
		}
		for _, want := range c.KM {
			g := got.Groups[curves[want.Group]]
			if len(g.Curve) != len(want.LogLog.Curve) {
				t.Errorf("%s %s: %d times, want %d", c.Name, want.Group, len(g.Curve), len(want.LogLog.Curve))
				continue
			}
			for i, w := range want.LogLog.Curve {
				p := g.Curve[i]
				if p.AtRisk != w.Risk || p.Events != w.Events || p.Censored != w.Censored || !closeTo(p.Survival, w.Surv) || !closeOrNone(p.Low, w.Low) || !closeOrNone(p.High, w.High) {
					t.Errorf("%s %s: at %v got %+v, want %+v", c.Name, want.Group, w.Time, p, w)
				}
			}
		}
		w := c.LogRank[0]
		if w.Rho != 0 || got.LogRank.DF != w.DF || !closeTo(got.LogRank.Chisq, w.Chisq) || !closeTo(got.LogRank.P, w.P) {
			t.Errorf("%s: log-rank %+v, want %+v", c.Name, got.LogRank, w)
		}
	}
}

func closeTo(got, want float64) bool {
	return math.Abs(got-want) <= 1e-9*math.Max(math.Abs(want), 1e-3)
}

func closeOrNone(got, want *float64) bool {
	if got == nil || want == nil {
		return got == want
	}
	return closeTo(*got, *want)
}

// TestEstimateTransitionsAsMSM: the counts of statetable.msm(state, PTNUM, data = cav), printed in the
// manual of R's msm (Jackson 2011).
func TestEstimateTransitionsAsMSM(t *testing.T) {
	content, err := os.ReadFile("../../analysis/estimate/testdata/known/cav.csv")
	if err != nil {
		t.Fatal(err)
	}
	for bytes.HasPrefix(content, []byte("#")) {
		_, content, _ = bytes.Cut(content, []byte("\n"))
	}
	path := writeFile(t, filepath.Join(t.TempDir(), "cav.csv"), string(content))
	var got struct {
		States           []string
		Counts           [][]int
		Rates, Low, High [][]*float64
	}
	if err := json.Unmarshal([]byte(must(t, "estimate", "transitions", path, "--id", "id", "--time", "time", "--state", "state", "--format", "json")), &got); err != nil {
		t.Fatal(err)
	}
	want := [][]int{{1367, 204, 44, 148}, {46, 134, 54, 48}, {4, 13, 107, 55}, {0, 0, 0, 0}}
	if fmt.Sprint(got.States) != "[1 2 3 4]" || fmt.Sprint(got.Counts) != fmt.Sprint(want) {
		t.Fatalf("states %v, counts %v, want %v", got.States, got.Counts, want)
	}
	for i, row := range want[:3] {
		total := 0
		for _, n := range row {
			total += n
		}
		for j, n := range row {
			low, high := wilson(n, total)
			if !closeTo(*got.Rates[i][j], float64(n)/float64(total)) || !closeTo(*got.Low[i][j], low) || !closeTo(*got.High[i][j], high) {
				t.Errorf("%d to %d: %v [%v, %v], want %v of %v", i+1, j+1, *got.Rates[i][j], *got.Low[i][j], *got.High[i][j], n, total)
			}
		}
	}
	if got.Rates[3][0] != nil {
		t.Errorf("rates of a state that is never left: %v, want null", *got.Rates[3][0])
	}
}

// wilson is the score interval at 95% (Wilson 1927).
func wilson(n, of int) (low, high float64) {
	const z = 1.959963984540054
	p, m := float64(n)/float64(of), float64(of)
	middle, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return math.Max(0, (middle-half)/(1+z*z/m)), math.Min(1, (middle+half)/(1+z*z/m))
}

// TestEstimateTextAgreesWithJSON: the counts and rates of the text are those of the document.
func TestEstimateTextAgreesWithJSON(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,t,s\n")
	for i := range 300 {
		fmt.Fprintf(&text, "%d,%d,%c\n", i/6, i%6, 'a'+byte(i*i%7%3))
	}
	path := writeFile(t, filepath.Join(t.TempDir(), "p.csv"), text.String())
	args := []string{"estimate", "transitions", path, "--id", "id", "--time", "t", "--state", "s"}
	var x struct {
		States []string
		Counts [][]int
		Rates  [][]float64
	}
	if err := json.Unmarshal([]byte(must(t, with(args, "--format", "json")...)), &x); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(must(t, args...), "\n")
	for i, state := range x.States {
		rates, counts := strings.Fields(lines[3+3*i]), strings.Fields(lines[5+3*i])
		if rates[0] != state {
			t.Fatalf("line %q is not that of %s", lines[3+3*i], state)
		}
		for j := range x.States {
			n, err := strconv.Atoi(counts[j])
			if err != nil || n != x.Counts[i][j] || rates[1+j] != fmt.Sprintf("%.2f%%", 100*x.Rates[i][j]) {
				t.Errorf("%s to %s: text %s and %s, document %d and %v", state, x.States[j], counts[j], rates[1+j], x.Counts[i][j], x.Rates[i][j])
			}
		}
	}
}
