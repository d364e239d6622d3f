package main

import (
	"os"
	"testing"
)

// TestTargetingIsQuotedRight makes the runs that targeting.md shows, which take two minutes, and finds every line there.
func TestTargetingIsQuotedRight(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	if ran, saved, shown := followPage(t, t.TempDir(), "targeting.md"); ran != 11 || saved != 2 || shown < 75 {
		t.Errorf("ran %d commands, saved %d files, looked for %d lines: the page was not understood", ran, saved, shown)
	}
}
