package loan

import (
	"fmt"
	"strings"
)

// Product is the kind of contract.
type Product uint8

// The products.
const (
	Instalment Product = iota // instalment loan: annuity, fixed instalment
	Card                      // credit card: minimum payment on the balance
	Micro                     // micro-enterprise loan: annuity, business income
	NumProducts
)

// Region is where the borrower lives; it decides travel, and how contacts connect.
type Region uint8

// The regions.
const (
	Urban Region = iota
	Suburban
	Remote
	NumRegions
)

// Cause is why a borrower falls behind. The true cause is latent; lenders see causes as diagnosed.
type Cause uint8

// The causes. Unknown is what a lender holds before any diagnosis; Reliable is the latent type of
// borrowers whom nothing but bad luck makes late.
const (
	Unknown Cause = iota
	Reliable
	Forgetful
	TemporaryShock
	OverIndebted
	Unwilling
	NumCauses
)

// Tone is the manner of a contact.
type Tone uint8

// The tones.
const (
	Neutral Tone = iota
	Friendly
	Firm
	Harsh
	NumTones
)

// Message is the content of a contact.
type Message uint8

// The messages.
const (
	Plain Message = iota
	Personalised
	Moral
	Threat
	NumMessages
)

// Status is where an account stands.
type Status uint8

// The statuses.
const (
	Current Status = iota
	Overdue
	Closed
	ChargedOff
)

var (
	productNames = []string{"instalment-loan", "credit-card", "micro-enterprise-loan"}
	regionNames  = []string{"urban", "suburban", "remote"}
	causeNames   = []string{"unknown", "reliable", "forgetful", "temporary-shock", "over-indebted", "unwilling"}
	toneNames    = []string{"neutral", "friendly", "firm", "harsh"}
	messageNames = []string{"plain", "personalised", "moral", "threat"}
	statusNames  = []string{"current", "overdue", "closed", "charged-off"}
)

func name(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("?%d", i)
	}
	return names[i]
}

func parse[T ~uint8](names []string, what string, text []byte, to *T) error {
	for i, n := range names {
		if n == string(text) {
			*to = T(i)
			return nil
		}
	}
	return fmt.Errorf("unknown %s %q, must be one of %s", what, text, strings.Join(names, ", "))
}

func (p Product) String() string { return name(productNames, int(p)) }
func (r Region) String() string  { return name(regionNames, int(r)) }
func (c Cause) String() string   { return name(causeNames, int(c)) }
func (t Tone) String() string    { return name(toneNames, int(t)) }
func (m Message) String() string { return name(messageNames, int(m)) }
func (s Status) String() string  { return name(statusNames, int(s)) }

// MarshalText writes the name; with UnmarshalText it lets scenario files and maps use names.
func (p Product) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// MarshalText writes the name.
func (r Region) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// MarshalText writes the name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// MarshalText writes the name.
func (t Tone) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalText writes the name.
func (m Message) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a name; the error lists the valid ones.
func (p *Product) UnmarshalText(text []byte) error { return parse(productNames, "product", text, p) }

// UnmarshalText reads a name; the error lists the valid ones.
func (r *Region) UnmarshalText(text []byte) error { return parse(regionNames, "region", text, r) }

// UnmarshalText reads a name; the error lists the valid ones.
func (c *Cause) UnmarshalText(text []byte) error { return parse(causeNames, "cause", text, c) }

// UnmarshalText reads a name; the error lists the valid ones.
func (t *Tone) UnmarshalText(text []byte) error { return parse(toneNames, "tone", text, t) }

// UnmarshalText reads a name; the error lists the valid ones.
func (m *Message) UnmarshalText(text []byte) error { return parse(messageNames, "message", text, m) }

// Bucket is a band of days past due, or charged off.
type Bucket uint8

// The buckets.
const (
	BucketCurrent Bucket = iota
	Bucket1
	Bucket30
	Bucket60
	Bucket90
	Bucket120
	Bucket150
	BucketChargedOff
	NumBuckets
)

var bucketNames = []string{"current", "1-29", "30-59", "60-89", "90-119", "120-149", "150-179", "charged-off"}

func (b Bucket) String() string { return name(bucketNames, int(b)) }

// BucketOf returns the bucket of an account that is dpd days past due and not charged off; the last
// band is open-ended, for policies that charge off later than 180 days.
func BucketOf(dpd Day) Bucket {
	if dpd <= 0 {
		return BucketCurrent
	}
	return min(Bucket1+Bucket(dpd/MonthDays), Bucket150)
}

// StartOf returns the bucket in which an account begins the run: what is charged off from a number of days past due on counts
// as charged off on day 0.
func StartOf(a *Account, chargeOff int) Bucket {
	if int(a.DPD) >= chargeOff {
		return BucketChargedOff
	}
	return BucketOf(a.DPD)
}
