package outcome

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Manifest says what a folder holds and how to make it again. It is the only file of a run that
// knows the wall clock.
type Manifest struct {
	Tool         string            `json:"tool"`
	Version      string            `json:"version"`
	Processor    string            `json:"processor,omitempty"` // as GOARCH names it: last digits can depend on it
	Kind         string            `json:"kind"`                // one of the kinds below
	Scenario     string            `json:"scenario"`
	Digest       string            `json:"digest"` // SHA-256 of everything that decides the results
	Seed         uint64            `json:"seed"`
	Replications int               `json:"replications"`
	Accounts     int               `json:"accounts"`
	Horizon      int               `json:"horizon_days"`
	Baseline     string            `json:"baseline"`
	Strategies   []string          `json:"strategies"`
	Parameters   []string          `json:"drawn_parameters"`
	Drawn        []Distribution    `json:"distributions"` // parallel to Parameters
	Segments     []string          `json:"segments"`
	Currency     string            `json:"currency"`
	Portfolio    string            `json:"portfolio"`
	Redraw       bool              `json:"redraw,omitempty"` // the accounts are drawn anew in every replication
	Tape         *TapeSource       `json:"tape,omitempty"`
	Shard        *Shard            `json:"shard,omitempty"`
	Sweep        *SweepDesign      `json:"sweep,omitempty"`
	Precision    *PrecisionGoal    `json:"precision,omitempty"`
	AccountsFile bool              `json:"accounts_table"`
	EventsFile   bool              `json:"events_table"`
	Warnings     []string          `json:"warnings"`
	Started      time.Time         `json:"started"`
	WallSeconds  float64           `json:"wall_seconds"`
	ActiveDays   int64             `json:"active_account_days"`
	Files        map[string]string `json:"files"` // SHA-256 of every data file
	Echo         json.RawMessage   `json:"scenario_echo"`
	Sources      map[string]string `json:"sources,omitempty"` // by path: where values come from that are not the default scenario's
}

// What Manifest.Sources says of a value without a source of its own.
const (
	SetByUser     = "set by the user"
	SetByScenario = "set by scenario " // and its name
)

// The kinds of folder.
const (
	KindRun        = "run"
	KindShard      = "shard" // of a run
	KindSweep      = "sweep"
	KindSweepShard = "sweep-shard"
)

// Distribution is what a parameter is drawn from in every replication.
type Distribution struct {
	Name string  `json:"dist"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// SweepDesign says at which points a sweep ran a scenario. Point p sets Paths[k] to Points[p][k].
type SweepDesign struct {
	Design          string     `json:"design"`
	Vary            []string   `json:"vary"` // as given, for the reader
	Paths           []string   `json:"paths"`
	Units           []string   `json:"units"`  // declared units of the paths
	Points          [][]string `json:"points"` // values as a scenario file writes them
	Metrics         []string   `json:"metrics"`
	Precision       float64    `json:"precision,omitempty"`        // wanted half width of the 95% interval of the difference to the baseline; 0: none wanted
	PrecisionMetric string     `json:"precision_metric,omitempty"` // metric of that difference
	MaxReplications int        `json:"max_replications,omitempty"` // bound for points that stay wide
}

// PrecisionGoal says that a run chose its number of replications itself. It is no part of the settings:
// the results are those of a run of so many replications.
type PrecisionGoal struct {
	Relative          float64 `json:"relative"` // wanted half-width of the intervals over their estimates
	Metrics           string  `json:"metrics"`  // of these metrics, parted by commas
	MaxReplications   int     `json:"max_replications"`
	FirstReplications int     `json:"first_replications"` // simulated before the first look
	Reached           bool    `json:"reached"`
}

// TapeSource names a loan tape and its column map; only the digests decide whether it is the same.
type TapeSource struct {
	File   string `json:"file"`
	Digest string `json:"digest"`
	Map    string `json:"map"`

	MapDigest string `json:"map_digest"`

	Assumptions []string `json:"assumptions,omitempty"` // of the map
	Rows        []string `json:"rows,omitempty"`        // what became of rows that are not accounts as they stand, one rule each
}

// Shard is part i of n, i from 1: of a run the replications i-1, i-1+n, i-1+2n, ..., of a sweep the
// points of these numbers.
type Shard struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// SettingsDigest is the SHA-256 of everything in the manifest that decides the results: two folders
// with the same one were made to hold the same numbers. The shard is left out, so that all shards of
// a run share it.
func (m *Manifest) SettingsDigest() (string, error) {
	var tape [2]string
	if m.Tape != nil {
		tape = [2]string{m.Tape.Digest, m.Tape.MapDigest}
	}
	text, err := json.Marshal(struct {
		Version          string
		Echo             json.RawMessage
		Parameters       []string
		Drawn            []Distribution
		Tape             [2]string
		Accounts, Events bool
		Sweep            *SweepDesign
	}{m.Version, m.Echo, m.Parameters, m.Drawn, tape, m.AccountsFile, m.EventsFile, m.Sweep})
	if err != nil {
		return "", fmt.Errorf("manifest: %w", err)
	}
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:]), nil
}

// Info returns what the tables must know.
func (m *Manifest) Info() *Info {
	return &Info{
		Scenario: m.Scenario, Strategies: m.Strategies, Parameters: m.Parameters, Segments: m.Segments,
		Accounts: m.AccountsFile, Events: m.EventsFile,
	}
}

// The names of files in a folder.
const (
	ManifestFile = "manifest.json"
	SummaryFile  = "summary.json"
	JournalFile  = "journal.bin"

	manifestDraft = ".manifest.json" // becomes the manifest when it is whole
)

// Folder is an output folder in the making: everything is written to a neighbour of it, which takes
// its name when it is whole. So the folder is whole or absent, however the program ends. One process at a time writes:
// it holds the neighbour until Commit, Abort or Leave.
type Folder struct {
	Dir     string // the final name
	Partial string // where files are written meanwhile
	force   bool
	held    *os.File
}

// Create prepares an output folder. An existing folder is an error unless force is set; it is then
// replaced when the new one is whole. With resume, what an interrupted run left is kept.
func Create(dir string, force, resume bool) (*Folder, error) {
	if dir == "-" { // stdout elsewhere
		return nil, fmt.Errorf("%s: a folder cannot go to stdout; name one, ./- if it is to be called so", dir)
	}
	dir = filepath.Clean(dir)
	if base := filepath.Base(dir); base == "." || base == ".." || base == string(filepath.Separator) {
		return nil, fmt.Errorf("%s: must be a folder of its own, since it is replaced as a whole", dir)
	}
	f := &Folder{Dir: dir, Partial: dir + ".partial", force: force}
	if _, err := os.Lstat(dir); err == nil && !force {
		return nil, fmt.Errorf("%s: exists already; choose another folder, or replace it with --force", dir)
	} else if err == nil && !isOurs(dir) {
		return nil, fmt.Errorf("%s: is not a folder that collectsim wrote, so --force does not replace it", dir)
	}
	if _, err := os.Stat(f.Partial); err == nil {
		if !isOurs(f.Partial) {
			return nil, fmt.Errorf("%s: is in the way, and is not a folder that collectsim wrote", f.Partial)
		}
		if err := f.hold(); err != nil {
			return nil, err
		}
		if resume {
			return f, nil
		}
		defer func(old *os.File) { _ = old.Close() }(f.held) // of what is removed
		if !force {
			return nil, fmt.Errorf("%s: left by an interrupted run; continue it with --resume, or drop it with --force", f.Partial)
		}
		if err := os.RemoveAll(f.Partial); err != nil {
			return nil, plain(f.Partial, err)
		}
	}
	if err := os.MkdirAll(f.Partial, 0o755); err != nil {
		return nil, plain(dir, err)
	}
	if err := f.hold(); err != nil {
		return nil, err
	}
	if err := f.Write(manifestDraft, nil); err != nil {
		f.Leave()
		return nil, plain(dir, err)
	}
	return f, nil
}

func (f *Folder) hold() (err error) {
	f.held, err = hold(f.Partial)
	if errors.Is(err, errBusy) {
		return fmt.Errorf("%s: %w; wait for it, or end it", f.Partial, errBusy)
	}
	return plain(f.Partial, err)
}

// Leave lets go of what is not finished, for a later Create with resume. Nothing happens after Commit or Abort.
func (f *Folder) Leave() {
	if f.held != nil {
		_ = f.held.Close()
		f.held = nil
	}
}

// isOurs reports whether a folder holds a manifest of ours, or nothing but the draft of one: it is then
// empty, or a program died before it had written anything else.
func isOurs(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err == nil && (len(entries) == 0 || len(entries) == 1 && entries[0].Name() == manifestDraft) {
		return true
	}
	_, err = ReadManifest(dir)
	return err == nil
}

// plain is an error of the operating system as one line that begins with the path.
func plain(path string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Path returns where a file of the folder is written.
func (f *Folder) Path(name string) string { return filepath.Join(f.Partial, name) }

// Write writes one small file.
func (f *Folder) Write(name string, content []byte) error {
	return os.WriteFile(f.Path(name), content, 0o644)
}

// Commit records the digests of all files in the manifest, writes it, and gives the folder its name.
func (f *Folder) Commit(m *Manifest) error {
	defer f.Leave()
	m.Files = map[string]string{}
	err := filepath.WalkDir(f.Partial, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ManifestFile || d.Name() == manifestDraft {
			return err
		}
		name, err := filepath.Rel(f.Partial, path)
		if err != nil {
			return err
		}
		m.Files[filepath.ToSlash(name)], err = Digest(path)
		return err
	})
	if err != nil {
		return plain(f.Dir, err)
	}
	if err := f.WriteManifest(m); err != nil {
		return err
	}
	if _, err := os.Lstat(f.Dir); err != nil {
		return plain(f.Dir, os.Rename(f.Partial, f.Dir))
	}
	old, err := os.MkdirTemp(filepath.Dir(f.Dir), filepath.Base(f.Dir)+".old-")
	if err != nil {
		return plain(f.Dir, err)
	}
	aside := filepath.Join(old, "run")
	if err = os.Rename(f.Dir, aside); err == nil {
		if err = os.Rename(f.Partial, f.Dir); err != nil {
			err = errors.Join(err, os.Rename(aside, f.Dir)) // the earlier run is not lost
		}
	}
	if err != nil {
		return plain(f.Dir, errors.Join(err, os.Remove(old)))
	}
	return plain(f.Dir, os.RemoveAll(old))
}

// WriteManifest writes the manifest as it stands, whole or not at all.
func (f *Folder) WriteManifest(m *Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", ManifestFile, err)
	}
	if err := f.Write(manifestDraft, append(text, '\n')); err != nil {
		return plain(f.Path(manifestDraft), err)
	}
	return plain(f.Path(ManifestFile), os.Rename(f.Path(manifestDraft), f.Path(ManifestFile)))
}

// Abort removes what was written.
func (f *Folder) Abort() error {
	defer f.Leave()
	return os.RemoveAll(f.Partial)
}

// ReadManifest reads the manifest of a folder.
func ReadManifest(dir string) (*Manifest, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, plain(dir, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s: is not a folder", dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		return nil, fmt.Errorf("%s: holds no %s, so it is no folder of a run", dir, ManifestFile)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ManifestFile), err)
	}
	if m.Tool != "collectsim" {
		return nil, fmt.Errorf("%s: was not written by collectsim", filepath.Join(dir, ManifestFile))
	}
	return &m, nil
}

// Digest returns the SHA-256 of a file in hexadecimal.
func Digest(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, file)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, file.Close())
}

// Tables lists the tables of a folder by name, sorted.
func Tables(dir string) []string {
	var names []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".arrow"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Open reads one table of a folder.
func Open(dir, table string) (*Table, error) {
	return ReadTable(filepath.Join(dir, table+".arrow"))
}
