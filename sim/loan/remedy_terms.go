package loan

// GraceTerms are those of grace: nothing is demanded for a time.
type GraceTerms struct {
	Days     int     `yaml:"grace_days" check:">0" doc:"days of grace: nothing is demanded, no penalty accrues"`
	Recall   int     `yaml:"grace_recall_months" check:"[0,120]" doc:"months over which what grace deferred is demanded again, beside the instalments, at most those that the contract has left; 0: all of it at once"`
	Interest float64 `yaml:"grace_interest" check:"[0,1]" doc:"share of the contract's interest that is charged during grace"`
}

// Name of the remedy.
func (GraceTerms) Name() string { return "grace" }

// Grant suspends the demand.
func (t GraceTerms) Grant(a Relief) { a.Suspend(t.Days, t.Recall, t.Interest) }

// RestructureTerms are those of a restructured balance.
type RestructureTerms struct {
	Months int     `yaml:"restructure_months" check:"[1,1200]" doc:"months over which a restructured balance is repaid"`
	APR    float64 `yaml:"restructure_apr" check:"[0,1]" doc:"annual rate of a restructured balance"`
}

// Name of the remedy.
func (RestructureTerms) Name() string { return "restructure" }

// Grant spreads the balance over new months.
func (t RestructureTerms) Grant(a Relief) { a.Reschedule(t.Months, t.APR) }

// WaiverTerms are those of a waiver.
type WaiverTerms struct {
	Share float64 `yaml:"waiver_share" check:"[0,1]" doc:"share of penalties and billed interest waived"`
}

// Name of the remedy.
func (WaiverTerms) Name() string { return "waiver" }

// Grant gives up penalties and interest.
func (t WaiverTerms) Grant(a Relief) {
	l := a.Ledger()
	a.Waive((l.Interest + l.Penalty).Share(t.Share))
}

// SettlementTerms are those of a settlement: part of the debt for all of it.
type SettlementTerms struct {
	Discount float64 `yaml:"settlement_discount" check:"[0,1]" doc:"share of the balance given up in a settlement"`
	Days     int     `yaml:"settlement_days" check:">0" doc:"days in which a settlement must be paid"`
}

// Name of the remedy.
func (SettlementTerms) Name() string { return "settlement" }

// Grant agrees on a part of what is outstanding.
func (t SettlementTerms) Grant(a Relief) {
	l := a.Ledger()
	a.Settle(l.Outstanding().Share(1-t.Discount), t.Days)
}

// PromiseTerms are those of a promise to pay by a date.
type PromiseTerms struct {
	Days int `yaml:"promise_days" check:">0" doc:"days until a dated promise falls due"`
}

// Name of the remedy.
func (PromiseTerms) Name() string { return "promise" }

// Grant takes the promise to pay what is owed.
func (t PromiseTerms) Grant(a Relief) { a.Promise(a.Owed(), t.Days) }
