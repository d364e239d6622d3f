package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
)

// ablated are the metrics that --ablate shows: one for each of overdue rate, money and stress.
var ablated = []string{"overdue_rate_30", "net_value", "stress_mean"}

// ablation is what one mechanism contributes to one metric of one strategy: the metric without the
// mechanism less the metric with it, paired by replication.
type ablation struct {
	Mechanism string            `json:"mechanism"`
	Title     string            `json:"title"`
	Strategy  string            `json:"strategy"`
	Metric    string            `json:"metric"`
	Change    estimate.Estimate `json:"change"`
	Identical bool              `json:"identical"`
}

// collected keeps every metric of every replication: [strategy][metric][replication].
type collected [][][]float64

func (c *collected) Replication(r *outcome.Replication) error {
	for len(*c) < len(r.Strategies) {
		*c = append(*c, make([][]float64, len(outcome.Metrics())))
	}
	for k := range r.Strategies {
		for m, v := range r.Strategies[k].Values {
			(*c)[k][m] = append((*c)[k][m], v)
		}
	}
	return nil
}

// ablate runs the scenario whole and once more with each mechanism switched off, on the same draws.
func (a *app) ablate(c *cobra.Command, name string, f *scenarioFlags) error {
	if err := onlyAblation(c); err != nil {
		return usage(err)
	}
	whole, err := f.load(c, name)
	if err != nil {
		return err
	}
	portfolio, _, err := f.portfolio(whole)
	if err != nil {
		return err
	}
	a.warn(append(whole.Notes(), f.doubts...))
	mechanisms := scenario.Mechanisms()
	bar := a.progress(1+len(mechanisms), 0)
	base, err := runOnce(c.Context(), whole, portfolio, f.workers)
	if err != nil {
		return err
	}
	bar.add()
	var rows []ablation
	for _, m := range mechanisms {
		s, err := f.load(c, name)
		if err == nil {
			err = usage(s.Apply(m.Off))
		}
		if err != nil {
			return err
		}
		without, err := runOnce(c.Context(), s, portfolio, f.workers)
		if err != nil {
			return err
		}
		rows = append(rows, contributions(m, whole.Played(), base, without)...)
		bar.add()
	}
	bar.close()
	if a.format != "text" {
		return a.printAblation(rows)
	}
	accounts := whole.Accounts
	if portfolio != nil {
		accounts = len(portfolio.Accounts)
	}
	return a.ablationText(rows, whole, accounts)
}

// onlyAblation refuses the flags of a run that writes a folder: left without a word, an --assert would pass unseen.
func onlyAblation(c *cobra.Command) error {
	var errs []error
	for _, flag := range []string{"assert", "shard", "resume", "force", "output", "no-charts", "accounts-table", "events", "precision", "precision-metrics", "max-replications"} {
		if c.Flags().Changed(flag) {
			errs = append(errs, fmt.Errorf("--%s: goes without --ablate, which writes no folder", flag))
		}
	}
	return errors.Join(errs...)
}

// runOnce runs a scenario in memory.
func runOnce(ctx context.Context, s *scenario.Scenario, portfolio *loan.Portfolio, workers int) (collected, error) {
	config, err := s.Config(portfolio)
	if err != nil {
		return nil, usage(err)
	}
	config.Workers = workers
	var values collected
	return values, sim.Run(ctx, *config, &values)
}

func contributions(m scenario.Mechanism, strategies []string, base, without collected) []ablation {
	var rows []ablation
	for _, metric := range ablated {
		i := outcome.MetricIndex(metric)
		for k, name := range strategies {
			p := compare.Paired(without[k][i], base[k][i], 0.95)
			rows = append(rows, ablation{m.Name, m.Title, name, metric, p.Difference, p.Identical})
		}
	}
	return rows
}

// printAblation writes the rows as JSON or CSV.
func (a *app) printAblation(rows []ablation) error {
	if a.format == "json" {
		return printJSON(a, struct {
			Ablation []ablation `json:"ablation"`
		}{rows})
	}
	t := outcome.NewTable("ablation", "mechanism", "strategy", "metric", "change", "low", "high")
	for _, r := range rows {
		t.Add(r.Mechanism, r.Strategy, r.Metric, r.Change.Value, r.Change.Low, r.Change.High)
	}
	return t.Write(a.out, "csv")
}

// ablationText prints one block per metric: mechanisms down, strategies across.
func (a *app) ablationText(rows []ablation, s *scenario.Scenario, accounts int) error {
	fmt.Fprintf(a.out, "%s: what each mechanism contributes: the figure without it less the figure with it, paired by replication;\n", s.Name)
	fmt.Fprintf(a.out, "%s of %s; 0 is exactly no influence, ~ means that the replications cannot tell from 0.\n", plural(s.Replications, "replication"), plural(accounts, "account"))
	strategies := s.Played()
	for _, metric := range ablated {
		m := outcome.Metrics()[outcome.MetricIndex(metric)]
		fmt.Fprintf(a.out, "\n%s (%s)\n", metric, m.Unit)
		w := columns.Right(a.out)
		fmt.Fprint(w, "\tswitched off\t")
		for _, name := range strategies {
			fmt.Fprintf(w, "%s\t", name)
		}
		fmt.Fprintln(w)
		last := ""
		for _, r := range rows {
			if r.Metric != metric {
				continue
			}
			if r.Mechanism != last {
				if last != "" {
					fmt.Fprintln(w)
				}
				fmt.Fprintf(w, "\t%s\t", r.Mechanism)
				last = r.Mechanism
			}
			fmt.Fprintf(w, "%s\t", change(r))
		}
		fmt.Fprintln(w)
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// change prints a contribution with the digits that its error supports.
func change(r ablation) string {
	e := r.Change
	switch {
	case r.Identical:
		return "0"
	case math.IsNaN(e.Value):
		return "undefined"
	case !e.Excludes(0):
		return "~"
	case e.Value > 0:
		return "+" + e.Format(e.Value)
	}
	return e.Format(e.Value)
}
