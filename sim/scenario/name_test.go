package scenario

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFilesGiveTheirName: what is printed of a file of one's own is not called by the name of the scenario it lies over.
func TestFilesGiveTheirName(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"winter.yaml": "accounts: 10\n", "said.yaml": "name: spring\n", "deeper.yml": "extends: said.yaml\n", "remote.yaml": "extends: remote-visits\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{"winter.yaml": "winter", "said.yaml": "spring", "deeper.yml": "deeper", "remote.yaml": "remote"} {
		s, err := Load(filepath.Join(dir, file))
		if err != nil || s.Name != want {
			t.Errorf("%s: named %q, want %q (%v)", file, s.Name, want, err)
		}
	}
}
