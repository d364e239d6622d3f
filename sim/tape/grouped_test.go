package tape_test

import (
	"slices"
	"strings"
	"testing"
)

// TestThousands: amounts as spreadsheets print them, in fields and filters; only where the map says so, and only where the
// groups are whole.
func TestThousands(t *testing.T) {
	const csv = "bal,due,k\n\"12,000.50\",\"1,000\",a\n900,10,b\n\"-1,234,567\",10,c\n\"5,000\",10,d\n"
	m := strings.Replace(minimal, "{column: bal}", "{column: bal, min: 0, outside: clamp}", 1) + "keep: [{column: bal, max: 12000.5}]\n"
	p, report, err := load(t, csv, m+"thousands: comma\n")
	if err != nil {
		t.Fatal(err, report)
	}
	var balances []float64
	for _, a := range p.Accounts {
		balances = append(balances, a.Balance.Units())
	}
	if !slices.Equal(balances, []float64{12000.5, 900, 0, 5000}) || p.Accounts[0].Instalment.Units() != 1000 {
		t.Errorf("got %v, %+v", balances, p.Accounts[0])
	}
	for separator, cell := range map[string]string{"space": "12 000.50", "apostrophe": "12'000.50"} {
		p, _, err := load(t, "bal,due\n"+cell+",10\n", minimal+"thousands: "+separator+"\n")
		if err != nil || p.Accounts[0].Balance.Units() != 12000.5 {
			t.Errorf("%s: got %+v, %v", separator, p, err)
		}
	}
	for cell, want := range map[string]float64{"1,20,000.50": 120000.5, "12,34,56,789": 123456789, "1,000": 1000, "120,000": 120000, "₹ 3,47,804.69": 347804.69} {
		p, _, err := load(t, "bal,due\n\""+cell+"\",10\n", minimal+"thousands: comma\nsymbols: [₹]\n")
		if err != nil || p.Accounts[0].Balance.Units() != want {
			t.Errorf("lakhs %s: got %+v, %v", cell, p, err)
		}
	}
	for _, c := range []struct{ cell, more, want string }{
		{"\"123,45,000\"", "thousands: comma\n", "must be a number"},
		{"\"1,20,00\"", "thousands: comma\n", "must be a number"},
		{"\"1,20,000\"", "", `must be a number ("thousands: comma" in the map would read it)`},
		{"\"$1,000\"", "symbols: [$]\n", `must be a number ("thousands: comma" in the map would read it)`},
		{"\"12,000\"", "", `must be a number ("thousands: comma" in the map would read it)`},
		{"\"12,00\"", "thousands: comma\n", "must be a number"},
		{"\"1200,000\"", "thousands: comma\n", "must be a number"},
		{" 36 months", "", `must be a number ("symbols: ["months"]" in the map would leave that out)`},
		{"0 DPD", "", `must be a number ("symbols: ["DPD"]" in the map would leave that out)`},
		{"\"Rs. 1,20,000\"", "", `must be a number ("symbols: ["Rs."]" in the map would leave that out)`},
		{"\"₹5,200/-\"", "", `must be a number ("symbols: ["/-"]" in the map would leave that out)`},
		{"\"₹5,200/-\"", "symbols: [/-]\n", `must be a number ("symbols: ["₹"]" in the map would leave the sign out)`},
		{"INR 500", "", `must be a number ("symbols: ["INR"]" in the map would leave that out)`},
		{"SMA-1", "", "must be a number"}, // codes, and words that are factors
		{"ABC123", "", "must be a number"},
		{"36M", "", "must be a number"},
		{"5k", "", "must be a number"},
		{"2 lakh", "", "must be a number"},
		{"3 years", "", "must be a number"},
		{"12 000", "thousands: comma\n", `must be a number ("thousands: space" in the map would read it)`},
	} {
		_, report, _ := load(t, "bal,due\n"+c.cell+",10\n", minimal+c.more)
		if report == nil || len(report.Bad) != 1 || report.Bad[0].Rule != c.want {
			t.Errorf("%s: got %+v, want %s", c.cell, report, c.want)
		}
	}
}

// TestSpacesAroundTexts: "CLOSED " is CLOSED to a filter, "A " is A to a table of numbers, "x " is x to the rule that ids differ.
func TestSpacesAroundTexts(t *testing.T) {
	const csv = "bal,due,k,s,x\n100,10,x,open,A\n100,10,y,CLOSED ,A\n100,10,z,open, B\n"
	m := minimal + "  id: {column: k}\n  limit: {column: x, values: {A: 1, B: 2}}\nkeep: [{column: s, not_in: [CLOSED]}]\n"
	p, report, err := load(t, csv, m)
	if err != nil || report.Filtered != 1 || len(p.Accounts) != 2 || p.Accounts[1].Limit.Units() != 2 {
		t.Errorf("got %+v, %+v, %v", p, report, err)
	}
	if _, report, _ := load(t, csv+"100,10,x ,open,A\n", m); len(report.Bad) != 1 || report.Bad[0].Rule != "must be unique, row 1 has it too" {
		t.Errorf("got %+v", report)
	}
}
