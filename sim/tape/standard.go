package tape

import (
	"math"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// Table writes a portfolio as a tape in the standard layout: one column a field, named as in [Fields], amounts in major
// units. [Standard] is its map, so that loading it gives the same accounts (amounts up to 10^13 units; the segments in
// order of their names). For handing a synthetic portfolio to other programs, and as the layout to deliver a tape in.
func Table(p *loan.Portfolio) *outcome.Table {
	n := len(p.Accounts)
	text := func(name, doc string, get func(*loan.Account) string) outcome.Column {
		c := outcome.Column{Name: name, Doc: doc, Kind: outcome.Text, Text: make([]string, n)}
		for i := range p.Accounts {
			c.Text[i] = get(&p.Accounts[i])
		}
		return c
	}
	whole := func(name, unit string, get func(*loan.Account) int64) outcome.Column {
		c := outcome.Column{Name: name, Unit: unit, Kind: outcome.Int, Int: make([]int64, n)}
		for i := range p.Accounts {
			c.Int[i] = get(&p.Accounts[i])
		}
		return c
	}
	float := func(name, unit string, get func(*loan.Account) float64) outcome.Column {
		c := outcome.Column{Name: name, Unit: unit, Kind: outcome.Float, Float: make([]float64, n)}
		for i := range p.Accounts {
			c.Float[i] = get(&p.Accounts[i])
		}
		return c
	}
	id := whole("id", "", func(a *loan.Account) int64 { return a.ID })
	if len(p.Keys) > 0 {
		id = text("id", "", func(a *loan.Account) string { return p.Key(a.ID) })
	}
	return &outcome.Table{
		Name: "tape", Meta: map[string]string{"currency": p.Currency, "source": p.Source},
		Columns: []outcome.Column{
			id,
			text("product", "", func(a *loan.Account) string { return a.Product.String() }),
			text("region", "", func(a *loan.Account) string { return a.Region.String() }),
			text("segment", "", func(a *loan.Account) string { return p.Segments[a.Segment] }),
			float("balance", p.Currency, func(a *loan.Account) float64 { return a.Balance.Units() }),
			float("instalment", p.Currency, func(a *loan.Account) float64 { return a.Instalment.Units() }),
			float("apr", "1/year", func(a *loan.Account) float64 { return a.APR }),
			float("penalty_apr", "1/year", func(a *loan.Account) float64 { return a.PenaltyAPR }),
			whole("dpd", "day", func(a *loan.Account) int64 { return int64(a.DPD) }),
			float("arrears", p.Currency, func(a *loan.Account) float64 { return a.Arrears.Units() }),
			whole("term", "instalment", func(a *loan.Account) int64 { return int64(a.Term) }),
			whole("instalment_days", "day", func(a *loan.Account) int64 { return int64(a.Interval()) }),
			whole("due_day", "day", func(a *loan.Account) int64 { return int64(a.DueDay) }),
			float("limit", p.Currency, func(a *loan.Account) float64 { return a.Limit.Units() }),
			float("last_payment", p.Currency, func(a *loan.Account) float64 {
				if a.LastPayment < 0 { // not known
					return math.NaN()
				}
				return a.LastPayment.Units()
			}),
			whole("other_debts", "debt", func(a *loan.Account) int64 { return int64(a.OtherDebts) }),
			whole("opened", "day", func(a *loan.Account) int64 { return int64(a.Opened) }),
		},
	}
}

// Standard is the map of a tape in the layout of [Table].
func Standard(source, currency string) *Map {
	number := func(column string) *Number { return &Number{Column: column} }
	word := func(column string) *Word { return &Word{Column: column} }
	return &Map{
		Source: source, Currency: currency, Unit: "major", Exchange: 1, OnError: "fail", Contradictions: "fail",
		Fields: Fields{
			ID: &Key{Column: "id"}, Product: word("product"), Region: word("region"), Segment: word("segment"),
			Balance: number("balance"), Instalment: &Instalment{Number: Number{Column: "instalment"}},
			APR: number("apr"), PenaltyAPR: number("penalty_apr"), DPD: number("dpd"), Arrears: number("arrears"),
			Term: number("term"), Every: number("instalment_days"), DueDay: number("due_day"), Limit: number("limit"),
			LastPayment: number("last_payment"), OtherDebts: number("other_debts"),
			Opened: &Opening{Number: *number("opened")},
		},
	}
}
