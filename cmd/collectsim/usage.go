package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError marks errors that come from how the program was called, scenario files included: exit
// code 2.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

var badValue = regexp.MustCompile(`(?s)^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag: `)

// wanted says in words what a flag's type takes.
var wanted = map[string]string{
	"int": "a whole number", "uint64": "a whole number from 0", "float64": "a number", "bool": "true or false",
}

// flagFault words a complaint about flags as all other faults are: flag first, then rule and value.
func flagFault(c *cobra.Command, err error) error {
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		if f := c.Flags().Lookup(strings.TrimPrefix(m[2], "--")); f != nil && wanted[f.Value.Type()] != "" {
			rule := wanted[f.Value.Type()]
			if strings.HasSuffix(err.Error(), "value out of range") {
				rule = "a number that the machine can hold"
			}
			return fmt.Errorf("%s: must be %s, got %s", m[2], rule, m[1])
		}
	}
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		return fmt.Errorf("--%s: unknown flag of %s%s", name, c.CommandPath(), suggestion(flagNames(c), "--"+name))
	}
	return err
}

func flagNames(c *cobra.Command) []string {
	var names []string
	for _, word := range strings.Fields(c.Flags().FlagUsages()) {
		if strings.HasPrefix(word, "--") {
			names = append(names, word)
		}
	}
	return names
}

// checkArgs makes complaints about arguments usage errors, with how the command is used.
func checkArgs(c *cobra.Command) {
	check := c.Args
	if check == nil {
		return
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		trimLists(cmd)
		err := check(cmd, args)
		if err != nil && strings.Contains(err.Error(), "arg(s)") { // of the library
			err = fmt.Errorf("%s: got %s; usage: %s", cmd.Name(), plural(len(args), "argument"), cmd.UseLine())
		}
		return usage(err)
	}
}

// trimLists drops the spaces that people write behind commas, as in --strategies "a, b".
func trimLists(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		list, ok := f.Value.(pflag.SliceValue)
		if !ok || !f.Changed || f.Value.Type() != "stringSlice" {
			return
		}
		values := list.GetSlice()
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
		_ = list.Replace(values) // of strings it cannot fail
	})
}

// atLeast reports a flag whose value is too small.
func atLeast(flag string, value, least int) error {
	if value >= least {
		return nil
	}
	return fmt.Errorf("%s: must be at least %d, got %d", flag, least, value)
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (a *app) unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, sub := range c.Commands() {
		known = append(known, sub.Name())
	}
	near := suggestion(known, args[0])
	if near == "" {
		near = ", see " + c.CommandPath() + " --help"
	}
	return fmt.Errorf("%q: unknown command%s", args[0], near)
}

// strictHelp makes help of a command that does not exist wrong usage, as the command itself is.
func (a *app) strictHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		panic(err)
	}
	show := help.Run
	help.Run = nil
	help.RunE = func(c *cobra.Command, args []string) error {
		if found, rest, _ := root.Find(args); len(rest) > 0 {
			return usage(a.unknownCommand(found, rest))
		}
		show(c, args)
		return nil
	}
}

// reason strips the operation and the path that errors of the operating system repeat.
func reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}
