package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// version of the tool; a release changes it together with the CHANGELOG.
const version = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Example: "  collectsim version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.out, "collectsim", version)
			return err
		},
	}
}
