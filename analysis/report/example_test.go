package report_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"collectsim/analysis/report"
	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// ladder texts three days before the due date, and calls from the tenth day past due, at most four times an episode.
type ladder struct{}

func (ladder) Name() string   { return "ladder" }
func (ladder) Slots() int     { return 2 }
func (ladder) Lead() loan.Day { return 3 }

func (ladder) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	switch {
	case o.DPD < 0 && o.Marks[0].Count == 0:
		out = append(out, strategy.Action{Slot: 0, Channel: loan.SMS})
	case o.DPD >= 10 && o.Marks[1].Count < 4 && !o.PromiseOpen:
		out = append(out, strategy.Action{Slot: 1, Channel: loan.Call, Tone: loan.Friendly, Every: 7, Retry: 2})
	}
	return out, o.Day + 1
}

// A strategy in Go beside those of a scenario, played into a folder that the commands read, too, and compared.
func Example() {
	s := scenario.Default()
	s.Accounts, s.Replications, s.Horizon = 400, 8, 90
	if err := s.Play([]string{"no-contact", "reminders-only"}); err != nil {
		log.Fatal(err)
	}
	c, err := s.Config(nil)
	if err != nil {
		log.Fatal(err)
	}
	draw := c.Draw
	c.Draw = func(r rng.Stream) (*sim.World, []float64, error) {
		w, parameters, err := draw(r)
		if err != nil {
			return nil, nil, err
		}
		world := *w
		world.Strategies = append([]strategy.Strategy{ladder{}}, w.Strategies...)
		return &world, parameters, nil
	}
	m, err := s.Manifest(c)
	if err != nil {
		log.Fatal(err)
	}
	m.Strategies = append([]string{"ladder"}, m.Strategies...)

	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := play(filepath.Join(dir, "out"), m, c); err != nil {
		log.Fatal(err)
	}
	run, err := report.Load(filepath.Join(dir, "out"))
	if err != nil {
		log.Fatal(err)
	}
	x, err := report.Compare(run, report.CompareOptions{Metrics: []string{"overdue_rate_30", "visits_per_account"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range x.Comparisons {
		fmt.Println(c.Metric.Name, c.Challenger, "against", c.Champion+":", c.Verdict.Outcome)
	}
	// Output:
	// overdue_rate_30 ladder against no-contact: better
	// overdue_rate_30 reminders-only against no-contact: better
	// visits_per_account ladder against no-contact: identical
	// visits_per_account reminders-only against no-contact: identical
}

// play writes a run's folder: replications go into a journal, from which the tables are built.
func play(dir string, m *outcome.Manifest, c *sim.Config) error {
	folder, err := outcome.Create(dir, false, false)
	if err != nil {
		return err
	}
	defer folder.Leave()
	journal, err := outcome.OpenJournal(folder.Path(outcome.JournalFile), func(*outcome.Replication) error { return nil })
	if err != nil {
		return err
	}
	if err := sim.Run(context.Background(), *c, journal); err != nil {
		return err
	}
	if err := journal.Close(); err != nil {
		return err
	}
	from := func(each func(*outcome.Replication) error) error {
		return outcome.ReadJournal(folder.Path(outcome.JournalFile), each)
	}
	if err := outcome.Build(folder.Partial, m.Info(), from, report.Statistics()); err != nil {
		return err
	}
	if err := os.Remove(folder.Path(outcome.JournalFile)); err != nil {
		return err
	}
	return folder.Commit(m)
}
