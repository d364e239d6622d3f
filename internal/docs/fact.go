package main

// Facts that the simulated figures are set beside. They were counted from public data sets or are stated by the
// published source that is named; none of them is read at run time.

// Shares of accounts by where they are a month later. Better: fewer days past due, but still 30 or more.
type moved struct{ under30, better, same, worse float64 }

// creditRecord are the monthly moves of credit_record, the loan histories of the Kaggle set "Credit Card Approval
// Prediction": counts of account-months over its older part (months up to -12), months without a loan left out. The origin
// of the accounts is undocumented. Its lender's own collection is in them.
var creditRecord = map[string]moved{
	"30-59":   counted(4124, 0, 2245, 413),
	"60-89":   counted(206, 105, 86, 194),
	"90-119":  counted(33, 30, 23, 137),
	"120-149": counted(23, 4, 12, 105),
}

// creditRecordNew is the share of accounts under 30 days past due that were 30 or more a month later: 4,753 of 236,175.
const creditRecordNew = 4753.0 / 236175

// uci are the monthly moves of the credit-card accounts of Yeh and Lien (2009), April to July 2005. The set counts
// months late, not days, and its state 2 holds accounts one to two months late; so state 2 is set beside 1 to 89 days.
var uci = struct{ toCurrent, stay, worse, fromCurrent float64 }{
	2513.0 / 8551, 5569.0 / 8551, 469.0 / 8551, 3741.0 / 80443,
}

// settled is the share settled by day since the due date, among 3,081 loans that were late and were all settled in the
// end: short single-instalment loans of a Nigerian lender, from a public competition. It holds no one who never pays.
var settled = map[int]float64{1: 0.233, 3: 0.429, 7: 0.655, 14: 0.822, 30: 0.959}

func counted(under30, better, same, worse float64) moved {
	n := under30 + better + same + worse
	return moved{under30 / n, better / n, same / n, worse / n}
}
