package borrower

import (
	"math"
	"sort"

	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// Macro is the path of the economy: a factor on the odds of being without income. A part of it raises
// the rate at which income is lost, the rest slows its return, and the free cash of all shrinks.
type Macro struct {
	Level       float64 `yaml:"level" check:">=0" doc:"factor on the odds of being without income, in normal times"`
	ShockDay    int     `yaml:"shock_day" check:">=0" doc:"first day of a shock such as an epidemic"`
	ShockDays   int     `yaml:"shock_days" check:">=0" doc:"length of the shock; 0: none"`
	ShockFactor float64 `yaml:"shock_factor" check:">=0" doc:"further factor during the shock"`
	Business    float64 `yaml:"business" check:">=0" doc:"further factor on the rate of income loss of micro-enterprises"`
	Recovery    float64 `yaml:"recovery" check:"[0,1]" doc:"share of the log factor that slows the return of lost income; the rest raises the rate of losing it. 0: the factor moves losses alone"`
	Squeeze     float64 `yaml:"squeeze" check:">=0" doc:"elasticity by which the factor lowers the free cash of all, income lost or not; 0: free cash does not move"`
	Volatility  float64 `yaml:"volatility" check:">=0" doc:"standard deviation of the log factor (AR(1) over days)"`
	Persistence float64 `yaml:"persistence" check:"[0,1]" doc:"autocorrelation of the log factor from one day to the next"`
}

// Economy is the drawn path of one replication, the same whatever the strategy. Loss and Recovery are
// cumulative factors on the rates of losing and regaining income: element d is the sum over days 0 to d-1, so that
// the hazard between two days is the rate times a difference. Their length is horizon+1. Cash holds the
// factor on free cash by day, of length horizon.
type Economy struct {
	Loss, Recovery []float64
	Cash           []float32
}

// Draw draws the path: with f the factor of a day, losing income is scaled by f^(1-recovery), regaining it by
// f^-recovery, so that the odds of being without income go to f times their normal value; free
// cash is scaled by f^-squeeze.
func (m *Macro) Draw(s rng.Stream, horizon int) Economy {
	y := Economy{make([]float64, horizon+1), make([]float64, horizon+1), make([]float32, horizon)}
	level, sd := 0.0, m.Volatility*math.Sqrt(math.Max(0, 1-float64(m.Persistence*m.Persistence)))
	for d := range horizon {
		if m.Volatility > 0 {
			b := s.Block(noAccount, DrawMacro, uint64(d))
			if z := b.Normal(0); d == 0 {
				level = m.Volatility * z
			} else {
				level = float64(m.Persistence*level) + float64(sd*z)
			}
		}
		f := m.Level * math.Exp(level-float64(m.Volatility*m.Volatility/2))
		if d >= m.ShockDay && d < m.ShockDay+m.ShockDays {
			f *= m.ShockFactor
		}
		slump := math.Max(f, bestTimes)
		y.Loss[d+1] = y.Loss[d] + float64(f*math.Pow(slump, -m.Recovery))
		y.Recovery[d+1] = y.Recovery[d] + math.Pow(slump, -m.Recovery)
		y.Cash[d] = float32(math.Pow(slump, -m.Squeeze))
	}
	return y
}

// bestTimes is the factor below which incomes return no faster and free cash grows no more: a factor of 0
// stops losses, and makes nobody rich.
const bestTimes = 0.1

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
