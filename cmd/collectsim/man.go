package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man -o DIR",
		Short: "Write the manual pages of all commands",
		Long: `Writes a manual page of section 1 for the program and for each command, from the texts that --help
shows. Equal versions write equal pages: they carry the version and no date.`,
		Example: `  collectsim man -o man
  collectsim man -o /usr/local/share/man/man1`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if dir == "" {
				return usage(errors.New("-o: must name the folder to write the pages to"))
			}
			n, err := writePages(c.Root(), dir)
			if err != nil {
				return fmt.Errorf("%s: %w", dir, reason(err))
			}
			a.say("wrote %s to %s", plural(n, "page"), dir)
			return nil
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "folder to write the pages to; it is made if it is missing")
	_ = c.MarkFlagDirname("output")
	return c
}

// writePages writes the page of every command that --help lists, and says how many.
func writePages(root *cobra.Command, dir string) (n int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	for _, c := range commands(root) {
		if c != root && !c.IsAvailableCommand() {
			continue
		}
		text, err := page(c)
		if err != nil {
			return n, err
		}
		if err := os.WriteFile(filepath.Join(dir, pageName(c)), text, 0o644); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1" }

// page renders the manual page of a command.
//
// The library heads a page with a date, today's if none is given. It is left empty: the version says what the
// page belongs to. It also reads texts as Markdown; a test shows that none of ours loses a word by that.
func page(c *cobra.Command) ([]byte, error) {
	own := *c
	own.DisableAutoGenTag = true
	var b bytes.Buffer
	header := doc.GenManHeader{Section: "1", Date: new(time.Time), Source: "collectsim " + version, Manual: "collectsim"}
	if err := doc.GenMan(&own, &header, &b); err != nil {
		return nil, err
	}
	return bytes.Replace(b.Bytes(), []byte(`"Jan 0001"`), []byte(`""`), 1), nil
}
