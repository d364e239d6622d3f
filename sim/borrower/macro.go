package borrower

import (
	"math"
	"sort"

	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// Macro is the path of the economy: a factor on the rate at which borrowers lose income.
type Macro struct {
	Level       float64 `yaml:"level" check:">=0" doc:"factor on the rate of income loss in normal times"`
	ShockDay    int     `yaml:"shock_day" check:">=0" doc:"first day of a shock such as an epidemic"`
	ShockDays   int     `yaml:"shock_days" check:">=0" doc:"length of the shock; 0: none"`
	ShockFactor float64 `yaml:"shock_factor" check:">=0" doc:"further factor during the shock"`
	Business    float64 `yaml:"business" check:">=0" doc:"further factor on the rate of income loss of micro-enterprises"`
	Volatility  float64 `yaml:"volatility" check:">=0" doc:"standard deviation of the log factor (AR(1) over days)"`
	Persistence float64 `yaml:"persistence" check:"[0,1]" doc:"autocorrelation of the log factor from one day to the next"`
}

// Path returns the cumulative factor: element d is the sum over days 0 to d-1, so that the hazard of
// income loss between two days is the rate times a difference. Its length is horizon+1. One
// replication has one path, whatever the strategy.
func (m *Macro) Path(s rng.Stream, horizon int) []float64 {
	sum := make([]float64, horizon+1)
	level, sd := 0.0, m.Volatility*math.Sqrt(math.Max(0, 1-m.Persistence*m.Persistence))
	for d := range horizon {
		if m.Volatility > 0 {
			b := s.Block(noAccount, DrawMacro, uint64(d))
			if z := b.Normal(0); d == 0 {
				level = m.Volatility * z
			} else {
				level = m.Persistence*level + sd*z
			}
		}
		f := m.Level * math.Exp(level-m.Volatility*m.Volatility/2)
		if d >= m.ShockDay && d < m.ShockDay+m.ShockDays {
			f *= m.ShockFactor
		}
		sum[d+1] = sum[d] + f
	}
	return sum
}

// crossing returns the first day after from by whose morning the cumulative factor has grown by
// more than need, or Never when the path ends before.
func crossing(path []float64, from loan.Day, need float64) loan.Day {
	target := path[from] + need
	d := sort.Search(len(path)-1-int(from), func(i int) bool { return path[int(from)+1+i] > target })
	if int(from)+1+d >= len(path) {
		return loan.Never
	}
	return from + 1 + loan.Day(d)
}
