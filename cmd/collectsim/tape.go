package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"collectsim/internal/columns"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/tape"

	"github.com/spf13/cobra"
)

// readMap reads a column map by built-in name or file.
func readMap(name string) (*tape.Map, error) {
	if contains(scenario.Builtin("maps"), name) {
		src, err := scenario.Embedded("maps", name)
		if err != nil {
			return nil, err
		}
		return tape.ParseMap(name+".yaml", src)
	}
	if _, err := os.Stat(name); err != nil {
		return nil, fmt.Errorf("--map %s: no such file and no built-in map%s", name, suggestion(scenario.Builtin("maps"), name))
	}
	return tape.ReadMap(name)
}

// mapDigest is the SHA-256 of a column map's text.
func mapDigest(name string) (string, error) {
	if contains(scenario.Builtin("maps"), name) {
		src, err := scenario.Embedded("maps", name)
		sum := sha256.Sum256(src)
		return hex.EncodeToString(sum[:]), err
	}
	return outcome.Digest(name)
}

func (a *app) tapeCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "tape", Short: "Check and describe loan tapes",
		Example: `  collectsim tape check cards.csv --map uci-taiwan
  collectsim tape describe cards.csv --map uci-taiwan`,
		Args: a.unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.tapeCheck(), a.tapeDescribe())
	return c
}

func (a *app) tapeCheck() *cobra.Command {
	var columns string
	c := &cobra.Command{
		Use: "check FILE --map FILE", Short: "Read a loan tape through a column map and report every row that is wrong",
		Example: "  collectsim tape check cards.csv --map uci-taiwan",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := mapFlag(columns)
			if err != nil {
				return err
			}
			_, r, err := tape.Load(args[0], m)
			var bad *tape.BadCells
			if a.format == "json" && (err == nil || errors.As(err, &bad)) { // all bad cells, where the message has 20
				return errors.Join(printJSON(a, r), err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s: %s\n", args[0], r.Counts())
			for _, line := range r.Touched() {
				fmt.Fprintf(a.out, "  %s\n", line)
			}
			for _, x := range r.Assumptions {
				fmt.Fprintf(a.out, "  assumption: %s\n", x)
			}
			for _, x := range r.Warnings {
				fmt.Fprintf(a.out, "  warning: %s\n", x)
			}
			return nil
		},
	}
	c.Flags().StringVar(&columns, "map", "", "column map: a file or a built-in name")
	a.formatFlag(c, "text", "json")
	return c
}

func mapFlag(columns string) (*tape.Map, error) {
	if columns == "" {
		return nil, usage(errors.New("--map: a tape needs a column map; see collectsim list maps and collectsim schema map"))
	}
	m, err := readMap(columns)
	return m, usage(err)
}

func printJSON(a *app, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", text)
	return err
}

func (a *app) tapeDescribe() *cobra.Command {
	var columns string
	c := &cobra.Command{
		Use: "describe FILE --map FILE", Short: "Summarise a loan tape",
		Example: "  collectsim tape describe cards.csv --map uci-taiwan",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := mapFlag(columns)
			if err != nil {
				return err
			}
			p, _, err := tape.Load(args[0], m)
			if err != nil {
				return err
			}
			d := tape.Describe(p)
			if a.format == "json" {
				return printJSON(a, d)
			}
			return a.describe(args[0], &d)
		},
	}
	c.Flags().StringVar(&columns, "map", "", "column map: a file or a built-in name")
	a.formatFlag(c, "text", "json")
	return c
}

func (a *app) describe(file string, d *tape.Description) error {
	fmt.Fprintf(a.out, "%s: %d accounts, %d with a balance, %d overdue (%.1f%% of accounts, %.1f%% of the balance)\n",
		file, d.Accounts, d.WithBalance, d.Overdue, 100*d.OverdueRate, 100*d.OverdueShare)
	fmt.Fprintf(a.out, "balance %.0f %s, overdue amount %.0f %s\n", d.Balance, d.Currency, d.Arrears, d.Currency)
	if d.NewLoans > 0 {
		fmt.Fprintf(a.out, "%d of the accounts open after day 0\n", d.NewLoans)
	}
	w := columns.Right(a.out)
	fmt.Fprintln(w, "\n\tof\taccounts\tmean\tp5\tp25\tp50\tp75\tp95\tmost\t")
	for _, x := range slices.Concat(d.Amounts, d.Terms) {
		if x.Accounts == 0 {
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%d", x.Name, x.Of, x.Accounts)
		for _, v := range []float64{x.Mean, x.P5, x.P25, x.Median, x.P75, x.P95, x.Max} {
			if x.Unit == tape.PerYear {
				fmt.Fprintf(w, "\t%.1f%%", 100*v)
			} else {
				fmt.Fprintf(w, "\t%.0f", v)
			}
		}
		fmt.Fprintln(w, "\t")
	}
	type part struct {
		title  string
		groups []tape.Group
	}
	parts := []part{{"days past due", d.Buckets}, {"product", d.Products}, {"region", d.Regions}, {"segment", d.Segments}}
	if slices.ContainsFunc(d.Intervals, func(g tape.Group) bool { return g.Name != strconv.Itoa(loan.MonthDays) }) {
		parts = append(parts, part{"days from one instalment to the next", d.Intervals})
	}
	for _, part := range parts {
		fmt.Fprintf(w, "\n%s\taccounts\tshare\tbalance\tshare of balance\t\n", part.title)
		for _, g := range part.groups {
			fmt.Fprintf(w, "%s\t%d\t%.1f%%\t%.0f\t%.1f%%\t\n", g.Name, g.Accounts, 100*g.Share, g.Balance, 100*g.BalanceShare)
		}
	}
	return w.Flush()
}

// exportFormats are the formats of a table, which are the endings of its file, too.
var exportFormats = []string{"csv", "parquet", "json", "arrow"}

func (a *app) exportCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "export TABLE --format csv|parquet|json [-o FILE]",
		Short: "Convert a table",
		Long: `Converts a table (Arrow, Parquet or CSV) to another format. Without -o, or with -o -, the result goes to stdout.
Without --format the ending of -o says which, else it is csv.`,
		Example: `  collectsim export out/replications.arrow --format csv -o replications.csv
  collectsim export out/daily.arrow --format parquet -o daily.parquet`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(file), ".")); !c.Flags().Changed("format") && contains(exportFormats, ending) {
				a.format = ending
			}
			t, err := outcome.ReadTable(args[0])
			if err != nil {
				return err
			}
			if file == "" || file == "-" {
				return t.Write(a.out, a.format)
			}
			return wholeFile(file, func(part string) error {
				out, err := os.Create(part)
				if err != nil {
					return err
				}
				return errors.Join(t.Write(out, a.format), out.Close())
			})
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "file to write")
	a.formatFlag(c, exportFormats...)
	return c
}
