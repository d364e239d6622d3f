package explore

import (
	"fmt"
	"strconv"
)

// OneWay reads the design of a one-way study back from its points: the base, then by factor the levels at which it was
// moved alone. The error says at which point the design is another one.
func (s *Study) OneWay() (base []float64, levels [][]float64, err error) {
	points := s.Manifest.Sweep.Points
	if len(points) < 2 {
		return nil, nil, fmt.Errorf("%s: %d points are no one-way design", s.Dir, len(points))
	}
	base, levels = make([]float64, len(points[0])), make([][]float64, len(points[0]))
	for i, text := range points[0] {
		if base[i], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, nil, fmt.Errorf("%s: %s is %q, a one-way design has numbers", s.Dir, s.Manifest.Sweep.Paths[i], text)
		}
	}
	last := 0
	for p, point := range points[1:] {
		moved := -1
		for i, text := range point {
			switch {
			case text == points[0][i]:
			case moved >= 0 || i < last:
				return nil, nil, fmt.Errorf("%s: point %d is not of a one-way design, which moves one factor after the other", s.Dir, p+1)
			default:
				moved = i
			}
		}
		if moved < 0 {
			return nil, nil, fmt.Errorf("%s: point %d is the base again, which a one-way design has once", s.Dir, p+1)
		}
		x, err := strconv.ParseFloat(point[moved], 64)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %s is %q, a one-way design has numbers", s.Dir, s.Manifest.Sweep.Paths[moved], point[moved])
		}
		last, levels[moved] = moved, append(levels[moved], x)
	}
	return base, levels, nil
}
