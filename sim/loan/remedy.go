package loan

import "reflect"

// Remedy is what a lender grants: NoRemedy, or the place of its terms among those of Terms.
type Remedy uint8

// The remedies that code names. One that is among Terms alone is as good.
const (
	NoRemedy Remedy = iota
	Grace
	Restructure
	Waiver
	Settlement
	DatedPromise
)

// Terms are the terms of the remedies.
//
// The fields are the registry of remedies. A field whose type is a RemedyTerms is a remedy, in the order of the
// fields; events tell remedies by number, so new ones come last.
type Terms struct {
	Grace       GraceTerms       `yaml:",inline"`
	Restructure RestructureTerms `yaml:",inline"`
	Waiver      WaiverTerms      `yaml:",inline"`
	Settlement  SettlementTerms  `yaml:",inline"`
	Promise     PromiseTerms     `yaml:",inline"`
	MaxRemedies int              `yaml:"max_per_account" check:">=0" doc:"most remedies per account in a run"`
}

// RemedyTerms are the terms of one remedy, and what it does.
type RemedyTerms interface {
	// Name is how files and tables call the remedy.
	Name() string
	// Grant does to the account what the remedy is.
	Grant(a Relief)
}

// Relief is an overdue account whose borrower is granted a remedy, and all that a remedy may do to it. What lasts stays
// in force until its end, and keeps another remedy out; a remedy that only waives has ended at once.
type Relief interface {
	// Ledger is the account's money as it stands.
	Ledger() Ledger
	// Owed is what is demanded now: arrears with penalties.
	Owed() Cents
	// Waive gives money up, as a cost of the lender: penalties, then interest, then principal.
	Waive(amount Cents)
	// Suspend demands nothing for some days, in which no penalty accrues, and the share interest of the contract's
	// interest. Then what was deferred is demanded in equal parts with the next instalments, as many as recall says
	// and the contract has left, or all at once, as newly due, if recall is 0.
	Suspend(days, recall int, interest float64)
	// Reschedule spreads everything outstanding over level payments at an annual rate, from the next due date on. It
	// ends when one of them is missed. The old contract goes on beside it.
	Reschedule(months int, apr float64)
	// Promise has the borrower promise an amount within days. It ends when the promise is kept or broken.
	Promise(amount Cents, days int)
	// Settle is a promise on which the rest of the debt is given up if it is kept.
	Settle(amount Cents, days int)
}

// All returns the terms by Remedy; that of NoRemedy is nil.
func (t *Terms) All() []RemedyTerms {
	list := []RemedyTerms{NoRemedy: nil}
	v := reflect.ValueOf(t).Elem()
	for i := range v.NumField() {
		if terms, ok := v.Field(i).Interface().(RemedyTerms); ok {
			list = append(list, terms)
		}
	}
	return list
}

var remedyNames = func() []string {
	names := []string{NoRemedy: "none"}
	for _, terms := range new(Terms).All()[1:] {
		names = append(names, terms.Name())
	}
	return names
}()

// NumRemedies is the number of remedies, NoRemedy among them.
func NumRemedies() Remedy { return Remedy(len(remedyNames)) }

func (r Remedy) String() string { return name(remedyNames, int(r)) }

// MarshalText writes the name.
func (r Remedy) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a name; the error lists the valid ones.
func (r *Remedy) UnmarshalText(text []byte) error { return parse(remedyNames, "remedy", text, r) }
