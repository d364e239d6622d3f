package borrower

import (
	"errors"
	"fmt"
	"math"

	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// Synthetic describes a made-up portfolio by the marginals of what a lender observes. Accounts are
// drawn one by one, each from its own keyed draws, so a portfolio of n+1 accounts begins with the
// portfolio of n.
type Synthetic struct {
	Currency string    `yaml:"currency" doc:"ISO code of all amounts"`
	Source   string    `yaml:"source,omitempty" doc:"where the marginals come from"`
	Start    Start     `yaml:"start" doc:"shares of accounts by state on day 0, rescaled to sum to 1"`
	Products Products  `yaml:"products" doc:"the products of the book"`
	Regions  ByRegion  `yaml:"regions" doc:"shares of accounts by region, rescaled to sum to 1"`
	Debts    []float64 `yaml:"other_debts" check:"[0,1]" doc:"shares of borrowers with 0, 1, 2, ... debts at other lenders"`
	New      NewLoans  `yaml:"new_loans" doc:"loans that are disbursed during the run"`
}

// NewLoans are loans that enter the book during the run, drawn from the same marginals as the opening book.
type NewLoans struct {
	PerMonth float64 `yaml:"per_month" check:"[0,10]" doc:"new loans in 30 days over the accounts of the opening book, spread evenly over the days; 0: a closed portfolio"`
	Size     float64 `yaml:"size" check:">=0" doc:"amount of a new loan over a balance of the opening book, which is partly repaid; not of cards"`
}

// Count is the number of loans that n accounts bring in a run of horizon days: floor(n * PerMonth * horizon / 30), none in
// a run of one day, since the first ones open on day 1.
func (l *NewLoans) Count(n, horizon int) int {
	if horizon < 2 {
		return 0
	}
	return int(math.Floor(float64(n)*l.PerMonth*float64(horizon)/loan.MonthDays + 1e-9))
}

// day is the day on which loan k, from 1, opens: the first by whose evening k loans have. The share of day 0
// waits for day 1, since a loan of day 0 is of the opening book.
func (l *NewLoans) day(k, n int) loan.Day {
	d := math.Ceil(float64(k)*loan.MonthDays/(float64(n)*l.PerMonth)-1e-9) - 1
	return loan.Day(max(1, d))
}

// Start are the shares of accounts by bucket on day 0.
type Start struct {
	Current float64 `yaml:"current" check:">=0"`
	Days1   float64 `yaml:"days_1" check:">=0"`
	Days30  float64 `yaml:"days_30" check:">=0"`
	Days60  float64 `yaml:"days_60" check:">=0"`
	Days90  float64 `yaml:"days_90" check:">=0"`
	Days120 float64 `yaml:"days_120" check:">=0"`
	Days150 float64 `yaml:"days_150" check:">=0"`
}

// Products are the products of a book.
type Products struct {
	Instalment Product `yaml:"instalment-loan"`
	Card       Product `yaml:"credit-card"`
	Micro      Product `yaml:"micro-enterprise-loan"`
}

// Product describes the contracts of one product.
type Product struct {
	Share      float64   `yaml:"share" check:">=0" doc:"share of accounts, rescaled to sum to 1"`
	Quantiles  []float64 `yaml:"balance_quantiles" check:">=0" doc:"balance at 1, 5, 10, 25, 50, 75, 90, 95, 99 per cent of the accounts, major units; linear between, constant beyond"`
	APR        float64   `yaml:"apr" check:"[0,10]" doc:"annual nominal rate"`
	PenaltyAPR float64   `yaml:"penalty_apr" check:"[0,10]" doc:"annual rate on overdue money"`
	Term       int       `yaml:"term" check:"[0,1200]" doc:"remaining months of the youngest loan; uniform from 3 to it; 0 for cards"`
	Every      int       `yaml:"instalment_days" check:"[0,30]" doc:"days from one instalment, and from one pay day of the borrower, to the next: 7 weekly, 14 every two weeks, 30 monthly; 0 stands for 30; 30 for cards"`
	MinShare   float64   `yaml:"minimum_share" check:"[0,1]" doc:"cards: minimum payment as a share of the balance"`
	MinFloor   float64   `yaml:"minimum_floor" check:">=0" doc:"cards: least minimum payment, major units"`
}

// quantileLevels are the levels of Product.Quantiles.
var quantileLevels = [9]float64{0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99}

// Check reports every rule that the description breaks beyond those of single numbers.
func (y *Synthetic) Check() error {
	var errs []error
	for _, p := range []struct {
		name string
		p    *Product
	}{{"instalment-loan", &y.Products.Instalment}, {"credit-card", &y.Products.Card}, {"micro-enterprise-loan", &y.Products.Micro}} {
		if p.p.Share == 0 {
			continue
		}
		if len(p.p.Quantiles) != len(quantileLevels) {
			errs = append(errs, fmt.Errorf("products.%s.balance_quantiles: must have %d values, got %d", p.name, len(quantileLevels), len(p.p.Quantiles)))
		}
		for k := 1; k < len(p.p.Quantiles); k++ {
			if p.p.Quantiles[k] < p.p.Quantiles[k-1] {
				errs = append(errs, fmt.Errorf("products.%s.balance_quantiles: must not fall, got %g after %g", p.name, p.p.Quantiles[k], p.p.Quantiles[k-1]))
			}
		}
	}
	if sum(y.Products.Instalment.Share, y.Products.Card.Share, y.Products.Micro.Share) == 0 {
		errs = append(errs, errors.New("products: at least one product must have a share > 0"))
	}
	if sum(y.Start.shares()...) == 0 {
		errs = append(errs, errors.New("start: at least one state must have a share > 0"))
	}
	if r := &y.Regions; sum(r.Urban, r.Suburban, r.Remote) == 0 {
		errs = append(errs, errors.New("regions: at least one region must have a share > 0"))
	}
	if c := &y.Products.Card; c.Share > 0 && c.MinShare == 0 && c.MinFloor == 0 {
		errs = append(errs, errors.New("products.credit-card: minimum_share or minimum_floor must be > 0, or cards ask for no payment"))
	}
	if c := &y.Products.Card; c.Share > 0 && c.Every%loan.MonthDays != 0 {
		errs = append(errs, fmt.Errorf("products.credit-card.instalment_days: cards bill every 30 days, got %d", c.Every))
	}
	if y.New.PerMonth > 0 && y.New.Size <= 0 {
		errs = append(errs, fmt.Errorf("new_loans.size: must be > 0 where loans are new, got %g", y.New.Size))
	}
	return errors.Join(errs...)
}

func (s *Start) shares() []float64 {
	return []float64{s.Current, s.Days1, s.Days30, s.Days60, s.Days90, s.Days120, s.Days150}
}

func sum(x ...float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}

// choose returns the index at which the running share passes u; shares need not sum to 1.
func choose(u float64, shares ...float64) int {
	u *= sum(shares...)
	last := 0
	for k, s := range shares {
		if s > 0 {
			last = k
			if u -= s; u < 0 {
				return k
			}
		}
	}
	return last
}

// quantile interpolates the inverse distribution function.
func (p *Product) quantile(u float64) float64 {
	q := p.Quantiles
	if u <= quantileLevels[0] {
		return q[0]
	}
	for k := 1; k < len(q); k++ {
		if u <= quantileLevels[k] {
			return q[k-1] + float64((q[k]-q[k-1])*(u-quantileLevels[k-1]))/(quantileLevels[k]-quantileLevels[k-1])
		}
	}
	return q[len(q)-1]
}

// FirstNewLoan is the id of the first synthetic loan that is disbursed during the run; the next ones follow it.
// It lies beyond all ids of an opening book, so that a larger book does not make other borrowers of them.
const FirstNewLoan = 1_000_000_001

// Portfolio draws n accounts with ids 1 to n, then the loans that are disbursed in a run of horizon days, with
// ids from FirstNewLoan, in order of their days. It depends on the seed alone: all replications share the
// observed portfolio and draw anew only what a lender cannot see. A longer horizon adds loans at the end.
func (y *Synthetic) Portfolio(seed uint64, n, horizon int) *loan.Portfolio {
	s := rng.Stream{Seed: seed, Replication: noAccount}
	return &loan.Portfolio{Currency: y.Currency, Segments: []string{"all"}, Source: "synthetic", Drawn: true, Accounts: y.Draw(s, n, horizon)}
}

// Draw draws the accounts of a portfolio of n, as Portfolio does, of any stream: that of a replication gives one that is
// the replication's own.
func (y *Synthetic) Draw(s rng.Stream, n, horizon int) []loan.Account {
	accounts := make([]loan.Account, n+y.New.Count(n, horizon))
	for i := range accounts {
		if k := i + 1 - n; k > 0 {
			accounts[i] = y.newLoan(s, uint64(FirstNewLoan+k-1), y.New.day(k, n))
		} else {
			accounts[i] = y.account(s, uint64(i+1))
		}
	}
	return accounts
}

// Resample draws as many accounts as there are, with replacement: the portfolio as it might have been, had the lender that
// it is a sample of been looked at again (bootstrap; Efron 1979). Ids are 1 to n, since an account that is drawn twice
// belongs to two borrowers. Does not modify its argument.
func Resample(s rng.Stream, accounts []loan.Account) []loan.Account {
	drawn := make([]loan.Account, len(accounts))
	for i := range drawn {
		b := s.Block(uint64(i+1), DrawRow, 0)
		drawn[i] = accounts[int(b.Uniform(0)*float64(len(accounts)))]
		drawn[i].ID = int64(i + 1)
	}
	return drawn
}

// newLoan draws a loan that is disbursed on a day of the run: the contract as of the opening book, at its full
// term, with the first instalment an interval later.
func (y *Synthetic) newLoan(s rng.Stream, id uint64, opened loan.Day) loan.Account {
	a := y.contract(s, id)
	a.Opened, a.DueDay = opened, uint8(opened%a.Interval())
	if a.Product != loan.Card {
		a.Balance = max(1, a.Balance.Share(y.New.Size))
	}
	y.instalments(&a, func(longest int) int16 { return int16(longest) })
	return a
}

// contract draws what an account of the opening book and a new loan have in common.
func (y *Synthetic) contract(s rng.Stream, id uint64) loan.Account {
	b := s.Block(id, DrawSynthetic, 0)
	a := loan.Account{ID: int64(id), LastPayment: -1}
	pr := &y.Products
	a.Product = loan.Product(choose(b.Half(1), pr.Instalment.Share, pr.Card.Share, pr.Micro.Share))
	a.Region = loan.Region(choose(b.Half(2), y.Regions.Urban, y.Regions.Suburban, y.Regions.Remote))
	a.OtherDebts = uint8(choose(b.Half(3), y.Debts...))
	product := y.product(a.Product)
	a.Every = uint8(product.Every)
	a.DueDay = uint8(float64(a.Interval()) * b.Half(0))
	a.APR, a.PenaltyAPR = product.APR, product.PenaltyAPR
	a.Balance = loan.FromUnits(math.Max(1, product.quantile(b.Uniform(2))))
	return a
}

func (y *Synthetic) product(p loan.Product) *Product {
	pr := &y.Products
	return [loan.NumProducts]*Product{&pr.Instalment, &pr.Card, &pr.Micro}[p]
}

// instalments sets the instalment that the balance and, of loans, the remaining term call for; term chooses it, in months,
// given the longest one.
func (y *Synthetic) instalments(a *loan.Account, term func(longest int) int16) {
	product := y.product(a.Product)
	if a.Product == loan.Card {
		a.Instalment = min(a.Balance, max(1, loan.FromUnits(product.MinFloor), a.Balance.Share(product.MinShare)))
		return
	}
	months := term(max(product.Term, shortestTerm))
	a.Term = int16(min(loan.InstalmentsIn(int(months), a.Interval()), math.MaxInt16))
	a.Instalment = loan.AnnuityCents(a.Balance, a.APR, int(a.Term), a.Interval())
}

// shortestTerm is the least number of months that a synthetic account has before it.
const shortestTerm = 3

// account draws an account of the opening book.
func (y *Synthetic) account(s rng.Stream, id uint64) loan.Account {
	b, c := s.Block(id, DrawSynthetic, 0), s.Block(id, DrawSynthetic, 1)
	a := y.contract(s, id)
	y.instalments(&a, func(longest int) int16 {
		return int16(shortestTerm + float64(float64(longest-shortestTerm+1)*b.Uniform(3)))
	})
	if band := choose(c.Half(0), y.Start.shares()...); band > 0 {
		a.DueDay = min(max(a.DueDay, 1), uint8(a.Interval()-1)) // an instalment of day 0 itself is not past due yet
		a.DPD = startDPD(band, loan.Day(a.DueDay), a.Interval(), c.Half(1))
		a.Arrears = min(a.Balance, a.Instalment*loan.Cents(a.Missed()))
	}
	return a
}

// startDPD returns days past due on day 0 in a band (1: 1-29, 2: 30-59, ...) that agree with the due day: the
// last due date was interval - dueDay days ago, others before it. Of several in the band u in (0,1) picks one, each as likely.
func startDPD(band int, dueDay, interval loan.Day, u float64) loan.Day {
	first, last := max(1, loan.Day(band-1)*loan.MonthDays), loan.Day(band)*loan.MonthDays-1
	from, to := (first+dueDay+interval-1)/interval, (last+dueDay)/interval // due dates ago, the last one being 1
	return (from+loan.Day(float64(to-from+1)*u))*interval - dueDay
}
