package borrower

import (
	"math"
	"math/bits"
)

// Pulse is the part of a borrower that moves every day while overdue. It is kept small (48 bytes)
// and in one array, since the day loop runs over it; everything else changes at events only.
//
// float32 is enough here: these are states of a model, not money. Money is exact in loan.Ledger.
type Pulse struct {
	Will      float32 // own intensity theta, per day
	Excite    float32 // excitation E, per day
	Spent     float32 // hazard accumulated since the last payment decision
	Threshold float32 // unit-exponential threshold of the next decision (Sellke 1983)
	Cash      float32 // liquid cash, cents
	PerNeed   float32 // 1 / cash at which the borrower is fully able, per cent; 0 while unaware
	Stress    float32 // points
	Base      float32 // level to which stress relaxes, points
	StressSum float32 // sum of stress over the days so far
	Peak      float32 // highest stress so far
	Distress  int32   // days in distress so far
	Days      int32   // days accounted for in StressSum
}

// Kernel holds the constants of the day loop.
type Kernel struct {
	Gain     float32 // integral over a day of one unit of excitation: (1 - exp(-kappa)) / kappa
	Decay    float32 // exp(-kappa)
	Keep     float32 // share of cash kept overnight
	Relax    float32 // share of the distance to the base level closed a day
	Distress float32
}

// Kernel prepares the constants of the day loop.
func (m *Model) Kernel() Kernel {
	k := m.Excitation.Decay
	gain := 1.0
	if k > 0 {
		gain = -math.Expm1(-k) / k
	}
	return Kernel{
		Gain: float32(gain), Decay: float32(math.Exp(-k)), Keep: float32(1 - m.Cash.Leak),
		Relax: float32(m.Stress.Relax), Distress: float32(m.Stress.Distress),
	}
}

// Advance moves the active borrowers through one day: hazard accumulates (exactly integrated over
// the day), excitation and cash decay, stress relaxes. Borrowers whose accumulated hazard crossed
// the threshold are appended to fired, in index order. It returns fired, the sum of stress and the
// number in distress. Active holds a bit for each pulse, 64 to a word, the lowest first.
//
// This is the inner loop of the whole product: no allocation, and no branch that borrowers take as they please,
// since a wrong guess takes longer than all the rest of a day. Stress is not negative, and of such numbers the
// bits are in the order of the numbers.
func (k *Kernel) Advance(pulses []Pulse, active []uint64, fired []int32) (due []int32, stress float64, distressed int) {
	gain, decay, keep, relax := k.Gain, k.Decay, k.Keep, k.Relax // in registers
	calm := math.Float32bits(k.Distress) - 1                     // the largest stress that is no distress
	for w, word := range active {
		for ; word != 0; word &= word - 1 {
			i := w<<6 | bits.TrailingZeros64(word)
			p := &pulses[i]
			able := min(p.Cash*p.PerNeed, 1)
			p.Spent += float32(able * (p.Will + float32(p.Excite*gain)))
			if p.Spent >= p.Threshold {
				fired = append(fired, int32(i))
			}
			p.Excite *= decay
			p.Cash *= keep
			s := p.Stress + float32((p.Base-p.Stress)*relax)
			p.Stress = s
			p.StressSum += s
			p.Days++
			stress += float64(s)
			p.Peak = math.Float32frombits(max(math.Float32bits(p.Peak), math.Float32bits(s)))
			inDistress := (calm - math.Float32bits(s)) >> 31
			p.Distress += int32(inDistress)
			distressed += int(inDistress)
		}
	}
	return fired, stress, distressed
}

// Idle moves a borrower of whom nothing is asked through days: what Advance does to cash, excitation and stress,
// without the record of stress.
func (k *Kernel) Idle(p *Pulse, days int) {
	cash, excite, stress := p.Cash, p.Excite, p.Stress
	for range days {
		excite *= k.Decay
		cash *= k.Keep
		stress += float32((p.Base - stress) * k.Relax)
	}
	p.Cash, p.Excite, p.Stress = cash, excite, stress
}

// Rest accounts for days of calm, on which a borrower outside of the day loop stays at the base level.
func (p *Pulse) Rest(days int32, distress float32) {
	p.Stress = p.Base
	p.StressSum += float32(float32(days) * p.Base)
	p.Days += days
	if days > 0 && p.Base > p.Peak {
		p.Peak = p.Base
	}
	if p.Base >= distress {
		p.Distress += days
	}
}

// Shake moves stress by points, within [0, 100].
func (p *Pulse) Shake(points float32) {
	p.Stress = min(max(p.Stress+points, 0), 100)
}
