package borrower

import (
	"math"

	"collectsim/sim/loan"
)

// Contact is one attempt to reach a borrower, as the borrower meets it.
type Contact struct {
	Channel loan.Channel
	Tone    loan.Tone
	Message loan.Message
	Skill   float64 // of the staff, 1 is average
	Named   bool    // an officer known by name
	Known   bool    // the borrower has spoken with an officer of the lender before
}

// Responses hold the response parameters by channel, tone and message.
type Responses struct {
	Channels [loan.NumChannels]Response
	Tones    [loan.NumTones]ToneResponse
	Messages [loan.NumMessages]MessageResponse
}

// In returns the value for a region.
func (b *ByRegion) In(r loan.Region) float64 {
	switch r {
	case loan.Suburban:
		return b.Suburban
	case loan.Remote:
		return b.Remote
	}
	return b.Urban
}

// Resistance is the factor on the effect of contacts at a stress level: 1 up to resist_from, falling
// linearly to 0 at resist_to.
func (m *Model) Resistance(stress float32) float64 {
	from, to := m.Stress.ResistFrom, m.Stress.ResistTo
	switch s := float64(stress); {
	case s <= from:
		return 1
	case s >= to:
		return 0
	default:
		return (to - s) / (to - from)
	}
}

// Avoids is the probability that a stressed borrower does not answer or open although at home.
func (m *Model) Avoids(stress float32) float64 {
	from := m.Stress.ResistFrom
	if float64(stress) <= from || from >= 100 {
		return 0
	}
	return m.Stress.Avoidance * (float64(stress) - from) / (100 - from)
}

// evening is the hour from which people are home from work.
const evening = 18

// ConnectChance is the probability that a delivered attempt meets the right party: the channel's
// chance in the region, moved by the borrower's reach on the odds scale, less avoidance
// where the channel allows it: calls and visits.
func (m *Model) ConnectChance(r *Response, c loan.Channel, region loan.Region, hour uint8, t *Traits, stress float32) float64 {
	p := r.Connect.In(region)
	if p > 0 && p < 1 {
		odds := p / (1 - p) * float64(t.Reach)
		if hour >= evening {
			odds *= r.Evening
		}
		p = odds / (1 + odds)
	}
	if c.Kind().Avoidable {
		p *= 1 - m.Avoids(stress)
	}
	return p
}

// Jump is the rise of the payment intensity by a right-party contact, before the age of the debt has worn it:
//
//	delta_c * tone * message * skill * trust factor * saturation^recent * resistance(stress)
//
// recent is the number of remembered contacts of the channel's class; a message with novelty escapes
// that share of the saturation.
func (m *Model) Jump(rs *Responses, c *Contact, trust, recent, stress float32) float32 {
	r, msg := &rs.Channels[c.Channel], &rs.Messages[c.Message]
	saturation := 1.0
	if recent > 0 && r.Saturate < 1 {
		saturation = math.Pow(r.Saturate, float64(recent)*(1-msg.Novelty))
	}
	trustFactor := max(0, 1+float64(m.Trust.Effect*(float64(trust)-0.5))) * m.familiar(c)
	return float32(m.Excitation.Scale * r.Effect * rs.Tones[c.Tone].Effect * msg.Effect * c.Skill *
		trustFactor * saturation * m.Resistance(stress))
}

// familiar is the factor on the effect of a contact by an officer whom the borrower knows.
func (m *Model) familiar(c *Contact) float64 {
	if c.Named && c.Known {
		return 1 + m.Trust.Named
	}
	return 1
}

// HeedChance is the probability that a right-party contact sinks in, so that one who would forget
// keeps the due date in mind, and one who does not know that he owes learns of it:
// heed * message * familiarity, at most 1.
func (m *Model) HeedChance(rs *Responses, c *Contact) float64 {
	return min(1, rs.Channels[c.Channel].Heed*rs.Messages[c.Message].Effect*m.familiar(c))
}

// Strain is the change of stress by a right-party contact: the channel's jump, scaled by tone,
// message and the borrower's reactivity, less the relief of the talk, which grows with skill.
func (m *Model) Strain(rs *Responses, c *Contact, t *Traits) float32 {
	r, tone := &rs.Channels[c.Channel], &rs.Tones[c.Tone]
	jump := float64(r.Stress * tone.Stress * rs.Messages[c.Message].Stress * float64(t.React))
	relief := float64(tone.Relief * r.Empathy * c.Skill)
	return float32(m.Stress.ContactScale * (jump - relief))
}

// Trusting returns trust after a right-party contact: a supportive conversation closes a share of
// the distance to 1, a harsh one loses a share, both in proportion to the channel's empathy.
func (m *Model) Trusting(rs *Responses, c *Contact, trust float32) float32 {
	w := rs.Tones[c.Tone].Trust * rs.Channels[c.Channel].Empathy
	if w >= 0 {
		return trust + float32(float32(w*m.Trust.Gain)*(1-trust))
	}
	return trust * float32(1+float64(w*m.Trust.Loss))
}

// KeepChance is the probability that one who can pays as promised, by channel, cause and trust.
func (m *Model) KeepChance(r *Response, c loan.Cause, trust float32) float64 {
	return min(1, max(0, r.Keep*m.types[c].Keep*(1+float64(m.Trust.Keep*(float64(trust)-0.5)))))
}

// ComplaintChance is the probability that a conversation at this stress ends in a complaint.
func (m *Model) ComplaintChance(stress float32) float64 {
	x := float64(stress) / 100
	return m.Stress.Complaint * x * x
}

// StopChance is the probability that a conversation at this stress ends in the wish not to be contacted.
func (m *Model) StopChance(stress float32) float64 {
	x := float64(stress) / 100
	return m.Stress.StopRequest * x * x
}

// IncidentChance is the probability that a visit met at this stress ends in a safety incident; staff
// of skill s above average divide it by s.
func (m *Model) IncidentChance(stress float32, skill float64) float64 {
	x := float64(stress) / 100
	return m.Stress.Incident * x * x / max(skill, 0.1)
}

// BaseStress is the level to which stress relaxes, from instalments on demand that were missed, in months of them, income
// state, debts at other lenders and the days from one due date to the next.
func (m *Model) BaseStress(missed int, unsteady bool, debts uint8, interval loan.Day) float32 {
	s := &m.Stress
	level := s.Base + float64(s.PerMissed*float64(min(missed, 3))) + float64(s.PerDebt*float64(debts))
	level += float64(s.PerInstalment * (loan.MonthDays/float64(interval) - 1))
	if unsteady {
		level += s.Disrupted
	}
	return float32(min(level, 100))
}
