package strategy_test

import (
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"
)

func TestRestAfterPayment(t *testing.T) {
	rules := (&strategy.Guardrails{RestAfterPayment: 5}).Rules()
	for since, want := range map[loan.Day]string{4: "rest-after-payment", 5: "allowed"} {
		o := observed(30)
		o.SincePayment = since
		if got := rules.Permit(o, &strategy.Action{Channel: loan.Call}, &strategy.Teams{}); got.String() != want {
			t.Errorf("%d days after a payment: %s, want %s", since, got, want)
		}
	}
}
