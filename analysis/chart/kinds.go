package chart

// Kind is one kind of chart.
type Kind struct {
	Name        string // as on the command line
	Description string // one line
	Overlay     bool   // whether its struct has an Overlay for a second run on the same axes
}

// Kinds lists every kind of chart, in the order a report shows them.
var Kinds = []Kind{
	{"overdue", "overdue rate over time by strategy, with interval bands", true},
	{"overdue-reported", "contractual overdue rate against the rate as reported, to show re-ageing", false},
	{"recovery-cost", "recovery against cost by strategy, with interval crosses and the efficient frontier", true},
	{"frontier3", "recovery against cost with stress as size and shade, efficient strategies ringed", false},
	{"stress", "mean stress of borrowers over time by strategy, with interval bands", true},
	{"collection-stress", "stress that collection causes over time, by strategy, with interval bands", true},
	{"stress-visit", "mean stress in the days around a visit, with notice and visit marked", true},
	{"distress", "share of borrowers whose stress reaches each level, by strategy", true},
	{"cure", "time to cure: Kaplan-Meier curves with numbers at risk", true},
	{"roll-rates", "probabilities of rolling from bucket to bucket, as a heat map with numbers", false},
	{"vintage", "share of new loans that was ever overdue, by months on book", true},
	{"cost-waterfall", "cost of collection by kind, stacked, one bar per strategy", false},
	{"contact-funnel", "contacts from attempt to kept promise by strategy", false},
	{"queue", "work waiting and utilisation of the teams over time, in two panels", true},
	{"forest", "paired differences to a reference strategy, with intervals", false},
	{"individual", "same borrowers under two strategies: helped, unaffected, harmed", false},
	{"fairness", "gaps between groups of borrowers by strategy, with intervals", false},
	{"acceptability", "probability that each strategy is best over the worth of the effect, with frontier", true},
	{"voi", "expected value of perfect information by input", false},
	{"break-even", "difference between two strategies over an input, and where it crosses zero", false},
	{"sweep", "an outcome over the values of one input by strategy, with interval bands", true},
	{"tornado", "how far one outcome moves with one input at a time", false},
	{"best-map", "best strategy for each pair of values of two inputs", false},
	{"convergence", "running mean over replications, with its interval", true},
}
