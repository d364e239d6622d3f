package main

import (
	"os"
	"testing"
)

// TestTargetingIsQuotedRight makes the runs that targeting.md shows, which take a minute, and finds every line there.
func TestTargetingIsQuotedRight(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	if ran, saved, shown := followPage(t, t.TempDir(), "targeting.md"); ran != 7 || saved != 1 || shown < 47 {
		t.Errorf("ran %d commands, saved %d files, looked for %d lines: the page was not understood", ran, saved, shown)
	}
}
