package main

import (
	"os"
	"testing"
)

func TestFiguresAreFresh(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	fresh(t, shared, figurePage, pages(t, shared.root)[figurePage])
}
