package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/report"
	"collectsim/sim/outcome"

	"github.com/spf13/cobra"
)

// chartFlags are the flags of the chart command.
type chartFlags struct {
	kind, file, overlay, name, fontFile string
	font                                *chart.Font
	options                             report.ChartOptions
}

func (a *app) chartCommand() *cobra.Command {
	var f chartFlags
	c := &cobra.Command{
		Use:   "chart DIR --kind KIND -o FILE.svg|png|pdf",
		Short: "Draw one chart of a finished run, sweep or analysis of sensitivity",
		Long: `Draws one chart from a run's folder, or sweep, break-even or best-map from a sweep's, or tornado or
best-map from that of an analysis of sensitivity. "collectsim list charts" names the kinds; some need tables that a run writes on request (--accounts-table), and say so. --overlay draws a second run on
the same axes, dashed.`,
		Example: `  collectsim chart out --kind overdue -o overdue.png
  collectsim chart out --kind forest --metric stress_mean -o stress.svg
  collectsim chart out --kind roll-rates --strategy home-visits -o rolls.pdf
  collectsim chart out --kind fairness --dimension product --metric cure_rate -o fair.svg
  collectsim chart out-sweep --kind break-even --metric npv -o break-even.svg
  collectsim chart out --kind overdue --overlay out-recession --overlay-name recession -o both.svg
  collectsim chart out --kind overdue --font NotoSansCJK-Regular.ttc -o overdue.png
  collectsim list charts`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := f.run(args[0]); err != nil {
				return err
			}
			if m, err := outcome.ReadManifest(args[0]); err == nil && f.format() != "svg" {
				a.warnOfFont(m, f.font)
			}
			return nil
		},
	}
	fl, o := c.Flags(), &f.options
	fl.StringVar(&f.kind, "kind", "", "kind of chart; collectsim list charts names them")
	fl.StringVarP(&f.file, "output", "o", "", "picture to write")
	fl.StringVar(&f.fontFile, "font", "", "TrueType or OpenType font for characters of PNG and PDF that the built-in one lacks, such as Chinese")
	fl.StringVar(&f.overlay, "overlay", "", "folder of a second run to draw on the same axes: "+strings.Join(report.OverlayKinds(), ", "))
	fl.StringVar(&f.name, "overlay-name", "", "what the second run is called (default: its folder's name)")
	fl.StringVar(&o.Strategy, "strategy", "", "strategy of roll-rates (default: the first by net_value) and of vintage (default: all, their months of opening together)")
	fl.StringVar(&o.Metric, "metric", "", "metric of forest, convergence, fairness and individual")
	fl.StringVar(&o.Dimension, "dimension", "", "what fairness groups borrowers by (default: region)")
	fl.StringVar(&o.Reference, "champion", "", "strategy that forest and individual compare with (default: the run's baseline)")
	fl.StringVar(&o.Channel, "channel", "", "channel of contact-funnel (default: all together)")
	fl.StringVar(&o.Team, "team", "", "team of queue, call or visit (default: the one that works more)")
	return c
}

// check holds the flags against what there is.
func (f *chartFlags) check() error {
	var names []string
	for _, k := range chart.Kinds {
		names = append(names, k.Name)
	}
	var errs []error
	if !contains(names, f.kind) {
		errs = append(errs, fmt.Errorf("--kind: unknown chart %q%s, must be one of %s", f.kind, suggestion(names, f.kind), strings.Join(names, ", ")))
	}
	if !contains(chart.Formats, f.format()) {
		errs = append(errs, fmt.Errorf("-o %q: must end in .%s", f.file, strings.Join(chart.Formats, ", .")))
	}
	if m := f.options.Metric; m != "" && !knownMetric(m) && !contains(report.AccountMetrics(), m) {
		errs = append(errs, fmt.Errorf("--metric: unknown metric %q%s", m, suggestion(metricNames(), m)))
	}
	if f.overlay != "" && contains(names, f.kind) && !contains(report.OverlayKinds(), f.kind) {
		errs = append(errs, fmt.Errorf("--overlay: chart %q cannot show a second run; these can: %s", f.kind, strings.Join(report.OverlayKinds(), ", ")))
	}
	if f.fontFile != "" && f.format() == "svg" {
		errs = append(errs, errors.New("--font: is for PNG and PDF; an SVG is shown in the fonts of its viewer"))
	}
	if f.name != "" && f.overlay == "" {
		errs = append(errs, errors.New("--overlay-name: needs --overlay"))
	}
	return errors.Join(errs...)
}

func (f *chartFlags) format() string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(f.file), "."))
}

func (f *chartFlags) run(dir string) error {
	if err := f.check(); err != nil {
		return usage(err)
	}
	if f.fontFile != "" {
		src, err := os.ReadFile(f.fontFile)
		if err == nil {
			f.font, err = chart.ParseFont(src)
		}
		if err != nil {
			return usage(fmt.Errorf("--font %s: %w", f.fontFile, reason(err)))
		}
	}
	picture, err := f.draw(dir)
	if err != nil {
		return err
	}
	if f.overlay != "" {
		if a, ok := picture.(chart.Acceptability); ok {
			f.options.Worths = a.Lines[0].X // one axis for both
		}
		second, err := f.draw(f.overlay)
		if err != nil {
			return err
		}
		name := f.name
		if name == "" {
			name = filepath.Base(filepath.Clean(f.overlay))
		}
		if picture, err = report.Overlay(f.kind, picture, second, name); err != nil {
			return err
		}
	}
	return wholeFile(f.file, func(part string) error { return f.write(part, picture) })
}

// warnOfFont says which names of a folder PNG and PDF cannot show, with a further font or nil.
func (a *app) warnOfFont(m *outcome.Manifest, font *chart.Font) {
	for _, name := range append([]string{m.Scenario}, m.Strategies...) {
		if !font.Draws(name) {
			a.say("warning: the font of PNG and PDF has not all characters of %q and draws empty boxes; the SVG shows them, and so does collectsim chart --font FILE", name)
		}
	}
}

// draw lays out the chart of one folder.
func (f *chartFlags) draw(dir string) (chart.Chart, error) {
	if m, err := outcome.ReadManifest(dir); err == nil && m.Kind == outcome.KindSweep {
		return sweepChart(dir, f.kind, f.options.Metric)
	} else if err == nil && m.Kind == kindSensitivity {
		return sensitivityChart(dir, f.kind, f.options.Metric)
	}
	r, err := report.Load(dir)
	if err != nil {
		return nil, err
	}
	picture, err := r.Draw(f.kind, f.options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return picture, nil
}

func (f *chartFlags) write(path string, picture chart.Chart) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.font.Write(out, picture, f.format()), out.Close())
}

// wholeFile lets write fill a neighbour of the file, which takes its name when it is whole.
func wholeFile(file string, write func(part string) error) error {
	part := file + ".partial"
	err := write(part)
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		_ = os.Remove(part) // what matters is why it could not be written
		return fmt.Errorf("%s: %w", file, reason(err))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
