package overlay_test

import (
	"fmt"
	"testing"

	"collectsim/sim/scenario/overlay"
)

// every holds each kind of value that the package decodes.
type every struct {
	On       bool               `yaml:"on" doc:"a switch"`
	Count    int                `yaml:"count" check:">=0"`
	Small    int8               `yaml:"small"`
	Size     uint16             `yaml:"size"`
	Big      uint64             `yaml:"big"`
	Long     int64              `yaml:"long"`
	Rate     float64            `yaml:"rate" check:"[0,1]" doc:"share per day"`
	Single   float32            `yaml:"single" check:">0"`
	Label    string             `yaml:"label"`
	Order    string             `yaml:"order" check:"in:dpd|balance|score"`
	Tone     tone               `yaml:"tone"`
	Cents    cents              `yaml:"cents"`
	Weights  []float64          `yaml:"weights" check:"(0,1]"`
	Words    []string           `yaml:"words"`
	Matrix   [][]float64        `yaml:"matrix"`
	Pair     [2]int             `yaml:"pair"`
	Tones    []tone             `yaml:"tones"`
	Shares   map[string]float64 `yaml:"shares" check:"[0,1]"`
	ByTone   map[tone]int       `yaml:"by_tone"`
	Teams    map[string]team    `yaml:"teams"`
	Pointed  map[string]*team   `yaml:"pointed"`
	Night    *team              `yaml:"night"`
	Limit    *int               `yaml:"limit" check:"<10"`
	Stages   []stage            `yaml:"stages"`
	Optional string             `yaml:"optional,omitempty"`
	base     `yaml:",inline"`
	Skipped  string `yaml:"-"`
}

type base struct {
	Seed uint64 `yaml:"seed"`
}

type cents int64

type team struct {
	Agents int     `yaml:"agents" check:">=0"`
	Wage   float64 `yaml:"wage" check:">0"`
	Lead   *team   `yaml:"lead"`
}

type stage struct {
	Name    string            `yaml:"-" overlay:"name"`
	After   int               `yaml:"after"`
	Channel string            `yaml:"channel"`
	Steps   []step            `yaml:"steps"`
	Notes   map[string]string `yaml:"notes"`
}

type step struct {
	Name string  `yaml:"-" overlay:"name"`
	Prob float64 `yaml:"prob" check:"[0,1]"`
}

type tone int

var toneNames = []string{"neutral", "warm", "firm"}

func (t *tone) UnmarshalText(b []byte) error {
	for i, s := range toneNames {
		if s == string(b) {
			*t = tone(i)
			return nil
		}
	}
	return fmt.Errorf("must be neutral, warm or firm")
}

func (t tone) MarshalText() ([]byte, error) { return []byte(toneNames[t]), nil }

// decode lays documents one over another and fails the test on any fault.
func decode(t testing.TB, layers ...string) (every, overlay.Meta) {
	t.Helper()
	var x every
	meta := overlay.Meta{}
	for i, src := range layers {
		if _, err := overlay.Decode(fmt.Sprintf("layer%d", i), []byte(src), &x, meta); err != nil {
			t.Fatalf("layer %d: %v", i, err)
		}
	}
	return x, meta
}

func ptr[T any](x T) *T { return &x }
