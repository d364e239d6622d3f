package tape_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/tape"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"
)

// base is the header and first row of the tapes below, which fits full.
const (
	base = "id,prod,reg,seg,bal,due,apr,dpd,arr,term\n"
	row1 = "1,IL,u,a,1000,100,12,0,0,12\n"
	full = `source: made up
currency: CNY
fields:
  id: {column: id}
  product: {column: prod, values: {IL: instalment-loan, CC: credit-card}}
  region: {column: reg, values: {u: urban, r: remote}}
  segment: {column: seg}
  balance: {column: bal}
  instalment: {column: due}
  apr: {column: apr, scale: 0.01}
  dpd: {column: dpd}
  arrears: {column: arr}
  term: {column: term}
`
)

func load(t *testing.T, csv, m string) (*loan.Portfolio, *tape.Report, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	p, report, err := tape.Load(path, parse(t, m))
	if report == nil {
		t.Fatal("no report")
	}
	return p, report, err
}

// TestFilteredRowsMakeNoIDs: a row of totals that keep leaves out does not make row numbers of everybody's ids.
func TestFilteredRowsMakeNoIDs(t *testing.T) {
	m := full + "keep: [{column: seg, not_in: [sum]}]\n"
	rows := "1200,IL,u,a,1000,100,12,0,0,12\n77,IL,u,a,1000,100,12,0,0,12\n"
	plain, _, err := load(t, base+rows, m)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := load(t, base+rows+"Total,IL,u,sum,2000,200,12,0,0,12\n", m)
	if err != nil || !slices.Equal(p.Accounts, plain.Accounts) || p.Accounts[0].ID != 77 || len(p.Keys) != 0 {
		t.Errorf("%v: %+v with a total, %+v without", err, p, plain)
	}
}

// TestPaddedNumbers: zeros in front of a number fill it up, as in strings of days past due; in an id they are part of it.
func TestPaddedNumbers(t *testing.T) {
	p, _, err := load(t, base+"007,IL,u,a,0005000.00,0100,012,000,0,12\n008,CC,r,b,-0,0,00.5,055,0,012\n", strings.Replace(full, "  arrears: {column: arr}\n", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := keyed(p, "007"), keyed(p, "008"); a.Balance != 500_000 || a.Instalment != 10_000 || a.APR != 0.12 || a.DPD != 0 || b.Balance != 0 || b.APR != 0.005 || b.Term != 12 {
		t.Errorf("got %+v", p.Accounts)
	}
}

// TestInstalmentsOfManyIntervals: weekly and monthly loans in one tape, whose instalments, arrears and due days are derived.
func TestInstalmentsOfManyIntervals(t *testing.T) {
	weekly := strings.NewReplacer("  instalment: {column: due}\n", "  instalment: {rule: annuity}\n", "  arrears: {column: arr}\n", "",
		"  segment: {column: seg}\n", "  instalment_days: {column: seg, values: {week: 7, month: 30}}\n").Replace(full)
	p, _, err := load(t, base+"1,IL,u,week,1000,0,36,0,0,52\n2,IL,u,week,1000,0,36,15,0,50\n3,IL,u,month,1000,0,36,15,0,12\n", weekly)
	if err != nil {
		t.Fatal(err)
	}
	if a := p.Accounts[0]; a.Every != 7 || a.Instalment != loan.AnnuityCents(100_000, 0.36, 52, 7) || a.DueDay > 6 {
		t.Errorf("weekly and current: %+v", a)
	}
	// 15 days late is due 15, 8 and a day ago, and in six days.
	if a := p.Accounts[1]; a.DueDay != 6 || a.Arrears != 3*a.Instalment || a.Missed() != 3 {
		t.Errorf("weekly and late: %+v", a)
	}
	if a := p.Accounts[2]; a.Every != 30 || a.DueDay != 15 || a.Arrears != a.Instalment {
		t.Errorf("monthly and late: %+v", a)
	}
	if got := tape.Describe(p).Intervals; len(got) != 2 || got[0].Name != "7" || got[0].Accounts != 2 || got[1].Name != "30" {
		t.Errorf("described as %+v", got)
	}
	for row, want := range map[string]string{
		"1,IL,u,day,1000,0,36,0,0,52":  "instalment_days",
		"1,CC,u,week,1000,0,36,0,0,52": "instalment_days: a card bills every 30 days, got 7",
	} {
		_, report, err := load(t, base+row+"\n", weekly)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %+v", row, err, report.Bad)
		}
	}
	if _, _, err := load(t, base+"1,IL,u,week,1000,0,36,0,7,52\n", weekly+"  due_day: {column: arr}\n"); err == nil || !strings.Contains(err.Error(), "due_day: must be 0 to 6 where an instalment falls due every 7 days, got 7") {
		t.Errorf("due day 7 of a week: %v", err)
	}
}

func TestLoad(t *testing.T) {
	p, report, err := load(t, base+row1+"2,CC,r,b,5000.5,250,18.5,31,500,0\n", full)
	if err != nil {
		t.Fatal(err)
	}
	want := []loan.Account{
		{ID: 1, Product: loan.Instalment, Segment: 0, Every: 30, Term: 12, Balance: 100000, Instalment: 10000, APR: 0.12, DueDay: p.Accounts[0].DueDay, LastPayment: -1},
		{
			ID: 2, Product: loan.Card, Region: loan.Remote, Segment: 1, Every: 30, DPD: 31, Balance: 500050, Arrears: 50000, Instalment: 25000,
			APR: 0.185, DueDay: 29, LastPayment: -1,
		},
	}
	if !slices.Equal(p.Accounts, want) || !slices.Equal(p.Segments, []string{"a", "b"}) || report.Kept != 2 {
		t.Errorf("got  %+v\nwant %+v\n%+v", p.Accounts, want, report)
	}
}

// TestOrderOfRows: the order of rows does not matter where a tape has ids of its own.
func TestOrderOfRows(t *testing.T) {
	row2, row3 := "2,CC,r,b,5000.5,250,18.5,31,500,0\n", "10,CC,u,a,70,7,18.5,0,0,0\n"
	want, _, err := load(t, base+row1+row2+row3, full)
	got, _, again := load(t, base+row3+row1+row2, full)
	if err != nil || again != nil || !slices.Equal(got.Accounts, want.Accounts) {
		t.Errorf("%v, %v\ngot  %+v\nwant %+v", err, again, got, want)
	}
}

// TestUnknownName: whose tape has names of its own is told which names there are.
func TestUnknownName(t *testing.T) {
	plain := strings.NewReplacer(", values: {IL: instalment-loan, CC: credit-card}", "", ", values: {u: urban, r: remote}", "").Replace(full)
	_, _, err := load(t, base+"1,personal-loan,rural,a,1000,100,12,0,0,12\n", plain)
	for _, want := range []string{
		`row 1: product (column "prod"): must be one of instalment-loan, credit-card, micro-enterprise-loan, or listed in values, got "personal-loan"`,
		`row 1: region (column "reg"): must be one of urban, suburban, remote, or listed in values, got "rural"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestBadCells: every kind of cell that cannot be used is reported with row, field, column, value and rule.
func TestBadCells(t *testing.T) {
	for _, c := range []struct{ name, row, want string }{
		{"text for a number", "2,IL,u,a,much,100,12,0,0,12", `row 2: balance (column "bal"): must be a number, got "much"`},
		{"empty", "2,IL,u,a,,100,12,0,0,12", `row 2: balance (column "bal"): must not be empty, got ""`},
		{"negative", "2,IL,u,a,-5,100,12,0,0,12", `row 2: balance (column "bal"): must lie in [0, 1e+13], got "-5"`},
		{"infinite", "2,IL,u,a,Inf,100,12,0,0,12", `row 2: balance (column "bal"): must be finite, got "Inf"`},
		{"not whole", "2,IL,u,a,5,100,12,0.5,0,12", `row 2: dpd (column "dpd"): must be a whole number, got "0.5"`},
		{"too large", "2,IL,u,a,5,100,1200,0,0,12", `row 2: apr (column "apr"): must lie in [0, 10] after conversion, is 12, got "1200"`},
		{"not in table", "2,XX,u,a,5,100,12,0,0,12", `row 2: product (column "prod"): must be listed in values, got "XX"`},
		{"empty name", "2,IL,,a,5,100,12,0,0,12", `row 2: region (column "reg"): must not be empty, got ""`},
		{"same id", "1,IL,u,a,5,100,12,0,0,12", `row 2: id (column "id"): must be unique, row 1 has it too, got "1"`},
		{"no id", ",IL,u,a,5,100,12,0,0,12", `row 2: id (column "id"): must not be empty, got ""`},
		{"broken id", "2.5,IL,u,a,5,100,12,0,0,12", `row 2: id (column "id"): must be a whole number of at most 15 digits, or text, got "2.5"`},
		{"arrears without dpd", "2,IL,u,a,5,100,12,0,3,12", `row 2: account: dpd 0 and arrears 3.00: an account is past due if and only if it has arrears`},
		{"dpd without arrears", "2,IL,u,a,5,100,12,7,0,12", `row 2: account: dpd 7 and arrears 0.00: an account is past due if and only if it has arrears`},
		{"arrears above balance", "2,IL,u,a,5,100,12,7,6,12", `row 2: account: arrears: must lie between 0 and the balance 5.00, got 6.00`},
		{"no instalment", "2,IL,u,a,5,0,12,0,0,12", `row 2: account: instalment: must be > 0 while a balance is owed, got 0.00`},
	} {
		_, report, err := load(t, base+row1+c.row+"\n", full)
		var bad *tape.BadCells
		if !errors.As(err, &bad) || len(bad.Cells) != 1 || bad.Cells[0].String() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			continue
		}
		want := fmt.Sprintf("%s: %s\n%s: 1 bad cells in 1 rows (on_error: drop in the map leaves such rows out)", bad.File, c.want, bad.File)
		if err.Error() != want || len(report.Bad) != 1 {
			t.Errorf("%s: got %v, want %s", c.name, err, want)
		}
		p, report, err := load(t, base+row1+c.row+"\n", full+"on_error: drop\n")
		if err != nil || len(p.Accounts) != 1 || report.Kept != 1 || report.Dropped != 1 || len(report.Bad) != 1 {
			t.Errorf("%s, dropped: %v, %+v", c.name, err, report)
		}
	}
}

// All bad cells of a row and of the file are found; the error spells out 20 and counts the rest.
func TestAllBadCellsAreFound(t *testing.T) {
	_, report, err := load(t, base+strings.Repeat("x,XX,u,a,y,100,12,0,0,12\n", 30), full)
	if len(report.Bad) != 60 || report.Rows != 30 || report.Kept != 0 {
		t.Errorf("%d bad cells, %d kept", len(report.Bad), report.Kept)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || !strings.Contains(lines[20], "60 bad cells in 30 rows") {
		t.Error(err)
	}
}

func TestWholeTapeErrors(t *testing.T) {
	for _, c := range []struct{ name, csv, m, want string }{
		{
			"unknown columns", "id,prod,reg,seg,ball,due,apr,dpd,arr,term\n" + row1, full + "keep: [{column: zone, min: 1}]\n",
			`m.yaml:8:1: fields.balance.column: no column "bal" in t.csv, did you mean "ball"?` + "\n" +
				`m.yaml:14:1: keep[0].column: no column "zone" in t.csv, it has ["id" "prod" "reg" "seg" "ball" "due" "apr" "dpd" "arr" "term"]`,
		},
		{"no rows", base, full, "t.csv: has a header and no rows"},
		{"empty file", "", full, "t.csv: is empty"},
		{"nothing left", base + row1, full + "keep: [{column: bal, min: 1e6}]\n", "t.csv: no account is left: of 1 rows 1 are filtered and 0 dropped"},
		{"filter on text", base + row1, full + "keep: [{column: prod, min: 1}]\n", `m.yaml:14:1: keep[0]: min and max need a column of numbers, "prod" holds text`},
		{"segments", base + manySegments(257), full, "t.csv: segment: must have at most 256 groups, got 257"},
	} {
		p, _, err := load(t, c.csv, c.m)
		if p != nil || err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, report, err := tape.Load(filepath.Join(t.TempDir(), "none.csv"), parse(t, full)); !errors.Is(err, os.ErrNotExist) || report == nil {
		t.Error(err)
	}
	if _, report, err := tape.Load("x", new(tape.Map)); err == nil || report == nil {
		t.Error("a zero map is accepted")
	}
	if _, _, err := load(t, base+manySegments(256), full); err != nil {
		t.Error(err)
	}
}

func manySegments(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d,IL,u,s%d,1000,100,12,0,0,12\n", i+1, i)
	}
	return b.String()
}

// TestTotal: balances whose sum would overflow are refused, not summed to something negative.
func TestTotal(t *testing.T) {
	csv := "bal,due\n" + strings.Repeat("9e12,1e12\n", 10_000)
	if _, _, err := load(t, csv, minimal); err == nil || !strings.Contains(err.Error(),
		"t.csv: amounts must sum to less than 1e+15 CNY, or sums over a run would overflow; account 112: balance 9") ||
		!strings.HasSuffix(err.Error(), "; state them in a larger unit (exchange in the map)") {
		t.Errorf("got %v", err)
	}
	if p, _, err := load(t, csv, minimal+"exchange: 1e-3\n"); err != nil || tape.Describe(p).Balance != 9e13 {
		t.Errorf("in thousands: %v", err)
	}
}

// TestOtherColumns: columns that the map does not use may be of a type that cannot be read, and may be what a name was meant for.
func TestOtherColumns(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "contract", Type: arrow.BinaryTypes.Binary},
		{Name: "bal", Type: arrow.PrimitiveTypes.Float64},
		{Name: "history", Type: arrow.ListOf(arrow.PrimitiveTypes.Int8)},
		{Name: "due", Type: arrow.PrimitiveTypes.Float64},
	}, nil)
	b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
	defer b.Release()
	for i := range schema.Fields() {
		b.Field(i).AppendEmptyValue()
	}
	b.Field(1).(*array.Float64Builder).Append(100)
	b.Field(3).(*array.Float64Builder).Append(5)
	b.Field(0).AppendEmptyValue()
	b.Field(2).AppendEmptyValue()
	rec := b.NewRecord()
	defer rec.Release()
	path := filepath.Join(t.TempDir(), "t.arrow")
	var file bytes.Buffer
	w := ipc.NewWriter(&file, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(rec), w.Close(), os.WriteFile(path, file.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	if p, _, err := tape.Load(path, parse(t, minimal)); err != nil || p.Accounts[1].Balance.Units() != 100 {
		t.Errorf("got %+v, %v", p, err)
	}
	filtered := strings.Replace(minimal, "balance: {column: bal}", "balance: {value: 7}", 1) + "keep: [{column: bal, min: 100}]\n"
	if p, _, err := tape.Load(path, parse(t, filtered)); err != nil || len(p.Accounts) != 1 {
		t.Errorf("a column that a filter alone names: got %+v, %v", p, err)
	}
	if _, _, err := tape.Load(path, parse(t, minimal+"  id: {column: contrat}\n")); err == nil || !strings.HasSuffix(err.Error(), `did you mean "contract"?`) {
		t.Errorf("a wrong name: %v", err)
	}
	if _, _, err := tape.Load(path, parse(t, minimal+"  id: {column: contract}\n")); err == nil || !strings.Contains(err.Error(), `column "contract": type binary cannot be read`) {
		t.Errorf("a column that cannot be read: %v", err)
	}
}

func TestFilters(t *testing.T) {
	rows := "1,IL,u,a,100,10,12,0,0,12\n2,IL,u,b,200,10,12,0,0,12\n3,IL,u,,300,10,12,0,0,12\n4,IL,u,NA,400,10,12,0,0,12\n5,oops,u,c,500,10,12,0,0,12\n"
	for _, c := range []struct {
		name, keep string
		want       []int64
	}{
		{"min and max", "{column: bal, min: 200, max: 300}", []int64{2, 3}},
		{"in, text", "{column: seg, in: [a, NA]}", []int64{1, 4}},
		{"in, numbers", "{column: bal, in: [100, 2e2]}", []int64{1, 2}},
		{"not in; an empty cell does not pass", "{column: seg, not_in: [a, c]}", []int64{2, 4}},
		{"all must pass", "{column: bal, max: 400}, {column: seg, in: [b, c]}", []int64{2}},
	} {
		m := strings.Replace(full, "{column: seg}", "{column: seg, default: none}", 1)
		p, report, err := load(t, base+rows, m+"keep: ["+c.keep+"]\n")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []int64
		for _, a := range p.Accounts {
			got = append(got, a.ID)
		}
		if !slices.Equal(got, c.want) || report.Filtered != 5-len(got) || report.Kept != len(got) {
			t.Errorf("%s: got %v, want %v; %+v", c.name, got, c.want, report)
		}
	}
}

// TestNumbersAsCodes: names and ids may stand in columns of numbers.
func TestNumbersAsCodes(t *testing.T) {
	m := strings.NewReplacer("{IL: instalment-loan, CC: credit-card}", "{1.0: instalment-loan, 2: credit-card}").Replace(full)
	p, _, err := load(t, base+"7.0,1,u,a,1000,100,12,0,0,12\n3.0,2,u,a,1000,100,12,0,0,12\n", m)
	if err != nil || p.Accounts[0].ID != 3 || p.Accounts[0].Product != loan.Card || p.Accounts[1].ID != 7 || p.Accounts[1].Product != loan.Instalment {
		t.Errorf("got %+v, %v", p, err)
	}
	if _, _, err := load(t, base+"7.5,1,u,a,1000,100,12,0,0,12\n", m); err == nil || !strings.Contains(err.Error(), "must be a whole number") {
		t.Errorf("half an id: %v", err)
	}
}

// TestArrearsEndAtTheBalance: four instalments are missed, and the balance is two and a half.
func TestArrearsEndAtTheBalance(t *testing.T) {
	m := strings.Replace(full, "  arrears: {column: arr}\n", "", 1)
	p, _, err := load(t, base+"1,IL,u,a,250,100,12,95,0,12\n2,IL,u,a,400,100,12,95,0,12\n3,IL,u,a,9000,100,12,95,0,12\n", m)
	if err != nil || p.Accounts[0].Arrears.Units() != 250 || p.Accounts[1].Arrears.Units() != 400 || p.Accounts[2].Arrears.Units() != 400 {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestRounding: weeks become months of which 52 are 12, whatever decimals the factor has; without a rule a part of a month is a fault.
func TestRounding(t *testing.T) {
	for _, c := range []struct {
		round, rule string
		want        [4]uint8
	}{
		{"up", "other_debts: rounded up", [4]uint8{1, 6, 12, 13}},
		{"nearest", "other_debts: rounded to the nearest whole number", [4]uint8{0, 6, 12, 12}},
		{"down", "other_debts: rounded down", [4]uint8{0, 6, 12, 12}},
	} {
		for _, scale := range []string{"0.230769", "0.230770", "0.23076923076923"} {
			m := minimal + "  other_debts: {column: weeks, scale: " + scale + ", round: " + c.round + "}\n"
			p, report, err := load(t, "bal,due,weeks\n100,10,1\n100,10,26\n100,10,52\n100,10,53\n", m)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.want {
				if got := p.Accounts[i].OtherDebts; got != want {
					t.Errorf("%s, scale %s: row %d is %d, want %d", c.round, scale, i+1, got, want)
				}
			}
			for _, x := range report.Rules {
				if x.Rule == c.rule && x.Rows != 2 {
					t.Errorf("%s, scale %s: %d rows are rounded, want those of 1 and 53 weeks", c.round, scale, x.Rows)
				}
			}
			if text := fmt.Sprint(report.Rules); !strings.Contains(text, c.rule) {
				t.Errorf("%s, scale %s: %s, want %q in it", c.round, scale, text, c.rule)
			}
		}
	}
	_, _, err := load(t, "bal,due,weeks\n100,10,1\n", minimal+"  other_debts: {column: weeks, scale: 0.230769}\n")
	if err == nil || !strings.Contains(err.Error(), "must be a whole number after conversion, is 0.230769 (round: up, nearest or down makes it one)") {
		t.Errorf("without a rule: %v", err)
	}
}

func TestNumberSources(t *testing.T) {
	for _, c := range []struct {
		name, cells, limit string // two cells of a column
		want               [2]float64
		rule               string // counted once, if any
	}{
		{"scale and offset", "10\n20", "{column: x, scale: 2, offset: 1}", [2]float64{21, 41}, ""},
		{"constant", "1\n2", "{value: 180}", [2]float64{180, 180}, ""},
		{"table of a number column", "-2\n1", "{column: x, values: {-2: 0, 1.0: 15}}", [2]float64{0, 15}, ""},
		{"table of a text column", "A\nB 2", "{column: x, values: {A: 1, 'B 2': 2}}", [2]float64{1, 2}, ""},
		{"table with the rest", "A\nB", "{column: x, values: {A: 1}, other: 9}", [2]float64{1, 9}, ""},
		{"table and scale", "A\nB", "{column: x, values: {A: 1, B: 2}, scale: 10}", [2]float64{10, 20}, ""},
		{"default", "5\nNA", "{column: x, default: 7}", [2]float64{5, 7}, "limit: empty, set to 7"},
		{"default among texts", "5\n\nx", "{column: x, default: 7, values: {5: 5, x: 6}}", [2]float64{5, 6}, ""},
		{"clamp below", "5\n-5", "{column: x, min: 0, outside: clamp}", [2]float64{5, 0}, "limit: below 0, set to it"},
		{"clamp above", "5\n50", "{column: x, max: 9, outside: clamp}", [2]float64{5, 9}, "limit: above 9, set to it"},
	} {
		m := minimal + "  limit: " + c.limit + "\n"
		var csv strings.Builder
		csv.WriteString("bal,due,x\n")
		for _, cell := range strings.Split(c.cells, "\n") {
			if cell != "" {
				csv.WriteString("100,10," + cell + "\n")
			}
		}
		p, report, err := load(t, csv.String(), m)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := [2]float64{p.Accounts[0].Limit.Units(), p.Accounts[1].Limit.Units()}
		var rules []tape.Count
		if c.rule != "" {
			rules = []tape.Count{{Rule: c.rule, Rows: 1}}
		}
		if got != c.want || !slices.Equal(report.Rules, rules) {
			t.Errorf("%s: got %v %v, want %v %v", c.name, got, report.Rules, c.want, rules)
		}
	}
}

func TestOutside(t *testing.T) {
	const csv = "bal,due,x\n100,10,5\n100,10,-5\n100,x,-7\n"
	_, report, err := load(t, csv, minimal+"  limit: {column: x, min: 0, outside: drop}\n")
	if err != nil || report.Kept != 1 || report.Dropped != 2 || report.Rules[0] != (tape.Count{Rule: "limit: below 0, row dropped", Rows: 2}) {
		t.Errorf("%v, %+v", err, report)
	}
	_, report, err = load(t, csv, minimal+"  limit: {column: x, min: 0}\n")
	if err == nil || report.Bad[0].String() != `row 2: limit (column "x"): must not be below 0, got "-5"` || len(report.Bad) != 3 {
		t.Errorf("%v, %+v", err, report)
	}
}

func TestUnitsAndExchange(t *testing.T) {
	const csv = "bal,due,x\n12345,1000,1\n"
	for _, c := range []struct {
		extra string
		want  loan.Cents
	}{
		{"", 1234500},
		{"unit: minor\n", 12345},
		{"exchange: 0.25\n", 308625},
		{"unit: minor\nexchange: 2\n", 24690},
	} {
		p, _, err := load(t, csv, minimal+c.extra)
		if err != nil || p.Accounts[0].Balance != c.want {
			t.Errorf("%q: %v, %v", c.extra, p, err)
		}
	}
}

func TestContradictionsRepaired(t *testing.T) {
	const csv = base + "1,IL,u,a,1000,100,12,40,0,12\n2,IL,u,a,1000,100,12,0,50,12\n3,IL,u,a,1000,100,12,5,1001,12\n4,IL,u,a,1000,100,12,5,77,12\n"
	p, report, err := load(t, csv, full+"contradictions: repair\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []loan.Cents{20000, 0, 10000, 7700} {
		if got := p.Accounts[i].Arrears; got != want {
			t.Errorf("account %d: got %v, want %v", i+1, got, want)
		}
	}
	if !slices.Equal(report.Rules, []tape.Count{{Rule: "arrears: contradict dpd or balance, derived from dpd", Rows: 3}}) {
		t.Errorf("%+v", report.Rules)
	}
}

// keyed is the account of a lender's own id.
func keyed(p *loan.Portfolio, key string) (found loan.Account) {
	for _, a := range p.Accounts {
		if p.Key(a.ID) == key {
			found = a
		}
	}
	return found
}

// Ids that are texts give the same account in any order of rows and beside any others, whole numbers among them stay; both
// are found when doubled.
func TestTextIDs(t *testing.T) {
	const spread = "{spread: {urban: 0.4, suburban: 0.3, remote: 0.3}}"
	m := strings.Replace(minimal, "{column: bal}", "{column: bal, min: 0, outside: drop}", 1) + "  id: {column: k}\n"
	m = strings.Replace(m, "{value: urban}", spread, 1)
	rows := []string{"100,10,007\n", "200,10,LN-1\n", "-1,10,y\n", "300,10,7\n", "400,10,z\n"}
	const header = "bal,due,k\n"
	p, _, err := load(t, header+strings.Join(rows, ""), m)
	if err != nil || len(p.Accounts) != 4 || len(p.Keys) != 3 {
		t.Fatalf("%v, %+v", err, p)
	}
	for key, balance := range map[string]loan.Cents{"007": 10000, "LN-1": 20000, "7": 30000, "z": 40000} {
		if a := keyed(p, key); a.Balance != balance || a.ID < 0 || a.ID >= 1<<53 {
			t.Errorf("%s: %+v", key, a)
		}
	}
	if keyed(p, "7").ID != 7 {
		t.Error("the whole number 7 is not its own id")
	}
	slices.Reverse(rows)
	more, _, err := load(t, header+"500,10,first\n"+strings.Join(rows, ""), m)
	if err != nil || len(more.Accounts) != 5 {
		t.Fatalf("%v, %+v", err, more)
	}
	for _, a := range p.Accounts {
		if b := keyed(more, p.Key(a.ID)); b != a {
			t.Errorf("in another order, beside another: %+v, was %+v", b, a)
		}
	}
	for row, want := range map[string]string{"100,10,LN-1\n": "must be unique, row 4 has it too", "100,10,7\n": "must be unique, row 2 has it too"} {
		if _, report, _ := load(t, header+strings.Join(rows, "")+row, m); len(report.Bad) != 1 || report.Bad[0].Rule != want {
			t.Errorf("%s: %+v", row, report.Bad)
		}
	}
}

// TestIdsOfOneNumber: a text whose number is another row's id is refused, rather than taken for that one.
func TestIdsOfOneNumber(t *testing.T) {
	m := minimal + "  id: {column: k}\n"
	p, _, err := load(t, "bal,due,k\n100,10,LN-1\n", m)
	if err != nil {
		t.Fatal(err)
	}
	_, report, err := load(t, fmt.Sprintf("bal,due,k\n100,10,LN-1\n100,10,%d\n", p.Accounts[0].ID), m)
	if err == nil || len(report.Bad) != 1 || report.Bad[0].Rule != "stands for the same number as the id of row 1: change one of the two" {
		t.Errorf("%v, %+v", err, report.Bad)
	}
}

// TestMissing: contents that the map names are empty cells of numbers, names and filters, whatever the column's kind.
func TestMissing(t *testing.T) {
	m := strings.NewReplacer("{column: bal}", "{column: bal, default: 7}", "{value: urban}", "{column: reg, default: remote}").Replace(minimal) +
		"  last_payment: {column: paid}\nkeep: [{column: keep, max: 5}]\n"
	csv := "bal,due,reg,paid,keep\n100,10,urban,-999,1\n.,10,?,5,2\n300,10,urban,6,.\n"
	if _, report, err := load(t, csv, m); err == nil || len(report.Bad) > 0 {
		t.Errorf("without the list min and max need numbers: %v, %+v", err, report.Bad)
	}
	p, report, err := load(t, csv, "missing: [., '?', -999]\n"+m)
	if err != nil || len(p.Accounts) != 2 || report.Filtered != 1 {
		t.Fatalf("%v, %+v, %+v", err, p, report)
	}
	if a, b := p.Accounts[0], p.Accounts[1]; a.LastPayment >= 0 || b.Balance != 700 || b.Region != loan.Remote || b.LastPayment != 500 {
		t.Errorf("%+v", p.Accounts)
	}
	for _, cell := range []string{".", "-", `\N`, "<NA>", "?", "n/a"} {
		want := fmt.Sprintf(`must be a number ("missing: [%q]" in the map would make it an empty cell)`, cell)
		if _, report, err := load(t, "bal,due\n"+cell+",10\nx,10\n", minimal); err == nil || report.Bad[0].Rule != want || report.Bad[1].Rule != "must be a number" {
			t.Errorf("%s: %v", cell, err)
		}
	}
}

// A spread deals out names and due days evenly, and to each id the same whatever other rows there are.
func TestSpread(t *testing.T) {
	const n = 20000
	m := strings.Replace(minimal, "{value: urban}", "{spread: {urban: 0.6, suburban: 0.3, remote: 0.1}}", 1) + "  id: {column: id}\n"
	rows := func(from int) string {
		var b strings.Builder
		b.WriteString("id,bal,due\n")
		for i := from; i < n; i++ {
			fmt.Fprintf(&b, "%d,100,10\n", i)
		}
		return b.String()
	}
	p, _, err := load(t, rows(0), m)
	if err != nil {
		t.Fatal(err)
	}
	var regions [loan.NumRegions]float64
	var days [loan.MonthDays]float64
	for _, a := range p.Accounts {
		regions[a.Region]++
		days[a.DueDay]++
	}
	within := func(what string, got, prob float64) {
		// A good hash behaves like independent draws: 5 standard errors of a binomial count.
		if !(math.Abs(got-n*prob) <= 5*math.Sqrt(n*prob*(1-prob))) {
			t.Errorf("%s: got %g of %d, want about %g", what, got, n, n*prob)
		}
	}
	for r, prob := range []float64{0.6, 0.3, 0.1} {
		within(loan.Region(r).String(), regions[r], prob)
	}
	for d, count := range days {
		within(fmt.Sprint("due day ", d), count, 1.0/loan.MonthDays)
	}
	half, _, err := load(t, rows(n/2), m)
	if err != nil || !slices.Equal(half.Accounts, p.Accounts[n/2:]) {
		t.Error("accounts change when others are left out", err)
	}
}

func TestWarnings(t *testing.T) {
	_, report, err := load(t, base+"1,IL,u,a,1000,100,800,0,0,12\n", full)
	if err != nil || !slices.Equal(report.Warnings, []string{
		"apr: the median is 8, which is 800%: percentages need scale: 0.01", "dpd: no account is overdue",
	}) {
		t.Errorf("%v, %q", err, report.Warnings)
	}
}

// TestTotalsAmongTheAccounts: the last row of a spreadsheet is no loan.
func TestTotalsAmongTheAccounts(t *testing.T) {
	const doubt = "balance: account 4 owes 100.60, the sum of all others: if it is a total, keep in the map leaves it out"
	for csv, want := range map[string]bool{
		"bal,due\n10.10,1\n20.20,2\n70.30,7\n100.60,10\n": true, "bal,due\n10.10,1\n20.20,2\n70.30,7\n100.61,10\n": false,
		"bal,due\n10,1\n10,1\n": false, "bal,due\n0,0\n0,0\n0,0\n": false,
	} {
		_, report, err := load(t, csv, minimal)
		doubted := slices.ContainsFunc(report.Warnings, func(w string) bool { return strings.Contains(w, "the sum of all others") })
		if err != nil || doubted != want || want && !slices.Contains(report.Warnings, doubt) {
			t.Errorf("%q: %v, %q", csv, err, report.Warnings)
		}
	}
}

// The annuity rule against the contract itself: pay what was missed at once and the level instalment afterwards, and the
// loan ends after term payments, not before.
func TestAnnuityRule(t *testing.T) {
	m := parse(t, strings.Replace(strings.Replace(full, "{column: due}", "{rule: annuity}", 1), "  arrears: {column: arr}\n", "", 1))
	rapid.Check(t, func(t *rapid.T) {
		balance := rapid.Int64Range(1000, 1e7).Draw(t, "balance")
		dpd := rapid.IntRange(0, 200).Draw(t, "dpd")
		term := rapid.IntRange(1, 120).Draw(t, "term")
		apr := rapid.SampledFrom([]float64{0, 6, 24, 36}).Draw(t, "apr")
		table, err := outcome.Decode(fmt.Appendf(nil, "%s1,IL,u,a,%d,0,%g,%d,0,%d\n", base, balance, apr, dpd, term))
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := tape.Build(table, m)
		if err != nil {
			t.Fatal(err)
		}
		a := p.Accounts[0]
		rest := float64(a.Balance) - float64(a.Instalment)*float64(a.Missed())
		for k := 1; k <= term; k++ {
			if rest <= 0 {
				t.Fatalf("%+v: repaid after %d payments of %d", a, k-1, term)
			}
			rest += rest*a.APR/12 - float64(a.Instalment)
		}
		// Rounding up to a cent overpays by less than a cent a payment, with its interest.
		// A whole cent may come out low by a rounding error of the balance.
		growth := math.Pow(1+a.APR/12, float64(term))
		slack, low := (float64(term)+7)*growth, (float64(term)+7)*growth*(1e-8+1e-12*float64(a.Balance))
		if rest > low || rest < -slack {
			t.Fatalf("%+v: %g cents are left, slack %g", a, rest, slack)
		}
		if dpd == 0 && a.Instalment != loan.AnnuityCents(a.Balance, a.APR, term, loan.MonthDays) {
			t.Fatalf("%+v: differs from the plain annuity %v", a, loan.AnnuityCents(a.Balance, a.APR, term, loan.MonthDays))
		}
	})
	table, err := outcome.Decode([]byte(base + "1,IL,u,a,100,0,12,0,0,0\n2,IL,u,a,100,0,12,31,0,0\n3,IL,u,a,0,0,12,0,0,0\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, report, _ := tape.Build(table, m)
	if len(report.Bad) != 1 || report.Bad[0].String() != "row 1: instalment: the rule annuity needs a term > 0 where 100.00 is owed and nothing is overdue" {
		t.Errorf("%v", report.Bad)
	}
}

func TestCardMinimum(t *testing.T) {
	m := strings.Replace(minimal, "{column: due}", "{rule: card-minimum, share: 0.05, floor: 20}", 1)
	p, _, err := load(t, "bal\n0\n12.5\n300\n1000.1\n", m)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []loan.Cents{0, 1250, 2000, 5001} { // 5% of 1000.10 is 50.005, rounded half up
		if got := p.Accounts[i].Instalment; got != want {
			t.Errorf("row %d: got %v, want %v", i+1, got, want)
		}
	}
}
