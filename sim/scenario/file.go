// Package scenario reads scenario files: strict, every fault of a file at once, with positions; each
// layer over the one before: embedded default, built-in strategies, the user's file, settings.
// A scenario becomes the engine's configuration by Config.
package scenario

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
)

// File is a scenario: the whole configuration of a run, as YAML. Every field has a default in the
// embedded scenario "default", so a user's file states only what differs.
type File struct {
	Name         string   `yaml:"name" doc:"name of the scenario; left out: that of the file"`
	Title        string   `yaml:"title,omitempty" doc:"one line for lists and reports"`
	Extends      string   `yaml:"extends,omitempty" doc:"scenario that this file is laid over: a built-in name, or a file beside it; left out: default"`
	Accounts     int      `yaml:"accounts" check:"[1,100000000]" doc:"accounts of a synthetic portfolio; each takes some 500 bytes of memory a worker"`
	Replications int      `yaml:"replications" check:">0" doc:"independent lives of the whole portfolio"`
	Horizon      int      `yaml:"horizon" check:"[1,32000]" doc:"days that are simulated"`
	Seed         uint64   `yaml:"seed" doc:"seed of every draw; 0 is a seed like any other"`
	Weekday      int      `yaml:"weekday" check:"[0,6]" doc:"weekday of day 0; 0 is Monday"`
	Holidays     []int    `yaml:"holidays,omitempty" check:">=0" doc:"days on which no team works"`
	Uncertainty  bool     `yaml:"uncertainty" doc:"draw parameters that declare a distribution anew in every replication"`
	Redraw       bool     `yaml:"redraw" doc:"draw the accounts anew in every replication, synthetic ones from the marginals, those of a tape with replacement (bootstrap), so that intervals hold for portfolios of this kind; false: for these accounts"`
	Baseline     string   `yaml:"baseline" doc:"strategy that the others are compared with"`
	Compare      []string `yaml:"compare,omitempty" doc:"strategies to play, in this order; left out: all"`

	Strategies []Strategy              `yaml:"strategies" doc:"strategies by name; a built-in name alone means the built-in strategy"`
	Portfolio  borrower.Synthetic      `yaml:"portfolio" doc:"marginals of the synthetic portfolio"`
	Segments   *loan.Segments          `yaml:"segments,omitempty" doc:"groups accounts, of a tape or synthetic, by a number; left out: as the tape's map says, or all in one segment"`
	Borrowers  borrower.Params         `yaml:"borrowers" doc:"how borrowers behave"`
	Channels   Channels                `yaml:"channels" doc:"what each channel costs and does"`
	Tones      Tones                   `yaml:"tones" doc:"how the manner of a contact changes the response"`
	Messages   Messages                `yaml:"messages" doc:"how the content of a contact changes the response"`
	Teams      strategy.Teams          `yaml:"teams" doc:"who serves the channels that need people"`
	Travel     strategy.TravelByRegion `yaml:"travel" doc:"geography of visits by region"`
	Guardrails strategy.Guardrails     `yaml:"guardrails" doc:"limits on contact; name picks a built-in rule set"`
	Costs      strategy.Costs          `yaml:"costs" doc:"the lender's other costs"`
	Remedies   loan.Terms              `yaml:"remedies" doc:"terms of the remedies"`
	Policy     strategy.Policy         `yaml:"policy" doc:"what contract and books prescribe"`
	Reference  *Reference              `yaml:"reference,omitempty" doc:"replaces the portfolio by copies of one account (tests against theory)"`
}

// Strategy is a named plan.
type Strategy struct {
	Name          string `yaml:"-" overlay:"name"`
	strategy.Plan `yaml:",inline"`
}

// Channel is what one channel costs the lender and how borrowers respond to it.
type Channel struct {
	strategy.Service  `yaml:",inline"`
	borrower.Response `yaml:",inline"`
}

// Channels are all channels, by loan.Channel; NoChannel is of no use.
type Channels [loan.NumChannels]Channel

// Keys gives every channel's key in files: its name.
func (Channels) Keys() []overlay.Key {
	keys := make([]overlay.Key, loan.NumChannels)
	for c := loan.NoChannel + 1; c < loan.NumChannels; c++ {
		keys[c] = overlay.Key{Name: c.String(), Doc: c.Kind().Doc}
	}
	return keys
}

// Tones are the manners of a contact.
type Tones struct {
	Neutral  borrower.ToneResponse `yaml:"neutral"`
	Friendly borrower.ToneResponse `yaml:"friendly"`
	Firm     borrower.ToneResponse `yaml:"firm"`
	Harsh    borrower.ToneResponse `yaml:"harsh"`
}

// Messages are the contents of a contact.
type Messages struct {
	Plain        borrower.MessageResponse `yaml:"plain"`
	Personalised borrower.MessageResponse `yaml:"personalised"`
	Moral        borrower.MessageResponse `yaml:"moral"`
	Threat       borrower.MessageResponse `yaml:"threat"`
}

// Reference is one account, copied Accounts times: wholly overdue, no schedule. It expresses the
// untreated reference account of Chehrazi, Glynn and Weber (2019) with the engine's own process.
type Reference struct {
	Intensity float64 `yaml:"intensity" check:">=0" doc:"payment intensity at the start, per time unit"`
	Balance   float64 `yaml:"balance" check:">0" doc:"balance at the start, major units"`
	Unit      float64 `yaml:"unit_days" check:">0" doc:"days per time unit of the reference model"`
	Reversion float64 `yaml:"reversion" check:">=0" doc:"level to which the intensity reverts, per time unit (lambda infinity)"`
	Decay     float64 `yaml:"decay" check:">=0" doc:"rate of reversion per time unit (kappa)"`
	Discount  float64 `yaml:"discount" check:">=0" doc:"continuous discount rate per time unit (rho)"`
	JumpBase  float64 `yaml:"jump_base" check:">=0" doc:"jump of the intensity at a repayment, per time unit (delta_10)"`
	JumpSlope float64 `yaml:"jump_slope" check:">=0" doc:"further jump per unit of the repaid fraction (delta_11)"`
}
