package sensitivity

import (
	"encoding/json"
	"fmt"
	"math"
)

// MorrisOptions tune [Morris].
type MorrisOptions struct {
	Scaled      bool    // multiply effects by sd(factor)/sd(output) of their trajectory: dimensionless
	Resamples   int     // of the bootstrap; 0 means 1000
	Confidence  float64 // of the half width of MuStar, in (0, 1); 0 means 0.95
	Seed        uint64  // of the bootstrap
	DropMissing bool    // leave out effects with a missing (NaN) value, with a warning, instead of failing
}

// MorrisIndices summarise elementary effects: the change of the output per change of one factor over its whole range.
// An undefined value is NaN, in JSON null.
type MorrisIndices struct {
	Names      []string
	Effects    [][]float64 // per factor and trajectory; NaN where left out
	Mu         []float64   // mean effect: direction, but opposite effects cancel
	MuStar     []float64   // mean absolute effect: importance
	MuStarConf []float64   // half width of its confidence interval
	Sigma      []float64   // standard deviation (divisor n-1): non-linearity and interaction; NaN of one trajectory
	Warnings   []string
}

// Morris computes elementary effects from the points of [MorrisDesign], or any other trajectories that move one
// factor a step, and the values there.
//
// points is n·(k+1) rows of k columns in the factors' units, values as long; rows t(k+1) ... t(k+1)+k are trajectory t.
// An effect is the difference of the values over the difference of the factor, measured in its range (0 at Low, 1 at
// High; by ratio on a log scale), so that factors of different units compare.
//
// Errors: invalid bounds, counts that do not fit, points that are no trajectories, infinite or missing values.
// Source: Morris (1991); MuStar: Campolongo, Cariboni and Saltelli (2007);
// Scaled: Sin and Gernaey (2009), with the standard deviations of one trajectory, as in the SALib tests.
func Morris(b Bounds, points [][]float64, values []float64, o MorrisOptions) (MorrisIndices, error) {
	boot, err := resampling{o.Resamples, o.Confidence}.resolve(1000)
	if err != nil {
		return MorrisIndices{}, err
	}
	if err := checkMorris(b, points, values, o); err != nil {
		return MorrisIndices{}, err
	}
	out := MorrisIndices{Names: b.Names()}
	if out.Effects, err = effects(b, points, values); err != nil {
		return MorrisIndices{}, err
	}
	if o.Scaled {
		out.scaleEffects(b, points, values)
	}
	out.summarise(boot, o.Seed)
	return out, nil
}

func checkMorris(b Bounds, points [][]float64, values []float64, o MorrisOptions) error {
	if err := b.Validate(); err != nil {
		return err
	}
	size := len(b) + 1
	if len(points) == 0 || len(points)%size != 0 {
		return fmt.Errorf("morris: %d points for %d factors, need a multiple of %d", len(points), len(b), size)
	}
	if len(values) != len(points) {
		return fmt.Errorf("morris: %d values for %d points", len(values), len(points))
	}
	return checkValues(values, o.DropMissing)
}

func effects(b Bounds, points [][]float64, values []float64) ([][]float64, error) {
	unit, err := b.Unit(points)
	if err != nil {
		return nil, err
	}
	size := len(b) + 1
	out := table(len(b), len(points)/size)
	var bad faults
	for t := range len(points) / size {
		moved, err := moves(points[t*size:(t+1)*size], b.Names())
		if err != nil {
			bad.add("points[%d..%d]: %w", t*size, t*size+size-1, err)
		}
		for s, i := range moved {
			r := t*size + s
			out[i][t] = (values[r+1] - values[r]) / (unit[r+1][i] - unit[r][i])
		}
	}
	return out, bad.join()
}

// scaleEffects multiplies each effect by sd(factor)/sd(output) of its trajectory, the factor measured in its range.
// A trajectory along which the output does not move has effects of 0 and keeps them.
func (m *MorrisIndices) scaleEffects(b Bounds, points [][]float64, values []float64) {
	unit, _ := b.Unit(points) // checked before
	size := len(b) + 1
	for t := range len(points) / size {
		rows := unit[t*size : (t+1)*size]
		sdOutput := stdDev(values[t*size : (t+1)*size])
		for i := range b {
			if sdOutput != 0 {
				m.Effects[i][t] *= stdDev(column(rows, i)) / sdOutput
			}
		}
	}
}

func column(rows [][]float64, i int) []float64 {
	out := make([]float64, len(rows))
	for r := range rows {
		out[r] = rows[r][i]
	}
	return out
}

func (m *MorrisIndices) summarise(boot resampling, seed uint64) {
	rng := generator(seed, streamMorrisBoot)
	trajectories := len(m.Effects[0])
	for i, all := range m.Effects {
		var kept, size []float64
		for _, e := range all {
			if !math.IsNaN(e) {
				kept, size = append(kept, e), append(size, math.Abs(e))
			}
		}
		m.Mu = append(m.Mu, mean(kept))
		m.MuStar = append(m.MuStar, mean(size))
		m.Sigma = append(m.Sigma, stdDev(kept))
		draws := make([]float64, boot.resamples)
		for r := range draws {
			for range size {
				draws[r] += size[rng.IntN(len(size))] / float64(len(size))
			}
		}
		half := math.NaN()
		if len(size) > 1 {
			half = boot.normalQuantile() * stdDev(draws)
		}
		m.MuStarConf = append(m.MuStarConf, half)
		if lost := trajectories - len(kept); lost > 0 {
			m.Warnings = append(m.Warnings, fmt.Sprintf("%s: %d of %d effects left out for missing values", m.Names[i], lost, trajectories))
		}
	}
	if trajectories < 4 {
		m.Warnings = append(m.Warnings, fmt.Sprintf("%d trajectories: too few to tell interaction from chance, use 10 or more", trajectories))
	}
}

// MarshalJSON implements json.Marshaler; undefined numbers become null.
func (m MorrisIndices) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Names      []string `json:"names"`
		Mu         []number `json:"mu"`
		MuStar     []number `json:"mu_star"`
		MuStarConf []number `json:"mu_star_conf"`
		Sigma      []number `json:"sigma"`
		Warnings   []string `json:"warnings,omitempty"`
	}{m.Names, numbers(m.Mu), numbers(m.MuStar), numbers(m.MuStarConf), numbers(m.Sigma), m.Warnings})
}
