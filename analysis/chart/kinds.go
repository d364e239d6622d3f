package chart

// Kind is one kind of chart.
type Kind struct {
	Name        string // as on the command line
	Description string // one line
}

// Kinds lists every kind of chart, in the order a report shows them.
var Kinds = []Kind{
	{"overdue", "overdue rate over time by strategy, with interval bands"},
	{"overdue-reported", "contractual overdue rate against the rate as reported, to show re-ageing"},
	{"recovery-cost", "recovery against cost by strategy, with interval crosses and the efficient frontier"},
	{"frontier3", "recovery against cost with stress as size and shade, efficient strategies ringed"},
	{"stress", "mean stress of borrowers over time by strategy, with interval bands"},
	{"stress-visit", "mean stress in the days around a visit, with notice and visit marked"},
	{"distress", "share of borrowers whose stress reaches each level, by strategy"},
	{"cure", "time to cure: Kaplan-Meier curves with numbers at risk"},
	{"roll-rates", "probabilities of rolling from bucket to bucket, as a heat map with numbers"},
	{"cost-waterfall", "cost of collection by kind, stacked, one bar per strategy"},
	{"contact-funnel", "contacts from attempt to kept promise by strategy"},
	{"queue", "work waiting and utilisation of the teams over time, in two panels"},
	{"forest", "paired differences to a reference strategy, with intervals"},
	{"individual", "same borrowers under two strategies: helped, unaffected, harmed"},
	{"fairness", "gaps between groups of borrowers by strategy, with intervals"},
	{"acceptability", "probability that each strategy is best over the worth of the effect, with frontier"},
	{"voi", "expected value of perfect information by input"},
	{"break-even", "difference between two strategies over an input, and where it crosses zero"},
	{"sweep", "an outcome over the values of one input by strategy, with interval bands"},
	{"tornado", "how far one outcome moves with one input at a time"},
	{"best-map", "best strategy for each pair of values of two inputs"},
	{"convergence", "running mean over replications, with its interval"},
}
