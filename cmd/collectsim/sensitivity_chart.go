package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"collectsim/analysis/chart"
	"collectsim/analysis/explore"
	"collectsim/sim/outcome"
)

// kindSensitivity is the kind of a folder with an analysis of sensitivity; its steps are folders of sweeps in it.
const kindSensitivity = "sensitivity"

// sensitivityChart draws the tornado of a one-way analysis, or the map of a two-way one.
func sensitivityChart(dir, kind, metric string) (chart.Chart, error) {
	switch kind {
	case "tornado":
		return tornadoChart(dir, metric)
	case "best-map":
		step := filepath.Join(dir, "twoway")
		if _, err := os.Stat(step); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: chart \"best-map\": needs an analysis with --method twoway", dir)
		}
		return sweepChart(step, kind, metric)
	}
	return nil, usage(fmt.Errorf("--kind %s: %s holds an analysis of sensitivity, which can be drawn as tornado or best-map", kind, dir))
}

// tornadoChart draws the figure that the analysis looked at, or another metric of the same strategies.
func tornadoChart(dir, metric string) (chart.Chart, error) {
	var found struct {
		Figure explore.Question `json:"figure"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "sensitivity.json"))
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: sensitivity.json: %w", dir, reason(err))
	}
	study, err := explore.Open(filepath.Join(dir, "oneway"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: chart \"tornado\": needs an analysis that moves one assumption at a time, such as --method oneway", dir)
	}
	if err != nil {
		return nil, err
	}
	if metric != "" {
		if !contains(study.Manifest.Sweep.Metrics, metric) && outcome.MetricIndex(metric) < 0 {
			return nil, usage(fmt.Errorf("--metric: the analysis has no %q", metric))
		}
		found.Figure.Metric = metric
	}
	base, levels, err := study.OneWay()
	if err != nil {
		return nil, err
	}
	tornado, err := study.Tornado(found.Figure, base, levels)
	if err != nil {
		return nil, fmt.Errorf("%s: chart \"tornado\": %w", dir, err)
	}
	picture := study.TornadoChart(tornado)
	if picture == nil {
		return nil, fmt.Errorf("%s: chart \"tornado\": no assumption moves %s", dir, tornado)
	}
	return picture, nil
}
