package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// flows are the moves of one strategy between buckets over some months, by from and to.
type flows map[[2]loan.Bucket]float64

// between counts the moves out of and into ranges of buckets, ends included.
func (f flows) between(from, fromTo, to, toTo loan.Bucket) float64 {
	sum := 0.0
	for k, n := range f {
		if k[0] >= from && k[0] <= fromTo && k[1] >= to && k[1] <= toTo {
			sum += n
		}
	}
	return sum
}

// share is the part of the accounts of a range of buckets that moved to another.
func (f flows) share(from, fromTo, to, toTo loan.Bucket) float64 {
	return f.between(from, fromTo, to, toTo) / f.between(from, fromTo, loan.BucketCurrent, loan.BucketChargedOff)
}

func (l *lab) flows(strategy string, first, last int64) (flows, error) {
	t, err := l.table(believed, "transitions")
	if err != nil {
		return nil, err
	}
	f := flows{}
	month, count := t.Column("month").Int, t.Column("count").Int
	for i, name := range t.Column("strategy").Text {
		if name == strategy && month[i] >= first && month[i] <= last {
			f[[2]loan.Bucket{bucket(t.Column("from").Text[i]), bucket(t.Column("to").Text[i])}] += float64(count[i])
		}
	}
	return f, nil
}

// bucket is the bucket of a name.
func bucket(name string) loan.Bucket {
	for b := range loan.NumBuckets {
		if b.String() == name {
			return b
		}
	}
	panic("docs: no bucket " + name)
}

// moves says where the accounts of a bucket are a month later.
func (f flows) moves(b loan.Bucket) moved {
	return moved{
		f.share(b, b, loan.BucketCurrent, loan.Bucket1), f.share(b, b, loan.Bucket30, b-1),
		f.share(b, b, b, b), f.share(b, b, b+1, loan.BucketChargedOff),
	}
}

func (m moved) cells() []string {
	return []string{percent(m.under30), percent(m.better), percent(m.same), percent(m.worse)}
}

// compared are the buckets of which monthly moves are published.
var compared = []loan.Bucket{loan.Bucket30, loan.Bucket60, loan.Bucket90, loan.Bucket120}

// earlyLate are the moves of months 1 and 2, in which the portfolio is still the observed one, and of
// months 3 to 6.
func (l *lab) earlyLate() (early, late flows, err error) {
	if early, err = l.flows(tiered, 1, 2); err == nil {
		late, err = l.flows(tiered, 3, 6)
	}
	return early, late, err
}

// rollRates sets the monthly moves beside those of credit_record.
func (l *lab) rollRates() (string, error) {
	early, late, err := l.earlyLate()
	if err != nil {
		return "", err
	}
	g := newGrid("days past due", "whose", "under 30", "better, still 30+", "same bucket", "worse")
	g.right = 2
	for _, b := range compared {
		g.add(append([]string{b.String(), "simulated, months 1-2"}, early.moves(b).cells()...)...)
		g.add(append([]string{"", "simulated, months 3-6"}, late.moves(b).cells()...)...)
		g.add(append([]string{"", "credit_record"}, creditRecord[b.String()].cells()...)...)
	}
	return g.markdown(), nil
}

// coarse are moves between ranges of buckets of which a share is published.
var coarse = []struct {
	name, source           string
	from, fromTo, to, toTo loan.Bucket
	published              float64
}{
	{"under 30 days, to 30 or more", "credit_record", loan.BucketCurrent, loan.Bucket1, loan.Bucket30, loan.BucketChargedOff, creditRecordNew},
	{"current, to overdue", "UCI", loan.BucketCurrent, loan.BucketCurrent, loan.Bucket1, loan.BucketChargedOff, uci.fromCurrent},
	{"1-89 days, to current", "UCI", loan.Bucket1, loan.Bucket60, loan.BucketCurrent, loan.BucketCurrent, uci.toCurrent},
	{"1-89 days, stays there", "UCI", loan.Bucket1, loan.Bucket60, loan.Bucket1, loan.Bucket60, uci.stay},
	{"1-89 days, to 90 or more", "UCI", loan.Bucket1, loan.Bucket60, loan.Bucket90, loan.BucketChargedOff, uci.worse},
}

// coarseRates sets coarser moves beside what is published of them.
func (l *lab) coarseRates() (string, error) {
	early, late, err := l.earlyLate()
	if err != nil {
		return "", err
	}
	g := newGrid("move within a month", "simulated, months 1-2", "simulated, months 3-6", "published")
	g.right = 1
	for _, c := range coarse {
		g.add(c.name, fine(early.share(c.from, c.fromTo, c.to, c.toTo)), fine(late.share(c.from, c.fromTo, c.to, c.toTo)), fine(c.published)+" ("+c.source+")")
	}
	return g.markdown(), nil
}

// misfits lists the monthly moves that lie far from the published ones: more than five points, or more
// than half as much again or a third less, on the same side in both parts of the run.
func (l *lab) misfits() (string, error) {
	early, late, err := l.earlyLate()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	judge := func(name, source string, x, y, published float64) {
		far := func(x float64) bool {
			return math.Abs(x-published) > 0.05 || x > 1.5*published || x < published/1.5
		}
		if far(x) && far(y) && (x > published) == (y > published) {
			fmt.Fprintf(&b, "- %s: simulated %s in months 1-2 and %s in months 3-6, published %s (%s)\n", name, fine(x), fine(y), fine(published), source)
		}
	}
	for _, k := range compared {
		x, y, z := early.moves(k), late.moves(k), creditRecord[k.String()]
		judge(k.String()+" days, to under 30", "credit_record", x.under30, y.under30, z.under30)
		if k > loan.Bucket30 {
			judge(k.String()+" days, better but still 30 or more", "credit_record", x.better, y.better, z.better)
		}
		judge(k.String()+" days, same bucket", "credit_record", x.same, y.same, z.same)
		judge(k.String()+" days, worse", "credit_record", x.worse, y.worse, z.worse)
	}
	for _, c := range coarse {
		judge(c.name, c.source, early.share(c.from, c.fromTo, c.to, c.toTo), late.share(c.from, c.fromTo, c.to, c.toTo), c.published)
	}
	return b.String(), nil
}

// stocks sets levels beside published ones.
func (l *lab) stocks() (string, error) {
	f, err := l.flows(tiered, 3, 6)
	if err != nil {
		return "", err
	}
	t, err := l.table(believed, "replications")
	if err != nil {
		return "", err
	}
	flow := f.share(loan.BucketCurrent, loan.BucketCurrent, loan.Bucket1, loan.BucketChargedOff) *
		f.share(loan.Bucket1, loan.Bucket1, loan.Bucket30, loan.BucketChargedOff) *
		f.share(loan.Bucket30, loan.Bucket30, loan.Bucket60, loan.BucketChargedOff)
	g := newGrid("figure", silent, tiered, "published")
	g.right = 1
	level := func(name, metric, published string) {
		g.add(name, fine(mean(t, silent, metric)), fine(mean(t, tiered, metric)), published)
	}
	level("30+ days past due at day 180", "overdue_rate_30", "1.5-2.0% (Lufax, 2018 to mid-2021); 6.6% (US cards, first quarter of 2009)")
	level("90+ days past due at day 180", "overdue_rate_90", "3.35% (Qifu, first quarter of 2024); 0.7-1.2% (Lufax)")
	level("charged off within 180 days", "charge_off_rate", "")
	g.add("flow from current to 60+ in three monthly steps, months 3-6", "", strconv.FormatFloat(100*flow, 'f', 2, 64)+"%", "about 0.5% of unsecured balances (Lufax, 2021)")
	return g.markdown(), nil
}

// mean is the mean of a metric of a strategy over the replications in which it is defined.
func mean(t *outcome.Table, strategy, metric string) float64 {
	sum, n := 0.0, 0.0
	for i, name := range t.Column("strategy").Text {
		if x := t.Column(metric).Float[i]; name == strategy && !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	return sum / n
}
