package compare_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	_ "collectsim/internal/sameseed"
)

var paidShare = compare.Metric{Name: "paid", Unit: "share", Better: compare.Higher}

// Two replications of four borrowers, counted by hand. Helped: 1 of 4, then 2 of 4.
func handBorrowers() compare.Borrowers {
	return compare.Borrowers{
		Replication: []int{2, 2, 2, 2, 1, 1, 1, 1},
		Group:       []string{"city", "city", "remote", "remote", "city", "city", "remote", "remote"},
		Champion:    []float64{0, 1, 1, 0, 0, 0, 1, 1},
		Challenger:  []float64{1, 1, 0, 0, 1, 1, 1, 1},
		Spend:       []float64{2, 2, 2, 2, 1, 1, 3, 3},
		PaidAnyway:  []bool{false, true, true, false, false, false, true, true},
		Score:       []float64{9, 2, 1, 5, 9, 8, 1, 2},
	}
}

func TestEffectsByHand(t *testing.T) {
	got := compare.Effects(paidShare, handBorrowers(), compare.EffectOptions{})
	if len(got) != 3 || got[0].Group != "" || got[1].Group != "city" || got[2].Group != "remote" {
		t.Fatalf("got %+v", got)
	}
	for i, w := range []struct{ helped, unaffected, harmed, mean, anyway, shareAnyway float64 }{
		{3. / 8, 4. / 8, 1. / 8, 2. / 8, 5, 10. / 16},
		{3. / 4, 1. / 4, 0, 3. / 4, 1, 2. / 6},
		{0, 3. / 4, 1. / 4, -1. / 4, 4, 8. / 10},
	} {
		near(t, got[i].Group+" helped", got[i].Helped.Value, w.helped, 1e-15)
		near(t, got[i].Group+" unaffected", got[i].Unaffected.Value, w.unaffected, 1e-15)
		near(t, got[i].Group+" harmed", got[i].Harmed.Value, w.harmed, 1e-15)
		near(t, got[i].Group+" mean effect", got[i].MeanEffect.Value, w.mean, 1e-15)
		near(t, got[i].Group+" spent anyway", got[i].SpentAnyway.Value, w.anyway, 1e-15)
		near(t, got[i].Group+" share spent anyway", got[i].ShareAnyway.Value, w.shareAnyway, 1e-15)
	}
	// Replications of equal size: the t interval of the replications' shares.
	want := estimate.Mean([]float64{2. / 4, 1. / 4}, 0.95)
	near(t, "helped low", got[0].Helped.Low, want.Low, 1e-12)
	near(t, "helped high", got[0].Helped.High, want.High, 1e-12)
	// Nobody of the city is harmed, in any replication: that is not known exactly.
	if h := got[1].Harmed; h.Value != 0 || !(h.High > 0) || len(h.Warnings) == 0 {
		t.Errorf("none harmed: %+v", h)
	}
}

func TestEffectsTurnWithTheDirection(t *testing.T) {
	lower := paidShare
	lower.Better = compare.Lower
	a, b := compare.Effects(paidShare, handBorrowers(), compare.EffectOptions{})[0], compare.Effects(lower, handBorrowers(), compare.EffectOptions{})[0]
	if a.Helped.Value != b.Harmed.Value || a.Harmed.Value != b.Helped.Value || a.MeanEffect.Value != b.MeanEffect.Value {
		t.Errorf("got %+v and %+v", a, b)
	}
	wide := compare.Effects(paidShare, handBorrowers(), compare.EffectOptions{Tolerance: 1})[0]
	if wide.Unaffected.Value != 1 {
		t.Errorf("effects of 1 within a tolerance of 1: %+v", wide.Unaffected)
	}
}

func TestEffectsOfOneReplication(t *testing.T) {
	b := compare.Borrowers{Replication: []int{1, 1, 1, 1}, Champion: []float64{0, 0, 0, nan}, Challenger: []float64{1, 0, 0, 1}}
	got := compare.Effects(paidShare, b, compare.EffectOptions{})[0]
	want := estimate.Share(1, 3, 0.95)
	if got.Helped.Low != want.Low || got.Helped.High != want.High || len(got.Helped.Warnings) != 2 || got.Borrowers != 3 {
		t.Errorf("got %+v", got.Helped)
	}
	if !math.IsNaN(got.ShareAnyway.Value) || !math.IsNaN(got.SpentAnyway.Value) {
		t.Errorf("money without spending: %+v", got)
	}
}

// TestEffectsOnAll: a share of all is no more certain than one of none.
func TestEffectsOnAll(t *testing.T) {
	b := compare.Borrowers{Replication: []int{1, 1, 2, 2}, Champion: []float64{0, 0, 0, 0}, Challenger: []float64{1, 1, 1, 1}}
	got := compare.Effects(paidShare, b, compare.EffectOptions{})[0]
	want := estimate.Share(4, 4, 0.95)
	if h := got.Helped; h.Value != 1 || h.Low != want.Low || len(h.Warnings) != 1 || !strings.Contains(h.Warnings[0], "none or all of the borrowers count") {
		t.Errorf("got %+v, want %+v", h, want)
	}
}

// The curve and coefficient by their definition: for every share of borrowers, the mean gain
// over all orders that the scores allow, integrated over the knots.
func TestTargetingByHand(t *testing.T) {
	c := compare.Targeting(paidShare, handBorrowers(), 0.95)
	// Replication 2, by score 9 5 2 1: effects 1 0 0 -1; best 1 0 0 -1. Gains per borrower
	// .25 .25 .25 0 against a line to 0: area .25 (.125 + .25 + .25 + .125) = .1875; best the same.
	// Replication 1, by score 9 8 2 1: effects 1 1 0 0: gains .25 .5 .5 .5, area .375 + ... :
	// .25 (.125 + .375 + .5 + .5) - .25 = .125; best the same.
	near(t, "area", c.Area.Value, (0.1875+0.125)/2, 1e-14)
	near(t, "qini", c.Qini.Value, 1, 1e-14)
	near(t, "gain at 0", float64(c.Gain[0]), 0, 0)
	near(t, "gain at .5", float64(c.Gain[50]), (0.25+0.5)/2, 1e-14)
	near(t, "gain at .1", float64(c.Gain[10]), 0.1, 1e-14)
	near(t, "gain at 1", float64(c.Gain[100]), (0+0.5)/2, 1e-14)
	b := handBorrowers()
	for i := range b.Score {
		b.Score[i] = -b.Score[i]
	}
	// Reversed: effects -1 0 0 1, area -.1875; and 0 0 1 1, area -.125.
	near(t, "qini reversed", compare.Targeting(paidShare, b, 0.95).Qini.Value, -1, 1e-14)
	for i := range b.Score {
		b.Score[i] = 7
	}
	tied := compare.Targeting(paidShare, b, 0.95)
	near(t, "qini of equal scores", tied.Qini.Value, 0, 0)
	near(t, "gain of equal scores", float64(tied.Gain[50]), 0.125, 1e-14)
}

// No order beats that of the true effects, and a score that says nothing is worth nothing on average.
func TestTargetingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 15).Draw(t, "n")
		var b compare.Borrowers
		for range n {
			b.Replication = append(b.Replication, 1)
			b.Champion = append(b.Champion, 0)
			b.Challenger = append(b.Challenger, float64(rapid.IntRange(-2, 2).Draw(t, "effect")))
			b.Score = append(b.Score, float64(rapid.IntRange(0, 3).Draw(t, "score")))
		}
		c := compare.Targeting(paidShare, b, 0.95)
		if q := c.Qini.Value; !math.IsNaN(q) && (q > 1+1e-12 || q < -1-1e-12) {
			t.Fatalf("qini %v", q)
		}
		for i := range c.Gain {
			if c.Gain[i] > c.BestGain[i]+1e-12 {
				t.Fatalf("at share %v the score beats the truth: %v > %v", c.Share[i], c.Gain[i], c.BestGain[i])
			}
		}
		if !(math.Abs(float64(c.Gain[100]-c.BestGain[100])) <= 1e-12) {
			t.Fatal("all treated, but the gains differ")
		}
	})
}

func TestTargetingWithoutAnswer(t *testing.T) {
	b := compare.Borrowers{Replication: []int{1, 1, 1}, Champion: []float64{0, 0, nan}, Challenger: []float64{1, 1, 1}, Score: []float64{1, 2, 3}}
	c := compare.Targeting(paidShare, b, 0.95)
	if !math.IsNaN(c.Qini.Value) || len(c.Warnings) != 1 {
		t.Errorf("equal effects: %+v", c.Qini)
	}
}

func groups(sizes ...float64) []compare.GroupSeries {
	var out []compare.GroupSeries
	for g, size := range sizes {
		s := compare.GroupSeries{Group: string(rune('a' + g))}
		for k := range 8 {
			s.Values = append(s.Values, 0.2+0.1*float64(g)+0.01*float64((k*(g+2))%5))
			s.Accounts = append(s.Accounts, size)
		}
		out = append(out, s)
	}
	return out
}

func TestFairnessGapsAgainstEverybody(t *testing.T) {
	in := groups(100, 300)
	f, err := compare.FairnessGaps(overdue, in, compare.FairnessOptions{})
	if err != nil {
		t.Fatal(err)
	}
	diff := make([]float64, 8)
	for k := range diff { // a - (a + 3 b)/4 = 3/4 (a - b)
		diff[k] = 0.75 * (in[0].Values[k] - in[1].Values[k])
	}
	want := estimate.Mean(diff, 0.95)
	near(t, "gap", f.Gaps[0].Gap.Value, want.Value, 1e-12)
	near(t, "gap low", f.Gaps[0].Gap.Low, want.Low, 1e-12)
	near(t, "gap high", f.Gaps[0].Gap.High, want.High, 1e-12)
	near(t, "gaps cancel", 100*f.Gaps[0].Gap.Value, -300*f.Gaps[1].Gap.Value, 1e-9)
	near(t, "largest gap", f.MaxGap.Value, -want.Value/0.75, 1e-12)
	if f.HighGroup != "b" || f.LowGroup != "a" || len(f.Warnings) != 0 {
		t.Errorf("got %+v", f)
	}
}

func TestFairnessPoolsSmallGroups(t *testing.T) {
	f, err := compare.FairnessGaps(overdue, groups(100, 20, 200, 15), compare.FairnessOptions{Reference: "c"})
	if err != nil {
		t.Fatal(err)
	}
	last := f.Gaps[len(f.Gaps)-1]
	if len(f.Gaps) != 3 || last.Group != "2 small groups" || strings.Join(last.Pooled, "") != "bd" || last.Accounts != 35 || !strings.Contains(f.Warnings[0], "b, d") {
		t.Errorf("got %+v, %q", f.Gaps, f.Warnings)
	}
	pooled := (20*0.3 + 15*0.5) / 35
	if !(math.Abs(last.Value.Value-pooled) <= 0.05) { // the wiggle of the replications is below 0.05
		t.Errorf("pooled value %v, want about %v", last.Value.Value, pooled)
	}
	if ref := f.Gaps[1]; ref.Group != "c" || ref.Gap.Value != 0 || !math.IsNaN(float64(ref.HolmP)) {
		t.Errorf("the reference against itself: %+v", ref)
	}
	tiny, err := compare.FairnessGaps(overdue, groups(100, 20), compare.FairnessOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if g := tiny.Gaps[1]; !math.IsNaN(g.Gap.Value) || math.IsNaN(g.Value.Value) || len(tiny.Warnings) != 2 {
		t.Errorf("too small even pooled: %+v, %q", g, tiny.Warnings)
	}
	if !math.IsNaN(tiny.MaxGap.Value) || len(tiny.MaxGap.Warnings) != 1 {
		t.Errorf("a single group has no largest gap: %+v", tiny.MaxGap)
	}
	for want, ref := range map[string]string{"no such group": "z", "fewer than 30": "b"} {
		if _, err := compare.FairnessGaps(overdue, groups(100, 20), compare.FairnessOptions{Reference: ref}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reference %s: %v", ref, err)
		}
	}
}

// TestPooledGroupsAreJudged: groups come by name, one of exactly the least size stands alone, and small ones that
// together are large enough count in the largest gap.
func TestPooledGroupsAreJudged(t *testing.T) {
	in := groups(20, 30, 100, 20) // a and d are pooled, at 0.35; a is the lowest, d the highest
	slices.Reverse(in)
	for k := range 8 {
		in[0].Values[k] += 1 // d
	}
	f, err := compare.FairnessGaps(overdue, in, compare.FairnessOptions{})
	if err != nil || len(f.Gaps) != 3 || f.Gaps[0].Group != "b" || f.Gaps[1].Group != "c" || strings.Join(f.Gaps[2].Pooled, "") != "ad" {
		t.Fatalf("got %+v, %v", f, err)
	}
	if f.HighGroup != "2 small groups" || f.LowGroup != "b" {
		t.Errorf("largest gap from %s to %s", f.LowGroup, f.HighGroup)
	}
}

// The largest of three pairs is picked, so its interval is at 1 - 0.05/3.
func TestMaxGapPaysForThePick(t *testing.T) {
	in := groups(100, 100, 100)
	f, err := compare.FairnessGaps(overdue, in, compare.FairnessOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := compare.Paired(in[2].Values, in[0].Values, 1-0.05/3).Difference
	near(t, "low", f.MaxGap.Low, want.Low, 1e-12)
	near(t, "high", f.MaxGap.High, want.High, 1e-12)
}

func ExampleEffects() {
	all := compare.Effects(paidShare, handBorrowers(), compare.EffectOptions{})[0]
	fmt.Printf("helped %.3f, unaffected %.3f, harmed %.3f\n", all.Helped.Value, all.Unaffected.Value, all.Harmed.Value)
	fmt.Printf("%.0f%% of the money went to borrowers who pay anyway\n", 100*all.ShareAnyway.Value)
	// Output:
	// helped 0.375, unaffected 0.500, harmed 0.125
	// 62% of the money went to borrowers who pay anyway
}
