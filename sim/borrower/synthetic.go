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
	Term       int       `yaml:"term" check:">=0" doc:"remaining months of the youngest loan; uniform from 3 to it; 0 for cards"`
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
			return q[k-1] + (q[k]-q[k-1])*(u-quantileLevels[k-1])/(quantileLevels[k]-quantileLevels[k-1])
		}
	}
	return q[len(q)-1]
}

// Portfolio draws n accounts, with ids 1 to n. It depends on the seed alone: all replications share
// the observed portfolio and draw anew only what a lender cannot see.
func (y *Synthetic) Portfolio(seed uint64, n int) *loan.Portfolio {
	s := rng.Stream{Seed: seed, Replication: noAccount}
	p := &loan.Portfolio{Currency: y.Currency, Segments: []string{"all"}, Source: "synthetic", Accounts: make([]loan.Account, n)}
	for i := range p.Accounts {
		p.Accounts[i] = y.account(s, uint64(i+1))
	}
	return p
}

func (y *Synthetic) account(s rng.Stream, id uint64) loan.Account {
	b, c := s.Block(id, DrawSynthetic, 0), s.Block(id, DrawSynthetic, 1)
	a := loan.Account{ID: int64(id), LastPayment: -1, DueDay: uint8(loan.MonthDays * b.Half(0))}
	pr := &y.Products
	a.Product = loan.Product(choose(b.Half(1), pr.Instalment.Share, pr.Card.Share, pr.Micro.Share))
	a.Region = loan.Region(choose(b.Half(2), y.Regions.Urban, y.Regions.Suburban, y.Regions.Remote))
	a.OtherDebts = uint8(choose(b.Half(3), y.Debts...))
	product := [loan.NumProducts]*Product{&pr.Instalment, &pr.Card, &pr.Micro}[a.Product]
	a.APR, a.PenaltyAPR = product.APR, product.PenaltyAPR
	a.Balance = loan.FromUnits(math.Max(1, product.quantile(b.Uniform(2))))
	if a.Product == loan.Card {
		a.Instalment = min(a.Balance, max(loan.FromUnits(product.MinFloor), a.Balance.Share(product.MinShare)))
	} else {
		a.Term = int16(3 + float64(max(product.Term-2, 1))*b.Uniform(3))
		a.Instalment = loan.AnnuityCents(a.Balance, a.APR, int(a.Term))
	}
	if band := choose(c.Half(0), y.Start.shares()...); band > 0 {
		a.DueDay = max(a.DueDay, 1) // an instalment of day 0 itself is not past due yet
		a.DPD = startDPD(band, int(a.DueDay))
		a.Arrears = min(a.Balance, a.Instalment*loan.Cents(loan.MissedInstalments(a.DPD)))
	}
	return a
}

// startDPD returns days past due on day 0 in a band (1: 1-29, 2: 30-59, ...) that agree with the due
// day, 1 to 29: the last due date was 30 - dueDay days ago.
func startDPD(band, dueDay int) loan.Day {
	return loan.Day(band*loan.MonthDays - dueDay)
}
