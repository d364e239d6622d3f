package tape

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"collectsim/sim/loan"
	"collectsim/sim/scenario/overlay"
)

// Map says how the columns of a loan tape become accounts. It is written in YAML and decoded strictly.
//
// Amounts are converted to Currency: cell, times Exchange, times the field's own scale. Everything that a map states of an
// amount itself (value, default, min, max, floor) is in major units of Currency, after conversion.
type Map struct {
	Source         string   `yaml:"source" doc:"where the accounts come from: owner, date, terms"`
	Assumptions    []string `yaml:"assumptions,omitempty" doc:"choices made here that no source backs, one an entry; repeated in every report"`
	Currency       string   `yaml:"currency" doc:"ISO 4217 code of the amounts after conversion, as in CNY"`
	Unit           string   `yaml:"unit,omitempty" check:"in:major|minor" doc:"unit of the tape's amounts: major (as yuan, default) or minor (as fen)"`
	Exchange       float64  `yaml:"exchange,omitempty" check:">0" doc:"units of currency for one unit of the tape's money (default 1)"`
	Encoding       string   `yaml:"encoding,omitempty" check:"in:utf-8|gb18030|utf-16|windows-1252" doc:"characters of a CSV file: utf-8 (default), gb18030 (GBK and GB 2312 too), utf-16 or windows-1252"`
	Separator      string   `yaml:"separator,omitempty" check:"in:comma|semicolon|tab|pipe" doc:"separator of the cells of a CSV file: comma (default), semicolon, tab or pipe"`
	Decimal        string   `yaml:"decimal,omitempty" check:"in:point|comma" doc:"decimal separator in cells that hold numbers: point (default) or comma, as in 12,5"`
	Thousands      string   `yaml:"thousands,omitempty" check:"in:comma|point|space|apostrophe" doc:"separator of thousands in cells that hold numbers, as in 12,000.50: comma, point, space or apostrophe (default: none, such a cell is bad); with comma, lakhs and crores too, as in 1,20,000.50"`
	Symbols        []string `yaml:"symbols,omitempty" doc:"signs before or behind numbers that are left out, such as %, $, Rs. or months; a percentage still needs scale: 0.01"`
	Missing        []Cell   `yaml:"missing,omitempty" doc:"cell contents that count as empty in every column, beside NA, N/A, NaN and null, which do so where numbers are: such as [., '?', -999]"`
	OnError        string   `yaml:"on_error,omitempty" check:"in:fail|drop" doc:"a row with a bad cell: fail (default) refuses the tape, drop leaves the row out and counts it"`
	Contradictions string   `yaml:"contradictions,omitempty" check:"in:fail|repair" doc:"arrears that contradict dpd or balance: fail (default) makes the cell bad, repair derives the arrears from dpd and counts it"`
	Keep           []Filter `yaml:"keep,omitempty" doc:"rows to keep: those that pass every filter; the others are counted, not checked"`
	Fields         Fields   `yaml:"fields" doc:"where each field of an account comes from"`

	file string         // for messages
	line map[string]int // line of each path of the file
}

// Fields has an entry for each field of [loan.Account].
type Fields struct {
	ID          *Key        `yaml:"id,omitempty" doc:"key of the account; unique (default: the row number: a row more changes what all behind it live through)"`
	Product     *Word       `yaml:"product" doc:"instalment-loan, credit-card or micro-enterprise-loan"`
	Region      *Word       `yaml:"region" doc:"urban, suburban or remote"`
	Segment     *Word       `yaml:"segment,omitempty" doc:"any grouping, at most 256 groups (default: one group, all)"`
	Balance     *Number     `yaml:"balance" doc:"amount: outstanding principal and billed interest, overdue part included; >= 0"`
	Instalment  *Instalment `yaml:"instalment" doc:"amount: contractual instalment, monthly unless instalment_days says otherwise, or minimum payment"`
	APR         *Number     `yaml:"apr" doc:"nominal annual rate as a fraction in [0,10]; percentages need scale: 0.01"`
	PenaltyAPR  *Number     `yaml:"penalty_apr,omitempty" doc:"annual rate on the overdue amount, a fraction in [0,10] (default 0)"`
	DPD         *Number     `yaml:"dpd,omitempty" doc:"days past due, 0 to 32766 (default 0: all accounts are current)"`
	Arrears     *Number     `yaml:"arrears,omitempty" doc:"amount: the overdue part of the balance (default: missed instalments by dpd, at most the balance)"`
	Term        *Number     `yaml:"term,omitempty" doc:"instalments still to fall due, 0 to 32767; needed unless all accounts are cards"`
	Every       *Number     `yaml:"instalment_days,omitempty" doc:"days from one instalment to the next, 1 to 30: 7 where they are weekly, 30 of cards (default 30)"`
	DueDay      *Number     `yaml:"due_day,omitempty" doc:"first day from the tape's date on which an instalment falls due, 0 to instalment_days - 1; others follow every instalment_days (default: fitting dpd, or spread evenly by id)"`
	Limit       *Number     `yaml:"limit,omitempty" doc:"amount: credit limit (default 0: none)"`
	LastPayment *Number     `yaml:"last_payment,omitempty" doc:"amount: paid in the last month before the tape's date; 0: nothing; left out, or a cell that is empty: not known"`
	OtherDebts  *Number     `yaml:"other_debts,omitempty" doc:"known debts at other lenders, 0 to 255 (default 0)"`
	Opened      *Opening    `yaml:"opened,omitempty" doc:"day of the run on which the loan is disbursed, counted from the tape's date, -100000 to 32766, or its date; 0 or less: on the books (default 0)"`
}

// Key names the column of the accounts' ids. Whole numbers are taken as they are; for another text stands a number that is
// made of it, see [loan.Portfolio] Keys. Without a column the row number is the id: what an account lives through, and what is
// dealt out by id, then goes by the order of rows.
type Key struct {
	Column string `yaml:"column" doc:"name of a column"`
}

// Number says where a number comes from: a column or a constant.
//
// A cell is looked up in Values if there is such a table, multiplied by Scale, Offset is added, and the sum rounded if Round says so.
type Number struct {
	Column  string             `yaml:"column,omitempty" doc:"name of a column"`
	Value   *float64           `yaml:"value,omitempty" doc:"the same value for all accounts, instead of a column"`
	Values  map[string]float64 `yaml:"values,omitempty" doc:"number for each cell content; a content that is not listed is bad, unless other is given"`
	Other   *float64           `yaml:"other,omitempty" doc:"number for cell contents that values does not list"`
	Scale   *float64           `yaml:"scale,omitempty" doc:"factor (default 1)"`
	Offset  float64            `yaml:"offset,omitempty" doc:"added after scaling"`
	Round   string             `yaml:"round,omitempty" check:"in:up|nearest|down" doc:"make a whole number of a converted value, as of days that are turned into months (fields of whole numbers only; what is within a part in 100,000 of a whole number is that one); counted"`
	Default *float64           `yaml:"default,omitempty" doc:"final value where the cell is empty; without it an empty cell is bad"`
	Min     *float64           `yaml:"min,omitempty" doc:"smallest value allowed, after scaling"`
	Max     *float64           `yaml:"max,omitempty" doc:"largest value allowed, after scaling"`
	Outside string             `yaml:"outside,omitempty" check:"in:fail|clamp|drop" doc:"a value outside of min and max: fail (default) makes the cell bad, clamp moves it to the bound, drop leaves the row out; both are counted"`
}

// Instalment is a number, or a rule that derives it.
//
// card-minimum is max(floor, share x balance), at most the balance. annuity is the level payment that repays the balance,
// given apr, term and the instalments already missed: balance / (missed + (1 - (1+r)^-term)/r), r the rate for an interval of
// instalments (apr/12 where they are monthly), rounded up
// to a cent; interest on missed instalments is taken to be in the balance.
type Instalment struct {
	Number `yaml:",inline"`
	Rule   string   `yaml:"rule,omitempty" check:"in:card-minimum|annuity" doc:"derive the instalment: card-minimum or annuity"`
	Share  *float64 `yaml:"share,omitempty" check:"(0,1]" doc:"card-minimum: share of the balance"`
	Floor  *float64 `yaml:"floor,omitempty" check:">=0" doc:"card-minimum: smallest minimum payment, in major units (default 0)"`
}

// Opening is a number of days, or a date from which it is counted: then the cells are dates in Format, a time of day
// behind them is left out, and an empty cell needs a default, in days.
type Opening struct {
	Number `yaml:",inline"`
	AsOf   string `yaml:"as_of,omitempty" doc:"the tape's date, day 0 of the run, as 2026-01-31; the column holds dates of disbursement"`
	Format string `yaml:"format,omitempty" check:"in:yyyy-mm-dd|yyyy/mm/dd|yyyymmdd|dd.mm.yyyy|dd/mm/yyyy|dd-mm-yyyy|dd-mmm-yyyy|mm/dd/yyyy|mmm-yyyy" doc:"of these dates (default yyyy-mm-dd); days and months may lack the leading zero; mmm-yyyy, as in Jan-2026, is the first day of the month"`
}

// Word says where a name comes from: a column, a column of numbers cut into groups, a constant, or a spread over accounts.
type Word struct {
	Column  string             `yaml:"column,omitempty" doc:"name of a column"`
	Value   string             `yaml:"value,omitempty" doc:"the same name for all accounts, instead of a column"`
	Values  map[string]string  `yaml:"values,omitempty" doc:"name for each cell content (default: the content is the name)"`
	Other   string             `yaml:"other,omitempty" doc:"name for cell contents that values does not list"`
	Default string             `yaml:"default,omitempty" doc:"name where the cell is empty; without it an empty cell is bad"`
	Bands   loan.Bands         `yaml:"bands,omitempty" doc:"segment only: numbers at which those of the column are cut, as they stand: column SCORE and bands [580, 670] make the groups \"SCORE under 580\", \"SCORE 580 to 670\" and \"SCORE from 670\"; values, if any, names the cell contents that are codes, such as -1 for no score"`
	Spread  map[string]float64 `yaml:"spread,omitempty" check:"[0,1]" doc:"share of accounts for each name, dealt out by id: for tapes that lack the field"`
}

// Filter passes rows by one column. A row whose cell is empty does not pass.
type Filter struct {
	Column string   `yaml:"column" doc:"name of a column"`
	Min    *float64 `yaml:"min,omitempty" doc:"smallest value that passes, in the tape's unit"`
	Max    *float64 `yaml:"max,omitempty" doc:"largest value that passes, in the tape's unit"`
	In     []Cell   `yaml:"in,omitempty" doc:"cell contents that pass"`
	NotIn  []Cell   `yaml:"not_in,omitempty" doc:"cell contents that do not pass"`
}

// Cell is the content of a cell, written with or without quotes.
type Cell string

// UnmarshalText takes any scalar as it stands.
func (c *Cell) UnmarshalText(text []byte) error { *c = Cell(text); return nil }

// MarshalText is the inverse of UnmarshalText.
func (c Cell) MarshalText() ([]byte, error) { return []byte(c), nil }

// ReadMap reads and checks a map file. Errors name file and line, all at once.
func ReadMap(path string) (*Map, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, plain(err))
	}
	return ParseMap(path, src)
}

// plain strips a file system error of the path, which is in front already.
func plain(err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// ParseMap decodes and checks a map; file names the source in messages. Errors are [overlay.Errors], all at once.
func ParseMap(file string, src []byte) (*Map, error) {
	m := &Map{Unit: "major", Exchange: 1, OnError: "fail", Contradictions: "fail"}
	if _, err := overlay.Decode(file, src, m, nil); err != nil {
		return nil, err
	}
	m.file, m.line = file, lines(src)
	if err := m.Check(); err != nil {
		return nil, err
	}
	return m, nil
}

// Schema is the JSON Schema of map files.
func Schema() []byte { return overlay.Schema(&Map{}, nil) }
