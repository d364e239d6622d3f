package borrower_test

import (
	"fmt"
	"slices"
	"testing"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/scenario"
)

// TestPortfolioHasTheDeclaredMarginals counts states, products, regions and debts against the
// declared shares, and balances against the declared quantiles: below the quantile of level q lies
// the share q of the accounts of a product.
func TestPortfolioHasTheDeclaredMarginals(t *testing.T) {
	y := scenario.Default().Portfolio
	p := y.Portfolio(11, people, 180)
	if len(p.Accounts) != people || p.Currency != y.Currency {
		t.Fatalf("%d accounts in %q", len(p.Accounts), p.Currency)
	}
	counts := map[string]float64{}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		if err := a.Check(); err != nil {
			t.Fatalf("account %d: %v", a.ID, err)
		}
		counts["start "+loan.BucketOf(a.DPD).String()]++
		counts["product "+a.Product.String()]++
		counts["region "+a.Region.String()]++
		counts[fmt.Sprint("debts ", a.OtherDebts)]++
		counts[fmt.Sprint("current due day ", a.DueDay)] += 1 - float64(min(a.DPD, 1))
	}
	s, r := &y.Start, &y.Regions
	checkShares(t, counts, "start ", []string{"current", "1-29", "30-59", "60-89", "90-119", "120-149", "150-179"},
		[]float64{s.Current, s.Days1, s.Days30, s.Days60, s.Days90, s.Days120, s.Days150})
	checkShares(t, counts, "region ", []string{"urban", "suburban", "remote"}, []float64{r.Urban, r.Suburban, r.Remote})
	checkShares(t, counts, "product ", []string{"instalment-loan", "credit-card", "micro-enterprise-loan"},
		[]float64{y.Products.Instalment.Share, y.Products.Card.Share, y.Products.Micro.Share})
	var debts []string
	for k := range y.Debts {
		debts = append(debts, fmt.Sprint(k))
	}
	checkShares(t, counts, "debts ", debts, y.Debts)
	current := int(counts["start current"])
	for d := range loan.MonthDays {
		near(t, fmt.Sprint("due day ", d), counts[fmt.Sprint("current due day ", d)]/float64(current), 1.0/loan.MonthDays, current)
	}
	for k, product := range []*borrower.Product{&y.Products.Instalment, &y.Products.Card, &y.Products.Micro} {
		checkBalances(t, p.Accounts, loan.Product(k), product)
	}
}

func checkShares(t *testing.T, counts map[string]float64, what string, names []string, shares []float64) {
	t.Helper()
	total := 0.0
	for _, s := range shares {
		total += s
	}
	for k, name := range names {
		near(t, what+name, counts[what+name]/people, shares[k]/total, people)
	}
}

func checkBalances(t *testing.T, accounts []loan.Account, kind loan.Product, product *borrower.Product) {
	t.Helper()
	levels := []float64{0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99}
	n := 0
	below := make([]float64, len(levels))
	terms := map[int16]int{}
	for i := range accounts {
		a := &accounts[i]
		if a.Product != kind {
			continue
		}
		n++
		terms[a.Term]++
		for k, q := range product.Quantiles {
			if a.Balance.Units() < q {
				below[k]++
			}
		}
		if kind == loan.Card {
			if want := min(a.Balance, max(loan.FromUnits(product.MinFloor), a.Balance.Share(product.MinShare))); a.Instalment != want {
				t.Fatalf("card of %s: minimum payment %s, want %s", a.Balance, a.Instalment, want)
			}
		} else if a.Instalment*loan.Cents(a.Term) < a.Balance || int(a.Term) < min(3, product.Term) || int(a.Term) > max(3, product.Term) {
			t.Fatalf("loan of %s: %d instalments of %s, youngest loan %d months", a.Balance, a.Term, a.Instalment, product.Term)
		}
	}
	for k := 1; k < len(levels)-1; k++ { // the ends are lumps: constant beyond the last quantiles
		if product.Quantiles[k] > product.Quantiles[k-1] {
			near(t, fmt.Sprintf("%s: balances below %g", kind, product.Quantiles[k]), below[k]/float64(n), levels[k], n)
		}
	}
}

// TestPortfoliosGrowAtTheEnd: n+1 accounts begin with the n accounts, and the seed decides them.
func TestPortfoliosGrowAtTheEnd(t *testing.T) {
	y := scenario.Default().Portfolio
	small, large, other := y.Portfolio(5, 50, 90), y.Portfolio(5, 80, 90), y.Portfolio(6, 50, 90)
	equal := 0
	for i := range small.Accounts {
		if small.Accounts[i] != large.Accounts[i] {
			t.Fatalf("account %d differs in a larger portfolio", i)
		}
		if small.Accounts[i] == other.Accounts[i] {
			equal++
		}
	}
	if equal > 0 {
		t.Errorf("%d accounts are the same under another seed", equal)
	}
}

// TestOpeningStatesAgree: days past due, due day and arrears of a drawn account tell one story: the
// oldest missed instalment fell due on a due date, and arrears are the instalments missed since.
func TestOpeningStatesAgree(t *testing.T) {
	y := scenario.Default().Portfolio
	y.Start.Current = 0.1
	p := y.Portfolio(3, 5000, 180)
	for i := range p.Accounts {
		a := &p.Accounts[i]
		if a.DPD == 0 {
			continue
		}
		if (int(a.DPD)+int(a.DueDay))%loan.MonthDays != 0 {
			t.Fatalf("account %d: %d days past due, due on day %d", a.ID, a.DPD, a.DueDay)
		}
		missed := 0
		for d := -int(a.DPD); d < 0; d += loan.MonthDays {
			missed++
		}
		if want := min(a.Balance, a.Instalment*loan.Cents(missed)); a.Arrears != want {
			t.Fatalf("account %d: arrears %s, %d instalments missed: %s", a.ID, a.Arrears, missed, want)
		}
	}
}

// TestSyntheticFaults: every broken rule is reported, by path.
func TestSyntheticFaults(t *testing.T) {
	y := scenario.Default().Portfolio
	if err := y.Check(); err != nil {
		t.Fatalf("the default: %v", err)
	}
	y.Start = borrower.Start{}
	y.Products.Card.Quantiles = []float64{1, 2}
	y.Products.Micro.Quantiles[3] = 0
	want := "products.credit-card.balance_quantiles: must have 9 values, got 2\n" +
		"products.micro-enterprise-loan.balance_quantiles: must not fall, got 0 after 1230\n" +
		"start: at least one state must have a share > 0"
	if err := y.Check(); err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
	y = borrower.Synthetic{Start: borrower.Start{Current: 1}, Regions: borrower.ByRegion{Remote: 1}}
	if err := y.Check(); err == nil || err.Error() != "products: at least one product must have a share > 0" {
		t.Errorf("error %v", err)
	}
	y = scenario.Default().Portfolio
	y.Regions = borrower.ByRegion{}
	y.Products.Card.MinShare, y.Products.Card.MinFloor = 0, 0
	want = "regions: at least one region must have a share > 0\n" +
		"products.credit-card: minimum_share or minimum_floor must be > 0, or cards ask for no payment"
	if err := y.Check(); err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
	y = scenario.Default().Portfolio
	y.New = borrower.NewLoans{PerMonth: 0.1}
	if err := y.Check(); err == nil || err.Error() != "new_loans.size: must be > 0 where loans are new, got 0" {
		t.Errorf("error %v", err)
	}
}

// TestSmallMinimumPayments: a minimum payment of less than a cent is a cent.
func TestSmallMinimumPayments(t *testing.T) {
	y := scenario.Default().Portfolio
	y.Products.Card.MinShare, y.Products.Card.MinFloor = 1e-7, 0
	small := 0
	for _, a := range y.Portfolio(1, 2000, 30).Accounts {
		if err := a.Check(); err != nil {
			t.Fatal(err)
		}
		if a.Product == loan.Card && a.Instalment == 1 {
			small++
		}
	}
	if small == 0 {
		t.Error("no minimum payment of a cent")
	}
}

// TestNewLoansComeAsDeclared: a share x of n accounts brings exactly floor(x n months) loans by the end of every
// month, in order of their days, none on day 0, with ids of their own; a longer run only adds at the end; the
// opening book is the same with and without them.
func TestNewLoansComeAsDeclared(t *testing.T) {
	for _, x := range []struct {
		accounts int
		share    float64
		want     []int // by the end of month 1, 2, ...
	}{
		{100, 0.07, []int{7, 14, 21, 28}},
		{1000, 0.0305, []int{30, 61, 91, 122}},
		{30, 1.5, []int{45, 90, 135, 180}},
		{10, 0.01, []int{0, 0, 0, 0}},
		{7, 0, []int{0, 0, 0, 0}},
	} {
		y := scenario.Default().Portfolio
		closed := y.Portfolio(5, x.accounts, 120).Accounts
		y.New.PerMonth = x.share
		p := y.Portfolio(5, x.accounts, 120).Accounts
		if !slices.Equal(p[:x.accounts], closed) {
			t.Fatal("the opening book has changed")
		}
		var got [4]int
		for k, a := range p[x.accounts:] {
			if a.ID != int64(borrower.FirstNewLoan+k) || a.Opened < 1 || a.Opened >= 120 || k > 0 && a.Opened < p[x.accounts+k-1].Opened {
				t.Fatalf("new loan %d: %+v", k, a)
			}
			for m := a.Opened / loan.MonthDays; m < 4; m++ {
				got[m]++
			}
		}
		if !slices.Equal(got[:], x.want) {
			t.Errorf("%v of %d accounts: %v loans by month, want %v", x.share, x.accounts, got, x.want)
		}
		if short := y.Portfolio(5, x.accounts, 60).Accounts; !slices.Equal(short, p[:len(short)]) || len(short) != x.accounts+x.want[1] {
			t.Errorf("%v of %d accounts: a run of 60 days has %d accounts, or others", x.share, x.accounts, len(short))
		}
	}
}

// TestNewLoansAreDrawnAsTheBook: new loans have the declared shares of products and regions; a loan starts at the
// full term and at the size factor times the declared balances, a card at these; all are current, with the
// first instalment 30 days later, and repaid by their instalments.
func TestNewLoansAreDrawnAsTheBook(t *testing.T) {
	y := scenario.Default().Portfolio
	y.New = borrower.NewLoans{PerMonth: 1, Size: 2}
	const n = people / 4
	accounts := y.Portfolio(11, n, 120).Accounts[n:]
	counts := map[string]float64{}
	for i := range accounts {
		a := &accounts[i]
		if err := a.Check(); err != nil || a.DPD != 0 || int(a.DueDay) != int(a.Opened)%loan.MonthDays {
			t.Fatalf("%+v: %v", a, err)
		}
		counts["product "+a.Product.String()]++
		counts["region "+a.Region.String()]++
		if a.Product == loan.Card {
			continue
		}
		if want := int16([]int{y.Products.Instalment.Term, 0, y.Products.Micro.Term}[a.Product]); a.Term != want || a.Instalment != loan.AnnuityCents(a.Balance, a.APR, int(want), loan.MonthDays) {
			t.Fatalf("%+v: the term is not %d months", a, want)
		}
		a.Balance /= 2
	}
	r := &y.Regions
	checkShares(t, counts, "region ", []string{"urban", "suburban", "remote"}, []float64{r.Urban, r.Suburban, r.Remote})
	checkShares(t, counts, "product ", []string{"instalment-loan", "credit-card", "micro-enterprise-loan"},
		[]float64{y.Products.Instalment.Share, y.Products.Card.Share, y.Products.Micro.Share})
	for k, product := range []*borrower.Product{&y.Products.Instalment, &y.Products.Card, &y.Products.Micro} {
		checkBalances(t, accounts, loan.Product(k), product)
	}
}
