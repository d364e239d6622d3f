package chart

// Kind is one kind of chart.
type Kind struct{ Name, Description string }

// Kinds lists every kind of chart, in the order a report shows them.
var Kinds = []Kind{
	{"overdue", "overdue rate over time by strategy, with interval bands"},
	{"recovery-cost", "recovery against cost by strategy, with interval crosses and the efficient frontier"},
	{"stress", "mean stress of borrowers over time by strategy, with interval bands"},
	{"cure", "time to cure: Kaplan-Meier curves with numbers at risk"},
}
