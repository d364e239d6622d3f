package main

import (
	"os"

	"collectsim/sim/outcome"
)

// removeJournal drops the journal of a folder that is about to be whole: its tables hold everything.
func removeJournal(f *outcome.Folder) error {
	return ignoreMissing(os.Remove(f.Path(outcome.JournalFile)))
}
