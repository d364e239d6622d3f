package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgressIsForTerminals: a bar on stderr if it is a terminal and nobody asked for less; results
// never mix with it.
func TestProgressIsForTerminals(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		flags    []string
		bar, say bool
	}{
		{"terminal", true, nil, true, true},
		{"pipe", false, nil, false, true},
		{"no progress", true, []string{"--no-progress"}, false, true},
		{"quiet", true, []string{"--quiet"}, false, false},
	} {
		var out, messages bytes.Buffer
		a := &app{out: &out, err: &messages, terminal: c.terminal}
		args := []string{"run", "testdata/small.yaml", "-o", filepath.Join(t.TempDir(), "out"), "--no-charts", "--accounts", "20", "--horizon", "5"}
		if code := a.run(context.Background(), append(args, c.flags...)); code != 0 {
			t.Fatalf("%s: exit code %d: %s", c.name, code, messages.String())
		}
		if got := strings.Contains(messages.String(), "\r"); got != c.bar {
			t.Errorf("%s: progress %v, want %v: %q", c.name, got, c.bar, messages.String())
		}
		if got := strings.Contains(messages.String(), "wrote "); got != c.say {
			t.Errorf("%s: message %v, want %v: %q", c.name, got, c.say, messages.String())
		}
		if strings.Contains(out.String(), "\r") || !strings.HasPrefix(out.String(), "small: 20 accounts") {
			t.Errorf("%s: stdout begins with %.60q", c.name, out.String())
		}
	}
}
