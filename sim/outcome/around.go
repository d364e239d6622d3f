package outcome

import "math"

// Anchor is an event around which the stress of the borrowers concerned is recorded.
type Anchor uint8

// The anchors.
const (
	AroundAppointment Anchor = iota // a visit was booked; its notice is given on the same day
	AroundVisit                     // a visit met the borrower
	NumAnchors
)

var anchorNames = [NumAnchors]string{"appointment", "visit"}

func (a Anchor) String() string { return anchorNames[a] }

// The evenings of a window around an anchor: from DaysBefore before it to DaysAfter after it.
const (
	DaysBefore = 7
	DaysAfter  = 30
	AroundDays = DaysBefore + 1 + DaysAfter
)

// AroundStress sums stress around an anchor over the borrowers of one replication.
//
// A borrower counts once, at the first anchor of the run, and only if the whole window lies within the run, and within
// the life of a loan that is disbursed during it: so the same borrowers stand behind every day of the window.
type AroundStress struct {
	Borrowers int64
	Stress    [AroundDays]float64 // by day of the window, in the evening
}

// aroundMoments gathers the replications of one strategy and anchor.
type aroundMoments struct {
	borrowers int64
	days      [AroundDays]ratioMoments
}

func (m *aroundMoments) add(x *AroundStress) {
	m.borrowers += x.Borrowers
	for d, sum := range x.Stress {
		m.days[d].add(sum, float64(x.Borrowers))
	}
}

// ratioMoments accumulates means, variances and covariance of pairs in the order of arrival (Welford 1962), for
// the ratio of the means.
type ratioMoments struct{ n, over, under, vOver, vUnder, cov float64 }

func (m *ratioMoments) add(over, under float64) {
	m.n++
	a, b := over-m.over, under-m.under
	m.over += a / m.n
	m.under += b / m.n
	m.vOver += float64(a * (over - m.over))
	m.vUnder += float64(b * (under - m.under))
	m.cov += float64(a * (under - m.under))
}

// ratio is the ratio of the means, and the standard deviation of its linearised values, whose mean it is (Cochran
// 1977, section 6.4). NaN if nothing was counted.
func (m *ratioMoments) ratio() (value, sd float64) {
	value = m.over / m.under
	residual := m.vOver - float64(2*value*m.cov) + float64(value*value*m.vUnder)
	return value, math.Sqrt(max(0, residual)/(m.n-1)) / m.under
}

// visitStress builds the table of stress around appointments and visits.
func (b *builder) visitStress(sums []reduction) error {
	stress := dailySeries[DayStress]
	column := func(name, doc string) Column {
		return Column{Name: name, Kind: Float, Unit: stress.Unit, Better: string(stress.Better), Doc: doc}
	}
	t := b.table("visit_stress", textColumn("strategy", "strategy"),
		textColumn("anchor", "appointment: a visit was booked, kept or not, its notice is given on the same day; visit: a visit met the borrower"),
		intColumn("day", "days", "days from the anchor, negative before it"),
		intColumn("borrowers", "borrowers", "borrowers behind the row, summed over replications; the same on every day"),
		column("stress", "mean stress of these borrowers in the evening: sum over all replications by their number"),
		column("low", "95% interval over replications, low"), column("high", "95% interval over replications, high"))
	for k, name := range b.info.Strategies {
		for a := range NumAnchors {
			m := &sums[k].around[a]
			if m.borrowers == 0 {
				continue
			}
			for d := range m.days {
				mean, sd := m.days[d].ratio()
				low, high := b.around(mean, sd, int(m.days[d].n), stress.Range)
				t.row(name, a.String(), d-DaysBefore, m.borrowers, mean, low, high)
			}
		}
	}
	return t.Save(b.dir)
}
