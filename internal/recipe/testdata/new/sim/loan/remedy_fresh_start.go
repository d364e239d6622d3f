package loan

// FreshStartTerms are those of a fresh start: penalties are given up, and the rest is promised.
type FreshStartTerms struct {
	Days int `yaml:"fresh_start_days" check:">0" doc:"days until the rest falls due after a fresh start"`
}

// Name of the remedy.
func (FreshStartTerms) Name() string { return "fresh-start" }

// Grant waives penalties and takes the promise to pay what is left.
func (t FreshStartTerms) Grant(a Relief) {
	l := a.Ledger()
	a.Waive(l.Penalty)
	a.Promise(a.Owed(), t.Days)
}
