package experiment

import (
	"math"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// two borrowers: 7 is announced a visit on day 3 by call, visited on day 5 with a remedy, pays on days 6
// and 9; 8 is visited in vain on day 4, pays on day 6 and is charged off on day 10.
func lives() (visited, other *outcome.StrategyOutcome) {
	events := []outcome.Event{
		{Day: 3, Account: 7, Kind: outcome.EventNotice, Channel: loan.Call, Detail: 5},
		{Day: 3, Account: 7, Kind: outcome.EventContact, Channel: loan.Call, Detail: rightParty},
		{Day: 4, Account: 8, Kind: outcome.EventContact, Channel: loan.Visit, Detail: 1},
		{Day: 5, Account: 7, Kind: outcome.EventContact, Channel: loan.Visit, Detail: rightParty},
		{Day: 5, Account: 7, Kind: outcome.EventRemedy},
		{Day: 6, Account: 7, Kind: outcome.EventPayment, Amount: 500},
		{Day: 6, Account: 8, Kind: outcome.EventPayment, Amount: 700},
		{Day: 9, Account: 7, Kind: outcome.EventPayment, Amount: 300},
		{Day: 10, Account: 8, Kind: outcome.EventChargeOff, Amount: 900},
	}
	rows := []outcome.AccountRow{{ID: 7, Cause: loan.Forgetful, Visits: 1}, {ID: 8, Cause: loan.Unwilling, Visits: 1}}
	stress := make([][]float32, 12)
	calm := make([][]float32, 12)
	for d := range stress {
		stress[d] = []float32{float32(10 * d), 50}
		calm[d] = []float32{10, 50}
	}
	visited = &outcome.StrategyOutcome{Accounts: rows, Events: events, Stress: stress}
	other = &outcome.StrategyOutcome{Accounts: rows, Events: []outcome.Event{{Day: 8, Account: 7, Kind: outcome.EventPayment, Amount: 100}}, Stress: calm}
	return visited, other
}

func TestAroundSharesAreCounted(t *testing.T) {
	minus := -1
	for _, c := range []struct {
		says  string
		w     Around
		where Where
		a, b  share
	}{
		{"money in the window, of the visited borrower alone", Around{Anchor: "visit", From: 1, To: 3, What: "paid"}, Where{}, share{5, 1}, share{1, 1}},
		{"a longer window", Around{Anchor: "visit", From: 1, To: 4, What: "paid"}, Where{}, share{8, 1}, share{1, 1}},
		{"whoever pays twice pays once", Around{Anchor: "visit", From: 0, To: 6, What: "pays"}, Where{}, share{1, 1}, share{1, 1}},
		{"a window that leaves the run does not count", Around{Anchor: "visit", From: 0, To: 7, What: "pays"}, Where{}, share{}, share{}},
		{"nor one that begins before it", Around{Anchor: "visit", From: -6, To: 0, What: "pays"}, Where{}, share{}, share{}},
		{"from day 0 of everyone", Around{Anchor: "start", From: 0, To: 6, What: "paid"}, Where{}, share{12, 2}, share{0, 2}},
		{"charged off by the end of the window", Around{Anchor: "start", From: 0, To: 10, What: "charged-off"}, Where{}, share{1, 2}, share{0, 2}},
		{"or after it", Around{Anchor: "start", From: 0, To: 9, What: "charged-off"}, Where{}, share{0, 2}, share{0, 2}},
		{"of one cause", Around{Anchor: "start", From: 0, To: 6, What: "paid"}, Where{Causes: []loan.Cause{loan.Unwilling}}, share{7, 1}, share{0, 1}},
		{"with a remedy on the day", Around{Anchor: "visit", From: 0, To: 1, What: "paid"}, Where{Remedied: "yes"}, share{5, 1}, share{0, 1}},
		{"without one", Around{Anchor: "visit", From: 0, To: 1, What: "paid"}, Where{Remedied: "no"}, share{}, share{}},
		{"stress on the day", Around{Anchor: "visit", From: 0, To: 0, What: "stress"}, Where{}, share{50, 1}, share{10, 1}},
		{"stress against the day before", Around{Anchor: "visit", From: 0, To: 2, What: "stress", Against: &minus}, Where{}, share{20, 1}, share{0, 1}},
		{"the notice that arrived", Around{Anchor: "notice", From: 0, To: 0, What: "stress", Against: &minus}, Where{}, share{10, 1}, share{0, 1}},
	} {
		visited, other := lives()
		m := &Measure{Around: &c.w, Where: c.where}
		a, b := pairShares(m, visited, other, 12, nil)
		if a != c.a || b != c.b {
			t.Errorf("%s: got %v and %v, want %v and %v", c.says, a, b, c.a, c.b)
		}
	}
}

// TestWindowsBeginWithTheLoan holds that a loan disbursed during the run counts from its own first day on: before it stress
// is not known (NaN), and who has no loan pays nothing.
func TestWindowsBeginWithTheLoan(t *testing.T) {
	visited, other := lives()
	for d := range 4 { // account 7 opens on day 4
		visited.Stress[d][0], other.Stress[d][0] = float32(math.NaN()), float32(math.NaN())
	}
	for _, c := range []struct {
		says string
		w    Around
		a, b share
	}{
		{"day 0 of those on the books then", Around{Anchor: "start", From: 0, To: 6, What: "paid"}, share{7, 1}, share{0, 1}},
		{"their stress", Around{Anchor: "start", From: 0, To: 6, What: "stress"}, share{50, 1}, share{50, 1}},
		{"a window that begins before the loan", Around{Anchor: "visit", From: -2, To: 0, What: "stress"}, share{}, share{}},
		{"one that begins with it", Around{Anchor: "visit", From: -1, To: 0, What: "stress"}, share{45, 1}, share{10, 1}},
	} {
		a, b := pairShares(&Measure{Around: &c.w}, visited, other, 12, []loan.Day{4, -9})
		if a != c.a || b != c.b {
			t.Errorf("%s: got %v and %v, want %v and %v", c.says, a, b, c.a, c.b)
		}
	}
}

func TestAccountShares(t *testing.T) {
	of := &outcome.StrategyOutcome{Accounts: []outcome.AccountRow{
		{ID: 1, Visits: 1, Paid: 300, Remedy: loan.Grace, Region: loan.Remote}, {ID: 2, Paid: 900}, {ID: 3, Visits: 2, Paid: 500},
	}}
	less := &outcome.StrategyOutcome{Accounts: []outcome.AccountRow{{ID: 1, Paid: 100}, {ID: 2}, {ID: 3, Paid: 700}}}
	for _, c := range []struct {
		says  string
		where Where
		a, b  share
	}{
		{"everyone", Where{}, share{17, 3}, share{8, 3}},
		{"the visited, as the first arm has them", Where{Visited: "yes"}, share{8, 2}, share{8, 2}},
		{"the remedied", Where{Remedied: "yes"}, share{3, 1}, share{1, 1}},
		{"a region", Where{Regions: []loan.Region{loan.Remote}}, share{3, 1}, share{1, 1}},
	} {
		if a, b := pairShares(&Measure{Account: "paid", Where: c.where}, of, less, 10, nil); a != c.a || b != c.b {
			t.Errorf("%s: got %v and %v, want %v and %v", c.says, a, b, c.a, c.b)
		}
	}
}
