package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	var file, lang string
	c := &cobra.Command{
		Use:   "report DIR [-o FILE.html]",
		Short: "Write a finished run as one page for a committee",
		Long: `Writes a run's folder as one HTML page that needs nothing else, neither other files nor a
network: the answer in words, the comparison, charts, assumptions with their sources,
warnings, and how to make the numbers again. Readable on a phone, printable to PDF.`,
		Example: `  collectsim report out                       # writes out/report.html
  collectsim report out -o committee.html --lang zh-CN`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if !contains(report.Languages, lang) {
				return usage(fmt.Errorf("--lang %s: must be one of %s", lang, strings.Join(report.Languages, ", ")))
			}
			if file == "" {
				file = filepath.Join(args[0], "report.html")
			}
			if ext := strings.ToLower(filepath.Ext(file)); ext != ".html" && ext != ".htm" {
				return usage(fmt.Errorf("-o %q: must end in .html", file))
			}
			if err := writeReport(args[0], file, lang); err != nil {
				return err
			}
			a.say("wrote %s", file)
			return nil
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "page to write (default: report.html in the folder)")
	c.Flags().StringVar(&lang, "lang", "en", "language of the page: "+strings.Join(report.Languages, ", "))
	_ = c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(report.Languages, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// writeReport writes the page of a folder.
func writeReport(dir, file, lang string) error {
	r, err := report.Load(dir)
	if err != nil {
		return err
	}
	o, err := reportOptions(r.Manifest)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	o.Lang = lang
	return wholeFile(file, func(part string) error {
		out, err := os.Create(part)
		if err != nil {
			return err
		}
		return errors.Join(report.HTML(out, r, o), out.Close())
	})
}

// reportOptions says what the scenario adds to the folder: what strategies do, and every assumption.
func reportOptions(m *outcome.Manifest) (report.HTMLOptions, error) {
	s, err := scenario.FromManifest(m)
	if err != nil {
		return report.HTMLOptions{}, err
	}
	o := report.HTMLOptions{Title: titleOf(s, m)}
	for _, name := range m.Strategies {
		if p := s.Strategy(name); p != nil {
			o.Strategies = append(o.Strategies, noteOf(name, p))
		}
	}
	o.Assumptions, err = assumptions(s, m)
	return o, err
}

// noteOf says what a strategy does and where it comes from. A variant of a built-in one has inherited title and source, which
// do not speak for what the variant changes; a split has its arms.
func noteOf(name string, p *strategy.Plan) report.StrategyNote {
	note := report.StrategyNote{Name: name, Title: p.Title, Source: p.Source}
	known := scenario.Builtin("strategies")
	if slices.Contains(known, name) {
		return note
	}
	standard := scenario.Default()
	_ = standard.Play(known) // built in, and each there once
	for _, like := range known {
		if own := standard.Strategy(like); p.Title != "" && own.Title == p.Title && own.Source == p.Source {
			note.Title, note.Source = "a variant of "+like+": "+p.Title, ""
		}
	}
	if note.Title == "" {
		note.Title = arms(p)
	}
	return note
}

// arms are the strategies among which a plan divides the accounts: with their shares, or the groups that they serve.
func arms(p *strategy.Plan) string {
	if p.Assign != nil {
		return p.Assign.String()
	}
	var parts []string
	total := 0.0
	for _, name := range p.Arms() {
		total += p.Split[name]
	}
	for _, name := range p.Arms() {
		parts = append(parts, fmt.Sprintf("%s %.3g%%", name, 100*p.Split[name]/total))
	}
	return strings.Join(parts, ", ")
}

// titleOf is the title that the scenario states. That of the default speaks of its portfolio and strategies: a scenario
// that has not put its own in its place has it only where these are played.
func titleOf(s *scenario.Scenario, m *outcome.Manifest) string {
	standard := scenario.Default()
	if s.Title == standard.Title && (m.Tape != nil || !slices.Equal(m.Strategies, standard.Played())) {
		return ""
	}
	return s.Title
}
