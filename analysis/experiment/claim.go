package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/analysis/sensitivity"
)

// What an experiment can say about a claim.
const (
	Holds   = "holds"   // every judged measure lies beyond its threshold on the claimed side, its whole interval does
	Fails   = "fails"   // some judged measure does not
	Depends = "depends" // along a swept input a judged measure changes sides
)

// sure is the share of bootstrap resamples that must cross before a result counts as depending on an input.
const sure = 0.9

// Claim is the verdict on a claim. Effect, Low and High are those of the headline measure.
type Claim struct {
	Number      int
	Name, Claim string
	Result      string
	Effect      estimate.Estimate
	Unit        string
	Reason      string
	DependsOn   string  // first swept input along which a judged measure changes sides, or empty
	Beyond      float64 // value at which it does; NaN without one
	BeyondLow   float64
	BeyondHigh  float64
	Side        string // "above" or "below": side of Beyond on which the claim holds
	played      *Result
}

// Claim judges what was played by the directions that the file claims.
func (r *Result) Claim() (*Claim, error) {
	if r.File.Claim == "" {
		return nil, fmt.Errorf("%s: states no claim", r.Name)
	}
	nan := math.NaN()
	c := &Claim{
		Number: r.Number, Name: r.Name, Claim: r.File.Claim, Effect: r.Effects[0].Estimate, Unit: r.Effects[0].Measure.unit(),
		Beyond: nan, BeyondLow: nan, BeyondHigh: nan, played: r,
	}
	judged := 0
	var against []string
	for i := range r.Effects {
		e := &r.Effects[i]
		if e.Measure.Claimed == "" {
			continue
		}
		judged++
		if side := e.side(); side != e.Measure.Claimed {
			against = append(against, e.verdict(side))
		}
	}
	if judged == 0 {
		return nil, errors.New(r.Name + ": measures: none states what is claimed")
	}
	c.Result, c.Reason = Holds, "every judged measure lies on the claimed side"
	if against != nil {
		c.Result, c.Reason = Fails, strings.Join(against, "; ")
	}
	c.depend(r)
	return c, nil
}

// depend looks for the first sweep along which a judged measure changes sides.
func (c *Claim) depend(r *Result) {
	for i := range r.Curves {
		v := &r.Curves[i]
		if v.Measure.Claimed == "" {
			continue
		}
		x := v.crossing()
		if x == nil {
			continue
		}
		c.Result, c.DependsOn = Depends, v.Sweep.input()
		c.Beyond, c.BeyondLow, c.BeyondHigh = x.X, x.Low, x.High
		c.Side = "below"
		if x.Rising == (v.Measure.Claimed == "above") {
			c.Side = "above"
		}
		c.Reason = fmt.Sprintf("%s: holds where %s lies %s %.4g", v.Measure.Name, c.DependsOn, c.Side, c.Beyond)
		return
	}
}

// crossing returns the surest crossing, or nil if none is sure enough.
func (v *Curve) crossing() *sensitivity.Crossing {
	var best *sensitivity.Crossing
	for i := range v.Crossings {
		if x := &v.Crossings[i]; x.Share >= sure && (best == nil || x.Share > best.Share) {
			best = x
		}
	}
	return best
}

// input names what a sweep varies, for readers: its first path.
func (s *Sweep) input() string {
	path, _, _ := varied(s.Vary[0])
	return path
}

// side says on which side of the threshold the whole interval lies; "" if it holds the threshold or
// is undefined.
func (e *Effect) side() string {
	switch t := e.Measure.Threshold; {
	case e.Low > t:
		return "above"
	case e.High < t:
		return "below"
	}
	return ""
}

func (e *Effect) verdict(side string) string {
	m := e.Measure
	switch {
	case math.IsNaN(e.Value):
		return m.Name + ": undefined"
	case side == "":
		return fmt.Sprintf("%s: cannot be told from %g", m.Name, m.Threshold)
	}
	return fmt.Sprintf("%s: lies %s %g, %s claimed", m.Name, side, m.Threshold, m.Claimed)
}

// claimJSON is a claim as the contract of the command line has it; keys after beyond are additions.
type claimJSON struct {
	Claim      string         `json:"claim"`
	Result     string         `json:"result"`
	Effect     estimate.Float `json:"effect"`
	Low        estimate.Float `json:"low"`
	High       estimate.Float `json:"high"`
	DependsOn  *string        `json:"depends_on"`
	Beyond     estimate.Float `json:"beyond"`
	Number     int            `json:"number"`
	Name       string         `json:"name"`
	Unit       string         `json:"unit"`
	Side       *string        `json:"side"`
	BeyondLow  estimate.Float `json:"beyond_low"`
	BeyondHigh estimate.Float `json:"beyond_high"`
	Reason     string         `json:"reason"`
	Source     string         `json:"source"`
	Note       string         `json:"note"`
	Measures   []measureJSON  `json:"measures"`
	Sweeps     []sweepJSON    `json:"sweeps"`
}

type measureJSON struct {
	Measure   string         `json:"measure"`
	Effect    estimate.Float `json:"effect"`
	Low       estimate.Float `json:"low"`
	High      estimate.Float `json:"high"`
	Unit      string         `json:"unit"`
	Claimed   *string        `json:"claimed"`
	Threshold float64        `json:"threshold"`
	Warnings  []string       `json:"warnings"`
}

type sweepJSON struct {
	Input     string                 `json:"input"`
	Measure   string                 `json:"measure"`
	Unit      string                 `json:"unit"`
	Points    []pointJSON            `json:"points"`
	Crossings []sensitivity.Crossing `json:"crossings"`
}

type pointJSON struct {
	Value  float64        `json:"value"`
	Effect estimate.Float `json:"effect"`
	Low    estimate.Float `json:"low"`
	High   estimate.Float `json:"high"`
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// MarshalJSON implements json.Marshaler; undefined numbers become null.
func (c *Claim) MarshalJSON() ([]byte, error) {
	r := c.played
	j := claimJSON{
		Claim: c.Claim, Result: c.Result, Effect: estimate.Float(c.Effect.Value), Low: estimate.Float(c.Effect.Low), High: estimate.Float(c.Effect.High),
		DependsOn: text(c.DependsOn), Beyond: estimate.Float(c.Beyond), Number: c.Number, Name: c.Name, Unit: c.Unit, Side: text(c.Side),
		BeyondLow: estimate.Float(c.BeyondLow), BeyondHigh: estimate.Float(c.BeyondHigh), Reason: c.Reason, Source: r.Source, Note: r.Note,
		Measures: []measureJSON{}, Sweeps: []sweepJSON{},
	}
	for i := range r.Effects {
		e := &r.Effects[i]
		m := measureJSON{
			Measure: e.Measure.Name, Effect: estimate.Float(e.Value), Low: estimate.Float(e.Low), High: estimate.Float(e.High),
			Unit: e.Measure.unit(), Claimed: text(e.Measure.Claimed), Threshold: e.Measure.Threshold, Warnings: e.Warnings,
		}
		j.Measures = append(j.Measures, m)
	}
	for i := range r.Curves {
		j.Sweeps = append(j.Sweeps, r.Curves[i].json())
	}
	return json.Marshal(j)
}

func (v *Curve) json() sweepJSON {
	j := sweepJSON{Input: v.Sweep.input(), Measure: v.Measure.Name, Unit: v.Sweep.Unit, Crossings: v.Crossings}
	if j.Crossings == nil {
		j.Crossings = []sensitivity.Crossing{}
	}
	for i, x := range v.Sweep.Values {
		e := &v.Effects[i]
		j.Points = append(j.Points, pointJSON{x, estimate.Float(e.Value), estimate.Float(e.Low), estimate.Float(e.High)})
	}
	return j
}
