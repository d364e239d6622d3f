package sweep

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// TestFaultIsARow breaks the portfolio that some points share, so that the engine refuses it there; the other
// points draw portfolios of their own.
func TestFaultIsARow(t *testing.T) {
	s := scenario.Default()
	if err := s.Play([]string{"no-contact", "reminders-only"}); err != nil {
		t.Fatal(err)
	}
	s.Accounts, s.Replications, s.Horizon = 60, 3, 40
	p, err := New(s, nil, outcome.SweepDesign{
		Paths: []string{"accounts"}, Points: [][]string{{"50"}, {"60"}, {"70"}}, Metrics: []string{"npv"},
	})
	if err != nil {
		t.Fatal(err)
	}
	broken := *p.base
	broken.Accounts = slices.Clone(broken.Accounts)
	broken.Accounts[3].Segment = 150 // of a portfolio with fewer segments, which only a programming fault makes
	p.base = &broken
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	stats, err := p.Run(context.Background(), log, Options{Workers: 2})
	if err != nil || stats.Played != 9 {
		t.Fatalf("got %+v, %v, want all 9 runs", stats, err)
	}
	if err := p.Build(dir, File(log), nil); err != nil {
		t.Fatal(err)
	}
	x, err := outcome.Open(dir, PointsTable)
	if err != nil {
		t.Fatal(err)
	}
	for row := range x.Rows() {
		status, reason, point := x.Column("status").Text[row], x.Column("reason").Text[row], x.Column("point").Int[row]
		if (status == OK) != (point != 1) || (reason == "") != (point != 1) {
			t.Errorf("point %d: status %q, reason %q", point, status, reason)
		}
		if point == 1 && !strings.HasPrefix(reason, "account 4: segment: must be less than 1, the number of segments, got 150") {
			t.Errorf("reason: got %q", reason)
		}
	}
	if r := p.Play(context.Background(), 1, 2); r.Replication != 2 || !strings.HasPrefix(r.Reason, "account 4: segment:") {
		t.Errorf("replication 2: got %q", r.Reason)
	}

	// A fault outside of the engine is a row as well, and so is a panic.
	p.Portfolio = &loan.Portfolio{}
	if r := p.Play(context.Background(), 0, 0); r.Reason == "" {
		t.Error("an empty portfolio: got no reason")
	}
	p.Base = nil
	if r := p.Play(context.Background(), 0, 0); !strings.HasPrefix(r.Reason, "panic: runtime error: invalid memory address") {
		t.Errorf("no base: got %q", r.Reason)
	}
}
