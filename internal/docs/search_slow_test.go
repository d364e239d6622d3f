package main

import (
	"os"
	"testing"
)

// TestSearchIsQuotedRight makes the searches that search.md shows, which takes minutes, and finds every line there.
func TestSearchIsQuotedRight(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	if ran, _, shown := followPage(t, t.TempDir(), "search.md"); ran != 2 || shown < 25 {
		t.Errorf("ran %d commands, looked for %d lines: the page was not understood", ran, shown)
	}
}
