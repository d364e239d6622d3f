package compare

import "fmt"

// A Direction says which way a metric is good.
type Direction string

// The directions that a metric can declare.
const (
	Higher  Direction = "higher"
	Lower   Direction = "lower"
	Neither Direction = "neither"
)

// A Metric is what a comparison needs to know of a metric; it comes with the table.
type Metric struct {
	Name   string    `json:"metric"`
	Unit   string    `json:"unit"`
	Better Direction `json:"better"`
}

// sign is +1 where more is better, -1 where less is, 0 where neither. Panics on a direction
// that is none of the three: guessing one would turn every verdict around.
func (m Metric) sign() float64 {
	switch m.Better {
	case Higher:
		return 1
	case Lower:
		return -1
	case Neither:
		return 0
	}
	panic(fmt.Sprintf("compare: metric %s: better must be higher, lower or neither, got %q", m.Name, m.Better))
}

// A Series is one strategy's replications of a metric, parallel among all strategies.
type Series struct {
	Name   string
	Values []float64
}

// Options tune comparisons. The zero value is valid.
type Options struct {
	Confidence   float64 // in (0, 1); 0 means 0.95
	Indifference float64 // differences up to this, either way, do not matter; in the metric's unit; 0 means all matter
	Power        float64 // for the replications needed, in (0, 1); 0 means 0.8
}

func (o Options) withDefaults() Options {
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.Power == 0 {
		o.Power = 0.8
	}
	if !(o.Confidence > 0 && o.Confidence < 1 && o.Power > 0 && o.Power < 1 && o.Indifference >= 0) {
		panic(fmt.Sprintf("compare: option out of range: %+v", o))
	}
	return o
}
