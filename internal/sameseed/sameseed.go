// Package sameseed, imported for its effect by tests with properties, lets rapid draw the same examples in every
// run: a commit passes or fails, whoever tests it and when. `make explore` hunts with seeds of its own.
package sameseed

import (
	"flag"

	_ "pgregory.net/rapid" // defines the flag, so before it is set
)

func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil { // what the command line says comes later, and counts
		panic(err)
	}
}
