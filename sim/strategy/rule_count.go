package strategy

import "collectsim/sim/loan"

// ContactsPer7 is the most dials and messages together in 7 days. Letters and other formal steps count and are never held back.
type ContactsPer7 int

// Name of the rule.
func (ContactsPer7) Name() string { return "contacts-per-7-days" }

// Forbids further contact; formal steps are free.
func (n ContactsPer7) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return !a.Channel.Kind().Formal && int(o.Calls7)+int(o.Messages7) >= int(n)
}

// TalksPerDay is the most conversations a day.
type TalksPerDay int

// Name of the rule.
func (TalksPerDay) Name() string { return "conversations-per-day" }

// Forbids further attempts at a conversation.
func (n TalksPerDay) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return a.Channel.Kind().Personal && int(o.TalksToday) >= int(n)
}

// CallsPerDay is the most dials a day.
type CallsPerDay int

// Name of the rule.
func (CallsPerDay) Name() string { return "calls-per-day" }

// Forbids further calls.
func (n CallsPerDay) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return limited(a, loan.AsCall) && int(o.CallsToday) >= int(n)
}

// CallsPer7 is the most dials in 7 days.
type CallsPer7 int

// Name of the rule.
func (CallsPer7) Name() string { return "calls-per-7-days" }

// Forbids further calls.
func (n CallsPer7) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return limited(a, loan.AsCall) && int(o.Calls7) >= int(n)
}

// SilenceAfterTalk is the days without a call from a conversation on, its day included.
type SilenceAfterTalk int

// Name of the rule.
func (SilenceAfterTalk) Name() string { return "silence-after-conversation" }

// Forbids calls too soon after a conversation.
func (n SilenceAfterTalk) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return limited(a, loan.AsCall) && o.SinceTalk < loan.Day(n)
}

// MessagesPer7 is the most messages and letters in 7 days.
type MessagesPer7 int

// Name of the rule.
func (MessagesPer7) Name() string { return "messages-per-7-days" }

// Forbids further messages.
func (n MessagesPer7) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return limited(a, loan.AsMessage) && int(o.Messages7) >= int(n)
}

// limited reports whether the limits on a tally hold for the action.
func limited(a *Action, tally loan.CountedAs) bool {
	c := a.Channel.Kind()
	return c.Counts == tally && !c.Exempt
}
