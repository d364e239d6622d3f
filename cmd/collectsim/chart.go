package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/report"

	"github.com/spf13/cobra"
)

func (a *app) chartCommand() *cobra.Command {
	var kind, file string
	c := &cobra.Command{
		Use:   "chart DIR --kind KIND -o FILE.svg|png|pdf",
		Short: "Draw one chart of a finished run",
		Example: `  collectsim chart out --kind overdue -o overdue.png
  collectsim list charts`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			format := strings.TrimPrefix(filepath.Ext(file), ".")
			var errs []error
			if !contains(report.ChartKinds(), kind) {
				errs = append(errs, fmt.Errorf("--kind: unknown chart %q%s, must be one of %s", kind, suggestion(report.ChartKinds(), kind), strings.Join(report.ChartKinds(), ", ")))
			}
			if !contains(chart.Formats, format) {
				errs = append(errs, fmt.Errorf("-o %q: must end in .%s", file, strings.Join(chart.Formats, ", .")))
			}
			if err := errors.Join(errs...); err != nil {
				return usage(err)
			}
			r, err := report.Load(args[0])
			if err != nil {
				return err
			}
			picture, err := r.Chart(kind)
			if err != nil {
				return err
			}
			return wholeFile(file, func(part string) error {
				return draw(part, picture, format)
			})
		},
	}
	c.Flags().StringVar(&kind, "kind", "", "kind of chart; collectsim list charts names them")
	c.Flags().StringVarP(&file, "output", "o", "", "picture to write")
	_ = c.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(report.ChartKinds(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func draw(path string, picture chart.Chart, format string) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(chart.Write(out, picture, format), out.Close())
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
