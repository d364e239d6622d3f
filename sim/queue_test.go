package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"collectsim/sim"
)

// arrivals wants one visit for each account, on a day of its own. A strategy does not see who the
// borrower is, so the amount owed tells them apart.
type arrivals struct{ on map[loan.Cents]loan.Day }

func (arrivals) Name() string                        { return "arrivals" }
func (arrivals) Slots() int                          { return 1 }
func (arrivals) Lead() loan.Day                      { return 0 }
func (a arrivals) day(o *strategy.Observed) loan.Day { return a.on[o.Owed] }

func (a arrivals) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	day := a.day(o)
	switch {
	case o.Marks[0].Count > 0 || o.Waiting>>loan.Visit&1 == 1:
		return out, loan.Never
	case o.Day < day:
		return out, day
	}
	return append(out, strategy.Action{Channel: loan.Visit, Procedure: &strategy.Procedure{}}), o.Day + 1
}

// queueScenario has borrowers who never pay, and officers who make exactly served visits a day, booked
// for tomorrow alone: whoever has no appointment waits.
const queueScenario = `
name: queue
uncertainty: false
borrowers:
  causes: {reliable: {intensity: 0, intensity_spread: 0}, forgetful: {intensity: 0}, temporary-shock: {intensity: 0}, over-indebted: {intensity: 0}, unwilling: {intensity: 0}}
  lump_sums: {per_year: 0}
  excitation: {scale: 0}
  stress: {complaint: 0, incident: 0, stop_request: 0}
channels: {visit: {attempt_minutes: 60, talk_minutes: 60, promise: 0, diagnoses: 0}}
teams: {visit: {agents: 1, crew: 1, minutes: 300.001, weekends: true, priority: dpd, book_ahead: 0}}
travel: {urban: {area: 1e-9, speed: 1e6}, suburban: {area: 1e-9, speed: 1e6}, remote: {area: 1e-9, speed: 1e6}}
policy: {charge_off_days: 32000}
`

const served = 5 // 300 minutes of 60

// backlogs simulates Poisson arrivals of visit requests and returns arrivals and backlog by day.
func backlogs(t *testing.T, seed uint64, rate float64, days int) (came []int, backlog []float64) {
	t.Helper()
	source := rand.New(rand.NewPCG(seed, 1))
	s, err := scenario.Parse("queue.yaml", []byte(queueScenario))
	if err != nil {
		t.Fatal(err)
	}
	s.Horizon, s.Replications = days, 1
	wish := arrivals{map[loan.Cents]loan.Day{}}
	p := &loan.Portfolio{Segments: []string{"all"}, Currency: "unit"}
	for day := range days {
		n := poisson(source, rate)
		came = append(came, n)
		for range n {
			owed := loan.Cents(100_000 + len(p.Accounts))
			wish.on[owed] = loan.Day(day)
			p.Accounts = append(p.Accounts, loan.Account{
				ID: int64(len(p.Accounts) + 1), DueDay: 1, DPD: 29, Balance: owed, Arrears: owed, Instalment: owed, LastPayment: -1,
			})
		}
	}
	c, err := s.Config(p)
	if err != nil {
		t.Fatal(err)
	}
	world := s.World()
	world.Strategies = []strategy.Strategy{wish}
	c.Draw = func(rng.Stream) (*sim.World, []float64, error) { return world, nil, nil }
	for _, row := range run(t, c)[0].Strategies[0].Daily {
		backlog = append(backlog, row[outcome.DayQueueVisit])
	}
	return came, backlog
}

func poisson(source *rand.Rand, rate float64) int {
	n, p, limit := 0, source.Float64(), math.Exp(-rate)
	for p > limit {
		n++
		p *= source.Float64()
	}
	return n
}

// TestVisitsQueueByLindley: the backlog of the visit team follows Lindley's recursion (1952) exactly,
// W(t) = max(W(t-1) + A(t) - c, 0).
func TestVisitsQueueByLindley(t *testing.T) {
	came, backlog := backlogs(t, 1, 4.7, 300)
	w, busy := 0, 0
	for day := range came {
		w = max(w+came[day]-served, 0)
		if backlog[day] != float64(w) {
			t.Fatalf("day %d: backlog %g, Lindley %d", day, backlog[day], w)
		}
		busy += min(w, 1)
	}
	if busy < 50 {
		t.Errorf("only %d days with a backlog: the recursion was hardly tried", busy)
	}
}

// TestMeanBacklog: the mean backlog agrees with the law of the chain, computed by iterating its exact
// distribution from an empty queue.
func TestMeanBacklog(t *testing.T) {
	const rate, days, runs = 4.2, 150, 60
	var means []float64
	for k := range uint64(runs) {
		_, backlog := backlogs(t, 100+k, rate, days)
		sum := 0.0
		for _, w := range backlog {
			sum += w
		}
		means = append(means, sum/days)
	}
	mean, se := meanSE(means)
	if want := lindleyMean(rate, days); !(math.Abs(mean-want) <= 5*se) {
		t.Errorf("mean backlog %.4f (standard error %.4f), theory %.4f", mean, se, want)
	}
}

// lindleyMean is the expected backlog averaged over the days, from the exact distribution of the chain.
func lindleyMean(rate float64, days int) float64 {
	const most = 400
	arrive := make([]float64, 60)
	arrive[0] = math.Exp(-rate)
	for k := 1; k < len(arrive); k++ {
		arrive[k] = arrive[k-1] * rate / float64(k)
	}
	law := make([]float64, most)
	law[0] = 1
	total := 0.0
	for range days {
		next := make([]float64, most)
		for w, p := range law {
			for k, q := range arrive {
				next[min(max(w+k-served, 0), most-1)] += p * q
			}
		}
		law = next
		for w, p := range law {
			total += float64(w) * p / float64(days)
		}
	}
	return total
}
