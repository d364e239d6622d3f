// Command collectsim compares collection strategies for overdue loans: it simulates a portfolio
// under every strategy, borrower by borrower on the same lives, and says what each achieves, costs
// and does to borrowers, and how sure that is.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func main() { os.Exit(Main()) }

// Main runs the command line of the process; tests run it as a subprogram.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the first Ctrl-C ends the work in order, a second one at once
	a := &app{out: os.Stdout, err: os.Stderr, terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	return a.run(ctx, os.Args[1:])
}

// app is one call of the program: where it writes, and what every command shares.
type app struct {
	out, err   io.Writer
	terminal   bool // err is a terminal: progress may be shown
	quiet      bool
	noProgress bool
	format     string
}

// run executes one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(a.err, "collectsim: %s\n", strings.TrimRight(line, "\n"))
	}
	var u usageError
	if errors.As(err, &u) {
		return 2
	}
	return 1
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "collectsim",
		Short: "Compare collection strategies for overdue loans by simulation",
		Long: `collectsim simulates a loan portfolio under every collection strategy, on the same
borrowers living the same lives, and compares how far the overdue rate falls, what a
recovered unit costs, how much stress borrowers bear, and how sure that is.

Results go to stdout, progress and messages to stderr.
Exit code 0: done; 1: failed; 2: wrong usage, scenario files included.`,
		Example: `  collectsim run -o out                      # the embedded default scenario
  collectsim run mine.yaml -o out --set teams.visit.agents=8
  collectsim compare out --champion reminders-only
  collectsim list strategies`,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if c == root { // the flags of a command that does not exist
			if fault := a.unknownCommand(c, c.Flags().Args()); fault != nil {
				return usage(fault)
			}
		}
		return usage(flagFault(c, err))
	})
	root.PersistentFlags().BoolVar(&a.quiet, "quiet", false, "print no messages and no progress")
	root.PersistentFlags().BoolVar(&a.noProgress, "no-progress", false, "print no progress")
	root.AddCommand(a.runCommand(), a.compareCommand(), a.chartCommand(), a.reportCommand(), a.tapeCommand(), a.exportCommand(),
		a.sweepCommand(), a.sensitivityCommand(), a.mergeCommand(), a.verifyCommand(), a.validateCommand(), a.calibrateCommand(), a.searchCommand(), a.listCommand(), a.schemaCommand(), a.manCommand(), a.versionCommand())
	root.AddCommand(a.decisionCommands()...)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	a.strictHelp(root)
	for _, c := range commands(root) {
		checkArgs(c)
		complete(c)
		if f := c.Flags().Lookup("workers"); f != nil {
			f.DefValue = "all cores" // help and manual pages are the same on every machine
		}
		if f := c.Flags().Lookup("seed"); f != nil && c.Flags().Lookup("set") != nil {
			f.DefValue = "that of the scenario"
		}
	}
	return root
}

// commands lists the command and everything below it.
func commands(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		list = append(list, commands(sub)...)
	}
	return list
}

// formatFlag adds --format.
func (a *app) formatFlag(c *cobra.Command, formats ...string) {
	chosen := c.Flags().String("format", formats[0], "how the result is printed: "+strings.Join(formats, ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	before := c.PreRunE
	c.PreRunE = func(cmd *cobra.Command, args []string) error {
		a.format = *chosen
		for _, f := range formats {
			if a.format == f {
				if before != nil {
					return before(cmd, args)
				}
				return nil
			}
		}
		return usage(fmt.Errorf("--format %s: must be one of %s", a.format, strings.Join(formats, ", ")))
	}
}

// say prints a message to stderr unless the user asked for quiet.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}

// warn says each warning on a line of its own.
func (a *app) warn(warnings []string) {
	for _, w := range warnings {
		a.say("warning: %s", w)
	}
}
