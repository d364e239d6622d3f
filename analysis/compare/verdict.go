package compare

import (
	"fmt"
	"math"
	"strings"
)

// An Outcome is what can be said of a challenger on one metric.
type Outcome string

// The outcomes. "higher" and "lower" are for metrics that are good neither way.
const (
	Better     Outcome = "better"
	Worse      Outcome = "worse"
	Above      Outcome = "higher"
	Below      Outcome = "lower"
	Equivalent Outcome = "equivalent" // surely within the indifference zone
	Same       Outcome = "identical"  // equal in every replication
	Unclear    Outcome = "~"          // the replications cannot tell
)

// A Verdict states in words what a comparison shows, and no more than its intervals do.
type Verdict struct {
	Outcome Outcome  `json:"outcome"`
	Text    string   `json:"text"`
	Reasons []string `json:"reasons,omitempty"`
}

// judge applies these rules in order:
//
//	equal in every replication                           identical
//	no interval                                          ~
//	simultaneous interval within the indifference zone   equivalent
//	Holm's p below 1 - confidence                        the direction of the difference
//	otherwise                                            ~
//
// A direction says how large the difference is only as far as the simultaneous interval
// does: where that touches 0 or the zone, the text says that the size is open.
func judge(c Comparison, family int, o Options, reasons []string) Verdict {
	v := Verdict{Outcome: outcome(c, o), Reasons: reasons}
	s := sentence{c, family, o}
	switch v.Outcome {
	case Same:
		v.Text = fmt.Sprintf("%s and %s are identical on %s in all %d replications", c.Challenger, c.Champion, c.Name, c.Difference.N)
	case Equivalent:
		v.Text = fmt.Sprintf("%s differs from %s on %s by less than matters (%g): %s", c.Challenger, c.Champion, c.Name, o.Indifference, s.difference())
	case Unclear:
		v.Text = fmt.Sprintf("%d replications cannot tell %s from %s on %s: %s%s", c.Difference.N, c.Challenger, c.Champion, c.Name, s.difference(), s.cure())
	default:
		v.Text = fmt.Sprintf("%s is %s than %s on %s: %s%s", c.Challenger, s.comparative(v.Outcome), c.Champion, c.Name, s.difference(), s.caveat())
	}
	if len(reasons) > 0 {
		v.Text += "; because " + strings.Join(reasons, ", ")
	}
	return v
}

func outcome(c Comparison, o Options) Outcome {
	low, high := float64(c.Low), float64(c.High)
	switch {
	case c.Identical:
		return Same
	case math.IsNaN(low) || math.IsNaN(float64(c.HolmP)):
		return Unclear
	case o.Indifference > 0 && low >= -o.Indifference && high <= o.Indifference:
		return Equivalent
	case !(float64(c.HolmP) < 1-o.Confidence):
		return Unclear
	}
	switch good := c.sign() * c.Difference.Value; {
	case good > 0:
		return Better
	case good < 0:
		return Worse
	case c.Difference.Value > 0:
		return Above
	}
	return Below
}

// A sentence builds the parts of a verdict's text.
type sentence struct {
	Comparison
	family int
	o      Options
}

func (s sentence) comparative(v Outcome) string {
	if v == Above || v == Below {
		return string(v)
	}
	if s.Difference.Value > 0 {
		return string(v) + " (higher)"
	}
	return string(v) + " (lower)"
}

func (s sentence) difference() string {
	d := s.Difference
	if math.IsNaN(float64(s.Low)) {
		return "difference " + d.Format(d.Value) + " without an interval"
	}
	scope := ""
	if s.family > 1 {
		scope = fmt.Sprintf(" for all %d challengers at once", s.family)
	}
	unit := ""
	if s.Unit != "" {
		unit = " " + s.Unit
	}
	return fmt.Sprintf("difference %s%s, %.10g%% interval %s to %s%s",
		d.Format(d.Value), unit, 100*s.o.Confidence, d.Format(float64(s.Low)), d.Format(float64(s.High)), scope)
}

func (s sentence) caveat() string {
	zone := s.o.Indifference
	switch low, high := float64(s.Low), float64(s.High); {
	case low <= 0 && high >= 0:
		return ", which leaves open how large the difference is"
	case low < zone && high > -zone:
		return fmt.Sprintf(", which may be less than matters (%g)", zone)
	}
	return ""
}

func (s sentence) cure() string {
	if s.ReplicationsNeeded <= s.Difference.N {
		return ""
	}
	return fmt.Sprintf("; about %d would tell a difference of the size seen (power %g)", s.ReplicationsNeeded, s.o.Power)
}
