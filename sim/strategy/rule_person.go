package strategy

import "collectsim/sim/loan"

// Protect spares borrowers who are known to be vulnerable.
type Protect bool

// Name of the rule.
func (Protect) Name() string { return "protected-borrower" }

// Forbids visits to the vulnerable, and personal contact that is not friendly.
func (Protect) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return o.Guarded && (a.Channel == loan.Visit || a.Channel.Kind().Personal && a.Tone != loan.Friendly)
}

// HonourStop heeds the wish not to be contacted.
type HonourStop bool

// Name of the rule.
func (HonourStop) Name() string { return "stop-request" }

// Forbids all but formal steps against who asked for contact to stop.
func (HonourStop) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return o.Stopped && !a.Channel.Kind().Formal
}

// NoHarsh rules the harsh tone out.
type NoHarsh bool

// Name of the rule.
func (NoHarsh) Name() string { return "tone" }

// Forbids the harsh tone.
func (NoHarsh) Forbids(_ *Observed, a *Action, _ *Teams) bool { return a.Tone == loan.Harsh }

// NoThreat rules threats out.
type NoThreat bool

// Name of the rule.
func (NoThreat) Name() string { return "message" }

// Forbids threats.
func (NoThreat) Forbids(_ *Observed, a *Action, _ *Teams) bool { return a.Message == loan.Threat }
