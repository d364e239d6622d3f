package sim_test

import (
	"fmt"
	"math"
	"testing"

	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// reference are the parameters of the account of Chehrazi, Glynn and Weber (2019).
type reference struct{ lambda, reversion, kappa, d10, d11, rho float64 }

// slopes returns the derivatives of alpha and beta. The mean over r ~ U(0.1, 1) is taken by Simpson's
// rule on 100 intervals, far below the error of the simulation.
func (p *reference) slopes(alpha float64) (da, db float64) {
	const n, low, high = 100, 0.1, 1.0
	sum := 0.0
	for k := range n + 1 {
		r := low + (high-low)*float64(k)/n
		weight := 2 + 2*float64(k%2)
		if k == 0 || k == n {
			weight = 1
		}
		sum += weight * (1 - (1-r)*math.Exp(-(p.d10+p.d11*r)*alpha))
	}
	return -p.kappa*alpha + sum/(3*n), p.reversion * alpha
}

// value returns the expected discounted payments up to time horizon per unit of balance:
//
//	1 - exp(-rho T) f(T) - rho * integral from 0 to T of exp(-rho t) f(t),
//	f(t) = exp(-lambda alpha(t) - kappa beta(t)), the expected share of the balance left at t
//
// which is the paper's formula, cut at the horizon by parts. Fourth-order Runge-Kutta, Simpson.
func (p *reference) value(horizon float64) float64 {
	const steps = 4000 // even
	h := horizon / steps
	alpha, beta, integral, f := 0.0, 0.0, 0.0, 1.0
	for k := range steps + 1 {
		f = math.Exp(-p.rho*float64(k)*h - p.lambda*alpha - p.kappa*beta)
		weight := 2 + 2*float64(k%2)
		if k == 0 || k == steps {
			weight = 1
		}
		integral += weight * f * h / 3
		a1, b1 := p.slopes(alpha)
		a2, b2 := p.slopes(alpha + h/2*a1)
		a3, b3 := p.slopes(alpha + h/2*a2)
		a4, b4 := p.slopes(alpha + h*a3)
		if k < steps {
			alpha += h / 6 * (a1 + 2*a2 + 2*a3 + a4)
			beta += h / 6 * (b1 + 2*b2 + 2*b3 + b4)
		}
	}
	return 1 - f - p.rho*integral
}

// TestReferenceValueByHand checks the formula above where it can be done by hand: without jumps and
// at the level of reversion, payments come as a Poisson process, and the balance falls by the mean
// factor E[1-r] = 0.45 at each: value = lambda 0.55 / (rho + lambda 0.55).
func TestReferenceValueByHand(t *testing.T) {
	p := reference{lambda: 0.3, reversion: 0.3, kappa: 0.7, rho: 0.06}
	want := 0.3 * 0.55 / (0.06 + 0.3*0.55)
	if got := p.value(200); !(math.Abs(got-want) <= 1e-7) {
		t.Fatalf("value %v, by hand %v", got, want)
	}
}

// TestChehraziReference: the engine's mean npv of the untreated reference account agrees with the
// formula of Chehrazi, Glynn and Weber (2019) within three standard errors and the width of a day,
// by which the engine's whole days bring payments forward: rho / unit_days.
func TestChehraziReference(t *testing.T) {
	compareWithReference(t, 4000, 25)
}

func compareWithReference(t *testing.T, accounts int, unit float64) {
	t.Helper()
	const units = 60
	for seed, x := range []struct{ lambda, balance, d10, d11 float64 }{
		{0.11, 75, 0.02, 0.5}, {0.11, 2500, 0.02, 0.5}, {1.5, 75, 0.02, 0.5}, {0.11, 400, 0, 0},
	} {
		s, err := scenario.Load("chehrazi-reference")
		if err != nil {
			t.Fatal(err)
		}
		for path, v := range map[string]float64{
			"intensity": x.lambda, "balance": x.balance, "jump_base": x.d10, "jump_slope": x.d11, "unit_days": unit,
		} {
			if err := s.Set(fmt.Sprintf("reference.%s=%g", path, v)); err != nil {
				t.Fatal(err)
			}
		}
		s.Accounts, s.Replications, s.Horizon, s.Seed = accounts, 1, int(units*unit), uint64(seed)
		o := &run(t, config(t, s))[0].Strategies[0]
		mean, se := discounted(t, s, o.Events)
		npv := value(t, o, "npv") / x.balance
		p := reference{x.lambda, 0.1, 0.7, x.d10, x.d11, 0.06}
		want, day := p.value(units), p.rho/unit
		t.Logf("lambda %g balance %g: npv %.5f, formula %.5f, standard error %.5f", x.lambda, x.balance, npv, want, se)
		if !(math.Abs(npv-mean) <= 1e-4) {
			t.Errorf("npv %.6f, by the events %.6f", npv, mean)
		}
		if !(math.Abs(npv-want) <= 3*se+day) {
			t.Errorf("lambda %g balance %g: npv %.5f, formula %.5f, 3 standard errors %.5f", x.lambda, x.balance, npv, want, 3*se)
		}
	}
}

// discounted returns mean and standard error over accounts of the discounted payments per unit of
// balance, from the events.
func discounted(t *testing.T, s *scenario.Scenario, events []outcome.Event) (mean, se float64) {
	t.Helper()
	values := make([]float64, s.Accounts)
	for _, e := range events {
		if e.Kind == outcome.EventPayment {
			values[e.Account-1] += e.Amount.Units() / s.Reference.Balance * math.Exp(-s.Reference.Discount*float64(e.Day)/s.Reference.Unit)
		}
	}
	var sum, squares float64
	for _, v := range values {
		sum += v
		squares += v * v
	}
	n := float64(len(values))
	mean = sum / n
	return mean, math.Sqrt((squares/n - mean*mean) / (n - 1))
}
