package scenario

import (
	"fmt"
	"runtime"
	"slices"

	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// Echo is the whole scenario as JSON, every default filled in, for manifests.
func (s *Scenario) Echo() ([]byte, error) { return overlay.EncodeJSON(&s.File) }

// Manifest describes a run of c, which the scenario made: what a folder must say of itself for package report and the
// commands to read it. Strategies in Go that c plays beyond those of the scenario are for the caller to add, and
// so are version, tape and time; a folder of such strategies cannot be verified by the command.
func (s *Scenario) Manifest(c *sim.Config) (*outcome.Manifest, error) {
	echo, err := s.Echo()
	if err != nil {
		return nil, err
	}
	m := &outcome.Manifest{
		Tool: "collectsim", Processor: runtime.GOARCH, Kind: outcome.KindRun, Scenario: s.Name, Seed: s.Seed, Replications: s.Replications,
		Accounts: len(c.Portfolio.Accounts), Horizon: s.Horizon, Baseline: s.Baseline, Strategies: s.Played(),
		Parameters: []string{}, Drawn: []outcome.Distribution{}, Segments: c.Portfolio.Segments, Currency: c.Portfolio.Currency, Portfolio: c.Portfolio.Source, Redraw: s.Redraw,
		AccountsFile: c.Accounts, EventsFile: c.Events, Warnings: append([]string{}, s.Notes()...), Echo: echo, Sources: s.Sources(),
	}
	for _, d := range s.Drawn() {
		m.Parameters = append(m.Parameters, d.Path)
		m.Drawn = append(m.Drawn, outcome.Distribution{Name: d.Meta.Dist, Low: d.Meta.Low, High: d.Meta.High})
	}
	m.Digest, err = m.SettingsDigest()
	return m, err
}

// FromManifest returns the scenario that a folder was made with.
func FromManifest(m *outcome.Manifest) (*Scenario, error) {
	s := &Scenario{Meta: overlay.Meta{}}
	if len(m.Drawn) != len(m.Parameters) {
		return nil, fmt.Errorf("manifest: distributions: got %d for %d drawn_parameters", len(m.Drawn), len(m.Parameters))
	}
	if _, err := overlay.Decode("manifest: scenario_echo", m.Echo, &s.File, nil); err != nil {
		return nil, err
	}
	for k, path := range m.Parameters {
		d := m.Drawn[k]
		s.Meta[path] = overlay.ParamMeta{Path: path, Dist: d.Name, Low: d.Low, High: d.High, HasRange: true}
	}
	return s, s.Check()
}

// SetNumber is Set for a number: faster, for the points of a sweep. The parameter is no longer drawn.
func (s *Scenario) SetNumber(path string, x float64) error {
	if err := overlay.SetFloat(&s.File, path, x); err != nil {
		return err
	}
	if m, ok := s.Meta[path]; ok {
		m.Dist = ""
		s.Meta[path] = m
	}
	return nil
}

// Clone returns a copy that shares nothing with s that either changes.
func (s *Scenario) Clone() *Scenario {
	c := &Scenario{File: *overlay.Clone(&s.File), Meta: make(overlay.Meta, len(s.Meta)), Warnings: append([]string(nil), s.Warnings...), origin: s.origin, set: slices.Clone(s.set)}
	for path, meta := range s.Meta {
		c.Meta[path] = meta
	}
	return c
}
