package decision_test

import (
	"fmt"

	"collectsim/analysis/decision"
)

// Cost and cured accounts of four strategies, per 1000 overdue accounts (illustrative).
func ExampleICERs() {
	rows, err := decision.ICERs(decision.Means{
		Strategies: []string{"reminders", "calls", "agency", "visits"},
		Cost:       []float64{500, 4500, 7000, 14500},
		Effect:     []float64{300, 400, 380, 500},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		by := ""
		if r.By != "" {
			by = " by " + r.By
		}
		fmt.Printf("%-9s %6.0f %4.0f %5.0f %s%s\n", r.Strategy, r.Cost, r.Effect, r.ICER, r.Status, by)
	}
	// Output:
	// reminders    500  300   NaN ND
	// calls       4500  400    40 ND
	// visits     14500  500   100 ND
	// agency      7000  380   NaN D by calls
}

func ExampleNetBenefits() {
	points, err := decision.NetBenefits(decision.Means{
		Strategies: []string{"reminders", "visits"},
		Cost:       []float64{10, 40},
		Effect:     []float64{1, 2},
	}, []float64{0, 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range points {
		fmt.Println(p.WTP, p.Best, p.NMB)
	}
	// Output:
	// 0 reminders map[reminders:-10 visits:-40]
	// 50 visits map[reminders:40 visits:60]
}

// At a fixed price per cure, how dear must a distress-day be before a milder strategy is best?
func ExampleBestByPrice() {
	names := []string{"reminders", "calls", "visits"}
	netBenefit := []float64{60, 90, 100}  // money per account
	distress := []float64{-0, -1.5, -3.5} // minus the distress-days per account
	ranges, err := decision.BestByPrice(names, netBenefit, distress)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range ranges {
		fmt.Printf("%s from %g to %g\n", r.Strategy, r.From, r.To)
	}
	// Output:
	// visits from 0 to 5
	// calls from 5 to 20
	// reminders from 20 to +Inf
}

func ExampleAcceptability() {
	points, err := decision.Acceptability(decision.Samples{
		Strategies: []string{"calls", "visits"},
		Cost:       [][]float64{{10, 10, 10, 10}, {30, 30, 30, 30}},
		Effect:     [][]float64{{1, 1, 1, 1}, {1, 2, 2, 4}},
	}, []float64{10, 40})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range points {
		fmt.Printf("at %g: %s, right with probability %g, perfect information worth %g\n", p.WTP, p.Best, p.ProbBest, p.EVPI)
	}
	// Output:
	// at 10: calls, right with probability 0.75, perfect information worth 2.5
	// at 40: visits, right with probability 0.75, perfect information worth 5
}

func ExampleFromMeans() {
	r, err := decision.FromMeans(decision.Means{
		Strategies: []string{"reminders", "visits"}, Cost: []float64{10, 40}, Effect: []float64{1, 2},
	}, decision.Options{WTP: []float64{0, 10, 20}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range r.Switches {
		fmt.Printf("%s gives way to %s at %g\n", s.From, s.To, s.Price)
	}
	fmt.Println(r.Warnings[0])
	// Output:
	// reminders gives way to visits at 30
	// the prices from 0 to 20 leave out 30, where the best strategy changes from reminders to visits
}

func ExamplePartialInformation() {
	// The net benefit of visits depends on the share of borrowers in temporary trouble alone.
	share, visits := make([]float64, 100), make([]float64, 100)
	for i := range share {
		share[i] = (float64(i) + 0.5) / 100
		visits[i] = 100 * (share[i] - 0.6)
	}
	r, err := decision.PartialInformation(
		decision.Parameters{Names: []string{"temporary_share"}, Values: [][]float64{share}},
		[][]float64{make([]float64, 100), visits}, decision.PartialOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %.2f of %.2f\n", r.Parameters[0].Parameter, r.Parameters[0].EVPPI, r.EVPI)
	// Output: temporary_share: 8.00 of 8.00
}

func ExamplePopulation_Size() {
	accounts, err := decision.Population{AccountsPerYear: 10_000, Years: 2, DiscountRate: 0.25}.Size()
	if err != nil {
		fmt.Println(err)
		return
	}
	perAccount := decision.EVPINormal(0.5, 1)
	fmt.Printf("%.3f per account, %.0f for the portfolio\n", perAccount, perAccount*accounts)
	// Output: 0.198 per account, 3560 for the portfolio
}

func ExamplePareto() {
	rows, err := decision.Pareto([]string{"calls", "visits", "pressure"}, []decision.Objective{
		{Name: "recovered", Better: decision.HigherIsBetter, Values: []float64{100, 140, 130}},
		{Name: "cost", Better: decision.LowerIsBetter, Values: []float64{5, 20, 22}},
		{Name: "distress_days", Better: decision.LowerIsBetter, Values: []float64{3, 2, 9}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Strategy, r.Efficient, r.By)
	}
	// Output:
	// calls true []
	// visits true []
	// pressure false [visits]
}

func ExampleStochasticDominance() {
	d, err := decision.StochasticDominance([]float64{2, 2, 2}, []float64{1, 2, 3}, decision.HigherIsBetter)
	fmt.Printf("first order %t, second order %t, %v\n", d.First, d.Second, err)
	// Output: first order false, second order true, <nil>
}

func ExampleBetaFromMoments() {
	cureRate, err := decision.BetaFromMoments(0.12, 0.03)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f to %.3f\n", cureRate.Quantile(0.025), cureRate.Quantile(0.975))
	// Output: 0.068 to 0.185
}
