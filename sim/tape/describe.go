package tape

import (
	"math"
	"slices"
	"strconv"

	"collectsim/sim/loan"
)

// Description summarises a portfolio. Amounts are in major units of Currency, shares are fractions.
type Description struct {
	Source         string   `json:"source"`
	Currency       string   `json:"currency"`
	Accounts       int      `json:"accounts"`
	NewLoans       int      `json:"new_loans"`    // accounts that are disbursed during a run: after day 0
	WithBalance    int      `json:"with_balance"` // accounts that owe anything
	Overdue        int      `json:"overdue"`      // accounts with dpd >= 1
	Balance        float64  `json:"balance"`      // total
	Arrears        float64  `json:"arrears"`      // total
	OverdueBalance float64  `json:"overdue_balance"`
	OverdueRate    float64  `json:"overdue_rate"`         // of all accounts
	OverdueShare   float64  `json:"overdue_balance_rate"` // of the balance; NaN-free: 0 where nothing is owed
	Amounts        []Amount `json:"amounts"`
	Terms          []Amount `json:"terms"`    // of the contracts, in units of their own: annual rates as fractions, instalments to come
	Buckets        []Group  `json:"buckets"`  // the DPD bands below 180, in order, and 180+ if there are such accounts
	Products       []Group  `json:"products"` // those that occur, in order of the vocabulary
	Regions        []Group  `json:"regions"`
	Segments       []Group  `json:"segments"`
	Intervals      []Group  `json:"instalment_days"` // those that occur: accounts by days from one instalment to the next, fewest first
	Missed         []Group  `json:"missed"`          // overdue accounts by instalments missed: 1, 2, 3, 4 or more
}

// Amount is the distribution of an amount, or of a term of contracts, over the accounts it is said to be of. Quantiles are
// of type 7 (Hyndman and Fan 1996), as in R's default.
type Amount struct {
	Name     string  `json:"name"`
	Unit     string  `json:"unit"` // the currency, PerYear for rates as fractions, or instalments
	Of       string  `json:"of"`   // which accounts
	Accounts int     `json:"accounts"`
	Mean     float64 `json:"mean"` // this and the following are 0 if there is no such account
	Min      float64 `json:"min"`
	P5       float64 `json:"p5"`
	P25      float64 `json:"p25"`
	Median   float64 `json:"median"`
	P75      float64 `json:"p75"`
	P95      float64 `json:"p95"`
	Max      float64 `json:"max"`
}

// Group is one class of accounts.
type Group struct {
	Name         string  `json:"name"`
	Accounts     int     `json:"accounts"`
	Share        float64 `json:"share"` // of all accounts of the table
	Balance      float64 `json:"balance"`
	BalanceShare float64 `json:"balance_share"` // of their balance; 0 where nothing is owed
	OverdueRate  float64 `json:"overdue_rate"`  // share of the group with dpd >= 1; 0 for an empty group
}

// Describe summarises a portfolio. Does not modify it.
func Describe(p *loan.Portfolio) Description {
	d := Description{Source: p.Source, Currency: p.Currency, Accounts: len(p.Accounts)}
	var balance, arrears, overdue loan.Cents
	for i := range p.Accounts {
		a := &p.Accounts[i]
		balance += a.Balance
		arrears += a.Arrears
		if a.Opened > 0 {
			d.NewLoans++
		}
		if a.Balance > 0 {
			d.WithBalance++
		}
		if a.DPD > 0 {
			d.Overdue++
			overdue += a.Balance
		}
	}
	d.Balance, d.Arrears, d.OverdueBalance = balance.Units(), arrears.Units(), overdue.Units()
	d.OverdueRate = ratio(float64(d.Overdue), float64(d.Accounts))
	d.OverdueShare = ratio(float64(overdue), float64(balance))
	d.Amounts, d.Terms = amounts(p), terms(p.Accounts)
	d.Buckets = buckets(p.Accounts)
	d.Products = occurring(groups(p.Accounts, names(loan.NumProducts), func(a *loan.Account) int { return int(a.Product) }))
	d.Regions = occurring(groups(p.Accounts, names(loan.NumRegions), func(a *loan.Account) int { return int(a.Region) }))
	d.Segments = occurring(groups(p.Accounts, p.Segments, func(a *loan.Account) int { return int(a.Segment) }))
	intervals := make([]string, loan.MonthDays)
	for k := range intervals {
		intervals[k] = strconv.Itoa(k + 1)
	}
	d.Intervals = occurring(groups(p.Accounts, intervals, func(a *loan.Account) int { return int(a.Interval()) - 1 }))
	d.Missed = groups(overdueOnes(p.Accounts), []string{"1", "2", "3", "4 or more"}, func(a *loan.Account) int {
		return min(a.Missed(), 4) - 1
	})
	return d
}

// buckets sets the accounts apart that are older than the bands, which are charged off as a rule.
func buckets(accounts []loan.Account) []Group {
	out := groups(accounts, append(names(loan.BucketChargedOff), "180+"), func(a *loan.Account) int {
		if a.DPD >= 6*loan.MonthDays {
			return int(loan.BucketChargedOff)
		}
		return int(loan.BucketOf(a.DPD))
	})
	if out[loan.BucketChargedOff].Accounts == 0 {
		return out[:loan.BucketChargedOff]
	}
	return out
}

// names lists the names of a vocabulary below its end.
func names[T interface {
	~uint8
	String() string
}](end T) []string {
	out := make([]string, end)
	for i := range out {
		out[i] = T(i).String()
	}
	return out
}

// ratio is 0 where the whole is.
func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

func overdueOnes(accounts []loan.Account) []loan.Account {
	var out []loan.Account
	for _, a := range accounts {
		if a.DPD > 0 {
			out = append(out, a)
		}
	}
	return out
}

// groups counts accounts by the index that of gives into names.
func groups(accounts []loan.Account, names []string, of func(*loan.Account) int) []Group {
	out := make([]Group, len(names))
	balance := make([]loan.Cents, len(names))
	overdue := make([]int, len(names))
	var total loan.Cents
	for i := range accounts {
		a := &accounts[i]
		g := of(a)
		out[g].Accounts++
		balance[g] += a.Balance
		total += a.Balance
		if a.DPD > 0 {
			overdue[g]++
		}
	}
	for g := range out {
		out[g].Name = names[g]
		out[g].Share = ratio(float64(out[g].Accounts), float64(len(accounts)))
		out[g].Balance = balance[g].Units()
		out[g].BalanceShare = ratio(float64(balance[g]), float64(total))
		out[g].OverdueRate = ratio(float64(overdue[g]), float64(out[g].Accounts))
	}
	return out
}

func occurring(groups []Group) []Group {
	return slices.DeleteFunc(groups, func(g Group) bool { return g.Accounts == 0 })
}

// PerYear is the unit of annual rates.
const PerYear = "1/year"

func amounts(p *loan.Portfolio) []Amount {
	all := func(*loan.Account) bool { return true }
	owing := func(a *loan.Account) bool { return a.Balance > 0 }
	late := func(a *loan.Account) bool { return a.DPD > 0 }
	limited := func(a *loan.Account) bool { return a.Limit > 0 }
	known := func(a *loan.Account) bool { return a.LastPayment >= 0 }
	amount := func(name, of string, in func(*loan.Account) bool, get func(*loan.Account) loan.Cents) Amount {
		return distribution(Amount{Name: name, Unit: p.Currency, Of: of}, p.Accounts, in, func(a *loan.Account) float64 { return get(a).Units() })
	}
	balance := func(a *loan.Account) loan.Cents { return a.Balance }
	return []Amount{
		amount("balance", "all accounts", all, balance),
		amount("balance", "overdue accounts", late, balance),
		amount("instalment", "accounts with a balance", owing, func(a *loan.Account) loan.Cents { return a.Instalment }),
		amount("arrears", "overdue accounts", late, func(a *loan.Account) loan.Cents { return a.Arrears }),
		amount("limit", "accounts with a limit", limited, func(a *loan.Account) loan.Cents { return a.Limit }),
		amount("last payment", "accounts where it is known", known, func(a *loan.Account) loan.Cents { return a.LastPayment }),
	}
}

// terms are what contracts say besides amounts: where a map takes a percentage for a fraction, or months for weeks, it shows here.
func terms(accounts []loan.Account) []Amount {
	owing := func(a *loan.Account) bool { return a.Balance > 0 }
	loans := func(a *loan.Account) bool { return a.Balance > 0 && a.Product != loan.Card }
	return []Amount{
		distribution(Amount{Name: "annual rate", Unit: PerYear, Of: "accounts with a balance"}, accounts, owing, func(a *loan.Account) float64 { return a.APR }),
		distribution(Amount{Name: "penalty rate", Unit: PerYear, Of: "accounts with a balance"}, accounts, owing, func(a *loan.Account) float64 { return a.PenaltyAPR }),
		distribution(Amount{Name: "instalments to come", Unit: "instalments", Of: "loans with a balance"}, accounts, loans, func(a *loan.Account) float64 { return float64(a.Term) }),
	}
}

// distribution fills in d over the accounts that are in.
func distribution(d Amount, accounts []loan.Account, in func(*loan.Account) bool, get func(*loan.Account) float64) Amount {
	var values []float64
	sum := 0.0
	for i := range accounts {
		if in(&accounts[i]) {
			v := get(&accounts[i])
			values = append(values, v)
			sum += v
		}
	}
	d.Accounts = len(values)
	if len(values) == 0 {
		return d
	}
	slices.Sort(values)
	d.Mean = sum / float64(len(values))
	d.Min, d.P5, d.P25, d.Median = values[0], quantile(values, 0.05), quantile(values, 0.25), quantile(values, 0.5)
	d.P75, d.P95, d.Max = quantile(values, 0.75), quantile(values, 0.95), values[len(values)-1]
	return d
}

// quantile is the type 7 quantile of sorted values: linear between the order statistics around (n-1)p. Source: Hyndman
// and Fan 1996, definition 7. NaN without values.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := float64(float64(len(sorted)-1) * p)
	low := int(h)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + float64((h-float64(low))*(sorted[low+1]-sorted[low]))
}
