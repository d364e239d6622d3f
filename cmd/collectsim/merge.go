package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/sim/outcome"

	"github.com/spf13/cobra"
)

func (a *app) mergeCommand() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "merge SHARD_DIR... -o DIR",
		Short: "Join the shards of a run or a sweep",
		Long: `Joins the folders that --shard 1/n to --shard n/n wrote. The data files are byte for byte those
of the same run or sweep made in one piece. A shard that is missing, there twice, damaged, or
from other settings is refused by name.`,
		Example: `  collectsim run -o part1 --shard 1/2      # on one machine
  collectsim run -o part2 --shard 2/2      # on another
  collectsim merge part1 part2 -o out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if o.dir == "" {
				return usage(errors.New("-o DIR: the output folder must be named"))
			}
			return a.merge(args, &o)
		},
	}
	fl := c.Flags()
	fl.StringVarP(&o.dir, "output", "o", "", "folder to write (required)")
	fl.BoolVar(&o.force, "force", false, "replace an existing folder of an earlier run")
	fl.BoolVar(&o.noCharts, "no-charts", false, "write no charts")
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// shardFolder is one folder to merge.
type shardFolder struct {
	dir      string
	manifest *outcome.Manifest
}

func (a *app) merge(dirs []string, o *runOptions) error {
	shards, err := readShards(dirs)
	if err != nil {
		return err
	}
	for _, s := range shards {
		if samePlace(s.dir, o.dir) {
			return usage(fmt.Errorf("-o %s: is one of the shards, which --force would replace; name another folder", o.dir))
		}
	}
	folder, err := outcome.Create(o.dir, o.force, false)
	if err != nil {
		return usage(err)
	}
	defer folder.Leave()
	m := joined(shards)
	if m.Kind == outcome.KindSweep {
		return a.mergeSweep(folder, m, shards, o)
	}
	journals := make([]string, len(shards))
	for i, s := range shards {
		journals[i] = filepath.Join(s.dir, outcome.JournalFile)
	}
	summary, err := a.complete(folder, m, !o.noCharts, counted(outcome.Interleave(journals), m.Replications))
	if err != nil {
		return errors.Join(err, folder.Abort())
	}
	if err := a.print(summary); err != nil {
		return err
	}
	a.say("joined %d shards to %s", len(shards), o.dir)
	return nil
}

// samePlace reports whether two paths lead to the same folder.
func samePlace(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

// counted makes a source that ends early an error.
func counted(from outcome.Source, want int) outcome.Source {
	return func(each func(*outcome.Replication) error) error {
		n := 0
		err := from(func(r *outcome.Replication) error { n++; return each(r) })
		if err == nil && n != want {
			err = fmt.Errorf("shards: hold %d replications, %d were planned", n, want)
		}
		return err
	}
}

// joined is the manifest of the whole.
func joined(shards []shardFolder) *outcome.Manifest {
	m := *shards[0].manifest
	m.Kind = outcome.KindRun
	if m.Sweep != nil {
		m.Kind = outcome.KindSweep
	}
	m.Shard, m.WallSeconds, m.ActiveDays = nil, 0, 0
	for _, s := range shards {
		m.WallSeconds += s.manifest.WallSeconds
		m.ActiveDays += s.manifest.ActiveDays
		if s.manifest.Started.Before(m.Started) {
			m.Started = s.manifest.Started
		}
	}
	return &m
}

// readShards reads the manifests, checks that the folders are all shards of one whole, undamaged and
// each there once, and returns them in order.
func readShards(dirs []string) ([]shardFolder, error) {
	var shards []shardFolder
	var errs []error
	for _, dir := range dirs {
		m, err := outcome.ReadManifest(dir)
		if err == nil && m.Shard == nil {
			err = fmt.Errorf("%s: holds a whole %s, not a shard", dir, m.Kind)
		}
		if err == nil && (m.Shard.Index < 1 || m.Shard.Index > m.Shard.Of) {
			err = fmt.Errorf("%s: manifest.json: shard %d of %d cannot be", dir, m.Shard.Index, m.Shard.Of)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		shards = append(shards, shardFolder{dir, m})
		errs = append(errs, damaged(dir, m))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return inOrder(shards)
}

// damaged names every file of a folder that is missing or does not have the manifest's digest.
func damaged(dir string, m *outcome.Manifest) error {
	var errs []error
	for _, name := range differing(dir, m) {
		errs = append(errs, fmt.Errorf("%s: is damaged: its SHA-256 is not the one in %s", filepath.Join(dir, name), outcome.ManifestFile))
	}
	return errors.Join(errs...)
}

// differing lists the files of a folder whose digest is not the manifest's, sorted.
func differing(dir string, m *outcome.Manifest) []string {
	var names []string
	for name, want := range m.Files {
		if got, err := outcome.Digest(filepath.Join(dir, name)); err != nil || got != want {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// inOrder puts the shards of one whole in order.
func inOrder(shards []shardFolder) ([]shardFolder, error) {
	like := typical(shards)
	of := like.manifest.Shard.Of
	places := make([]shardFolder, of)
	var errs []error
	for _, s := range shards {
		m := s.manifest
		switch i := m.Shard.Index - 1; {
		case m.Version != like.manifest.Version:
			errs = append(errs, fmt.Errorf("%s: foreign shard: made by version %s, %s by %s", s.dir, m.Version, like.dir, like.manifest.Version))
		case m.Processor != like.manifest.Processor:
			errs = append(errs, fmt.Errorf("%s: foreign shard: made on %s, %s on %s, and last digits differ", s.dir, m.Processor, like.dir, like.manifest.Processor))
		case identity(s) != identity(like):
			errs = append(errs, fmt.Errorf("%s: foreign shard: %s with other settings than %s", s.dir, describe(m), like.dir))
		case places[i].dir != "":
			errs = append(errs, fmt.Errorf("%s: doubled shard: %d/%d is there already from %s", s.dir, i+1, of, places[i].dir))
		default:
			places[i] = s
		}
	}
	var missing []string
	for i, s := range places {
		if s.dir == "" {
			missing = append(missing, fmt.Sprintf("%d/%d", i+1, of))
		}
	}
	if len(missing) > 0 {
		errs = append(errs, fmt.Errorf("missing shard %s", strings.Join(missing, ", ")))
	}
	return places, errors.Join(errs...)
}

func describe(m *outcome.Manifest) string {
	return fmt.Sprintf("%s %d/%d of scenario %s, seed %d,", m.Kind, m.Shard.Index, m.Shard.Of, m.Scenario, m.Seed)
}

// identity is the same for shards of one whole.
func identity(s shardFolder) string {
	return fmt.Sprint(s.manifest.Kind, s.manifest.Digest, s.manifest.Shard.Of)
}

// typical is the first of the shards that most others agree with, so that the odd one is called foreign.
func typical(shards []shardFolder) shardFolder {
	count := map[string]int{}
	best := shards[0]
	for _, s := range shards {
		count[identity(s)]++
	}
	for _, s := range shards {
		if count[identity(s)] > count[identity(best)] {
			best = s
		}
	}
	return best
}
