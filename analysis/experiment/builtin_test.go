package experiment

import (
	"fmt"
	"math"
	"testing"

	"collectsim/sim/borrower"
)

// reduced is a play that is only long enough to exercise everything.
var reduced = Options{Accounts: 80, Replications: 2, Workers: 2}

// claimed loads the built-in claims by number.
func claimed(t *testing.T) map[int]*Experiment {
	t.Helper()
	list := map[int]*Experiment{}
	for _, name := range Builtin("claims") {
		x, err := Embedded("claims", name)
		if err != nil {
			t.Fatal(err)
		}
		if list[x.Number] != nil {
			t.Errorf("%s: number %d is taken by %s", name, x.Number, list[x.Number].Name)
		}
		if want := fmt.Sprintf("%02d-", x.Number); name[:3] != want {
			t.Errorf("%s: has the number %d", name, x.Number)
		}
		list[x.Number] = x
	}
	return list
}

func TestThereAreSeventeenClaims(t *testing.T) {
	list := claimed(t)
	for n := 1; n <= 17; n++ {
		x := list[n]
		switch {
		case x == nil:
			t.Errorf("claim %d has no experiment", n)
		case x.File.Claim == "" || x.Source == "" || x.Title == "":
			t.Errorf("%s: claim, source or title is missing", x.Name)
		case x.Measures[0].Claimed == "":
			t.Errorf("%s: the headline is not judged", x.Name)
		}
	}
	if len(list) != 17 {
		t.Errorf("got %d claims, want 17", len(list))
	}
}

// TestClaimsRunEndToEnd plays every claim in a reduced form, and holds the verdict to what the file
// claims: with every direction reversed, and no sweep, no claim may hold both ways.
func TestClaimsRunEndToEnd(t *testing.T) {
	for n, x := range claimed(t) {
		for i := range x.Sweeps { // the ends are enough
			v := x.Sweeps[i].Values
			x.Sweeps[i].Values = []float64{v[0], v[len(v)-1]}
		}
		r, err := x.Play(t.Context(), reduced)
		if err != nil {
			t.Fatal(err)
		}
		c, err := r.Claim()
		if err != nil {
			t.Fatal(err)
		}
		if c.Result != Holds && c.Result != Fails && c.Result != Depends {
			t.Errorf("claim %d: result %q", n, c.Result)
		}
		if (c.Result == Depends) != (c.DependsOn != "") || (c.Result == Depends) != (c.Side != "") {
			t.Errorf("claim %d: %s on %q, side %q", n, c.Result, c.DependsOn, c.Side)
		}
		r.Curves = nil
		straight, _ := r.Claim()
		for i := range r.Measures {
			switch m := &r.Measures[i]; m.Claimed {
			case "above":
				m.Claimed = "below"
			case "below":
				m.Claimed = "above"
			}
		}
		reversed, _ := r.Claim()
		if straight.Result == Holds && reversed.Result == Holds {
			t.Errorf("claim %d holds, and so does its opposite", n)
		}
	}
}

func TestPublishedExperimentsRun(t *testing.T) {
	roles := map[string]int{}
	for _, name := range Builtin("published") {
		x, err := Embedded("published", name)
		if err != nil {
			t.Fatal(err)
		}
		roles[x.Role]++
		r, err := x.Play(t.Context(), reduced)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Trials()) == 0 {
			t.Errorf("%s: no measure has published bounds", name)
		}
		if x.Source == "" || x.Note == "" {
			t.Errorf("%s: source or note is missing", name)
		}
	}
	for _, role := range []string{"fit", "test", "hold-out", "bound"} {
		if roles[role] == 0 {
			t.Errorf("no experiment has the role %s", role)
		}
	}
}

// TestSmallerInstalmentsLeaveTheIncome: income and lump sums are told in instalments, so an arm whose instalments
// are the part p of the full ones has each of them over p.
func TestSmallerInstalmentsLeaveTheIncome(t *testing.T) {
	x, err := Embedded("published", "smaller-instalments")
	if err != nil {
		t.Fatal(err)
	}
	told := func(b *borrower.Params) []float64 {
		c := &b.Causes
		return []float64{c.Reliable.Capacity, c.Forgetful.Capacity, c.TemporaryShock.Capacity, c.OverIndebted.Capacity, c.Unwilling.Capacity, b.LumpSums.Size}
	}
	for arm, part := range map[string]float64{"full": 1, "less-10": 0.9, "less-50": 0.5} {
		s := x.Base.Clone()
		for _, setting := range x.arm(arm).Set {
			if err := s.Set(setting); err != nil {
				t.Fatal(err)
			}
		}
		full := told(&x.Base.Borrowers)
		for i, got := range told(&s.Borrowers) {
			if want := full[i] / part; !(math.Abs(got-want) <= 5e-4*want) { // four digits are written
				t.Errorf("%s: number %d is %g, want %.4g", arm, i, got, want)
			}
		}
	}
}
