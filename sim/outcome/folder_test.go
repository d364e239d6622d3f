package outcome_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// TestAFolderIsOursFromItsFirstMoment plays the ways in which a program can die while it begins a
// folder: whatever is left can be continued, and dropped by force.
func TestAFolderIsOursFromItsFirstMoment(t *testing.T) {
	died := map[string]func(dir string) error{
		"before any file": func(string) error { return nil },
		"with an empty draft of the manifest": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".manifest.json"), nil, 0o644)
		},
		"with half a manifest": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".manifest.json"), []byte(`{"tool": "coll`), 0o644)
		},
		"while the manifest was renewed": func(dir string) error {
			f := outcome.Folder{Partial: dir}
			if err := f.WriteManifest(&outcome.Manifest{Tool: "collectsim"}); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, ".manifest.json"), []byte(`{"tool": "coll`), 0o644)
		},
	}
	for name, leave := range died {
		for _, resume := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.Mkdir(dir+".partial", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := leave(dir + ".partial"); err != nil {
				t.Fatal(err)
			}
			f, err := outcome.Create(dir, !resume, resume)
			if err != nil {
				t.Errorf("died %s, resume %v: %v", name, resume, err)
				continue
			}
			if err := f.Commit(&outcome.Manifest{Tool: "collectsim"}); err != nil {
				t.Errorf("died %s, resume %v: %v", name, resume, err)
			}
			if m, err := outcome.ReadManifest(dir); err != nil || len(m.Files) != 0 {
				t.Errorf("died %s, resume %v: manifest %+v, error %v", name, resume, m, err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 1 {
				t.Errorf("died %s, resume %v: the folder holds %v, want the manifest alone", name, resume, left)
			}
		}
	}
}

func TestAFolderOfSomeoneElseIsNotTouched(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := os.Mkdir(dir+".partial", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir+".partial", "notes.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, force := range []bool{false, true} {
		if _, err := outcome.Create(dir, force, true); err == nil || !strings.Contains(err.Error(), "is in the way") {
			t.Errorf("force %v: got %v", force, err)
		}
	}
}

// TestOneWriter: while one writes a folder no other may, whatever it says of force and resume; what is left is free.
func TestOneWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	first, err := outcome.Create(dir, false, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Write(outcome.JournalFile, []byte("work")); err != nil {
		t.Fatal(err)
	}
	if err := first.WriteManifest(&outcome.Manifest{Tool: "collectsim"}); err != nil {
		t.Fatal(err)
	}
	for _, how := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		if _, err := outcome.Create(dir, how[0], how[1]); err == nil || err.Error() != dir+".partial: is being written by another process; wait for it, or end it" {
			t.Errorf("force %v, resume %v: %v", how[0], how[1], err)
		}
	}
	if got, err := os.ReadFile(first.Path(outcome.JournalFile)); err != nil || string(got) != "work" {
		t.Errorf("the work is %q, %v", got, err)
	}
	first.Leave()
	again, err := outcome.Create(dir, false, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Commit(&outcome.Manifest{Tool: "collectsim"}); err != nil {
		t.Fatal(err)
	}
	second, err := outcome.Create(dir, true, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Abort(); err != nil {
		t.Fatal(err)
	}
}
