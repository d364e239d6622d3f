package strategy

import "collectsim/sim/loan"

// RestAfterPayment is the days without contact from a payment on.
type RestAfterPayment int

// Name of the rule.
func (RestAfterPayment) Name() string { return "rest-after-payment" }

// Forbids contact too soon after a payment; formal steps are free.
func (n RestAfterPayment) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return !a.Channel.Kind().Formal && o.SincePayment < loan.Day(n)
}
