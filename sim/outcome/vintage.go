package outcome

// Vintage follows the loans that opened in one month of the run through their months on book. The counts
// go by months on book, from 0, as far as every loan of the vintage was observed: n months on book is the
// evening of the day 30 n days after disbursement.
type Vintage struct {
	Month      int     // of opening, from 1: days 30(Month-1) to 30 Month - 1
	Loans      int64   // of the vintage
	Ever30     []int64 // loans that were at least 30 days past due on some evening so far, contractual
	Late30     []int64 // loans that are at least 30 days past due, contractual, charged-off ones included
	ChargedOff []int64 // loans charged off so far
}

// shares are the counts after some months on book over the loans.
func (v *Vintage) shares(months int) [3]float64 {
	n := float64(v.Loans)
	return [3]float64{float64(v.Ever30[months]) / n, float64(v.Late30[months]) / n, float64(v.ChargedOff[months]) / n}
}

// together is the vintage of all loans that were observed for some months on book; its counts are of that age alone.
func together(vintages []Vintage, months int) Vintage {
	all := Vintage{Ever30: make([]int64, months+1), Late30: make([]int64, months+1), ChargedOff: make([]int64, months+1)}
	for i := range vintages {
		v := &vintages[i]
		if len(v.Ever30) <= months {
			continue
		}
		all.Loans += v.Loans
		all.Ever30[months] += v.Ever30[months]
		all.Late30[months] += v.Late30[months]
		all.ChargedOff[months] += v.ChargedOff[months]
	}
	return all
}

// vintageMoments gathers the replications of one vintage: its shares by months on book. All replications share
// the portfolio, and so the loans.
type vintageMoments struct {
	month  int
	loans  []int64
	shares [][3]moments
}

func (m *vintageMoments) add(months int, v *Vintage) {
	if months == len(m.shares) {
		m.loans, m.shares = append(m.loans, v.Loans), append(m.shares, [3]moments{})
	}
	for k, x := range v.shares(months) {
		m.shares[months][k].add(x)
	}
}

func (d *reduction) addVintages(vintages []Vintage) {
	if len(vintages) == 0 {
		return
	}
	if d.vintages == nil {
		d.vintages = make([]vintageMoments, 1+len(vintages))
	}
	for i := range vintages {
		d.vintages[1+i].month = vintages[i].Month
		for months := range vintages[i].Ever30 {
			d.vintages[1+i].add(months, &vintages[i])
		}
	}
	for months := 0; ; months++ {
		all := together(vintages, months)
		if all.Loans == 0 {
			return
		}
		d.vintages[0].add(months, &all)
	}
}

// vintages builds the table of vintages, where loans open during the run.
func (b *builder) vintages(sums []reduction) error {
	late := func(name, doc string) Column {
		return Column{Name: name, Kind: Float, Unit: share, Better: string(Lower), Doc: doc}
	}
	t := b.table("vintages", textColumn("strategy", "strategy"),
		intColumn("vintage", "months", "month of the run in which the loans opened, from 1; 0: all together"),
		intColumn("months_on_book", "months", "age of the loans: the evening of the day so many times 30 days after disbursement"),
		intColumn("loans", "loans", "loans of the vintage, in each replication"),
		late("ever_30", "loans that were at least 30 days past due on some evening so far, contractual, charged-off ones included; mean over replications"),
		late("ever_30_low", "95% interval of the mean, low"), late("ever_30_high", "95% interval of the mean, high"),
		late("overdue_30", "loans at least 30 days past due at this age, contractual, charged-off ones included; mean over replications"),
		late("charged_off", "loans charged off so far; mean over replications"))
	for k, name := range b.info.Strategies {
		for i := range sums[k].vintages {
			v := &sums[k].vintages[i]
			for months := range v.shares {
				x := &v.shares[months]
				low, high := b.around(x[0].mean, x[0].sd(), int(x[0].n), Fraction)
				t.row(name, v.month, months, v.loans[months], x[0].mean, low, high, x[1].mean, x[2].mean)
			}
		}
	}
	if t.Rows() == 0 {
		return nil
	}
	return t.Save(b.dir)
}
