package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// TestCalibrateInterrupted: an interrupted fit says so in one line, ends with 1 and leaves no file.
func TestCalibrateInterrupted(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "fitted.yaml")
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	var out, messages bytes.Buffer
	code := (&app{out: &out, err: &messages}).run(ctx, []string{"calibrate", "--targets", "credit-record", "-o", file, "--lives", "100"})
	if code != 1 || !regexp.MustCompile(`^collectsim: interrupted after \d+ lives; nothing is written\n$`).MatchString(messages.String()) {
		t.Errorf("exit code %d, %q", code, messages.String())
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 || out.Len() > 0 {
		t.Errorf("left %v, printed %q", left, out.String())
	}
}
