package strategy

import (
	"fmt"
	"math"
	"strings"

	"collectsim/sim/loan"
)

// Priority is the rule by which a team ranks its worklist when the day is too short.
type Priority uint8

// The priority rules. All use observed fields only.
const (
	ByDPD      Priority = iota // most days past due first
	ByOwed                     // largest amount owed first
	ByScore                    // riskiest first: lowest risk score
	ByRecovery                 // expected recovery per minute: owed * score / minutes
	ByUplift                   // estimated uplift per minute: owed * 4 score (1-score) / minutes; contacts move the undecided
	ByRandom
)

var priorityNames = []string{"dpd", "owed", "score", "recovery-per-minute", "uplift-per-minute", "random"}

func (p Priority) String() string { return priorityNames[p] }

// MarshalText writes the name.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a name; the error lists the valid ones.
func (p *Priority) UnmarshalText(text []byte) error {
	return parseName(priorityNames, "priority", text, p)
}

func parseName[T ~uint8](names []string, what string, text []byte, to *T) error {
	for i, n := range names {
		if n == string(text) {
			*to = T(i)
			return nil
		}
	}
	return fmt.Errorf("unknown %s %q, must be one of %s", what, text, strings.Join(names, ", "))
}

// Rank returns the worklist key of an account under the rule: higher is served first. minutes is the
// expected time that serving the account takes.
func (p Priority) Rank(o *Observed, minutes float64) float32 {
	owed, score := float64(o.Owed), float64(o.Score)
	switch p {
	case ByOwed:
		return float32(owed)
	case ByScore:
		return 1 - o.Score
	case ByRecovery:
		return float32(owed * score / minutes)
	case ByUplift:
		return float32(owed * 4 * score * (1 - score) / minutes)
	case ByRandom:
		return o.Dice
	}
	return float32(o.DPD)
}

// Team is a group of agents that serves one channel.
type Team struct {
	Agents    float64   `yaml:"agents" check:">=0" doc:"full-time agents; 0: the channel is not offered"`
	Minutes   float64   `yaml:"minutes" check:">0" doc:"productive minutes per agent and working day"`
	Skill     float64   `yaml:"skill" check:">0" doc:"skill relative to the average; scales effect, relief and safety"`
	Wage      float64   `yaml:"wage" check:">=0" doc:"cost per minute worked, major units"`
	Fixed     float64   `yaml:"fixed" check:">=0" doc:"fixed cost per agent and day: seat, vehicle, supervision; major units"`
	Crew      float64   `yaml:"crew" check:">=1" doc:"agents who go together"`
	BookAhead int       `yaml:"book_ahead,omitempty" check:"[0,20]" doc:"visits: working days after the first that the notice allows for which an appointment may still be made, further ones if the next booking cannot reach them"`
	Weekends  bool      `yaml:"weekends,omitempty" doc:"also works on Saturdays and Sundays"`
	Priority  Priority  `yaml:"priority" doc:"rule that ranks the worklist when capacity is short"`
	Regions   *Stations `yaml:"regions,omitempty" doc:"agents by the region that they work; where it is stated, agents is not used, and a region that it leaves out has none"`
	Shifts    []Shift   `yaml:"shifts,omitempty" doc:"when the agents work, by shift name; where shifts are stated, minutes is not used, and contacts are made at their hours, not at those that stages state"`
}

// Stations are agents by region: each works the list of the own region only.
type Stations struct {
	Urban    float64 `yaml:"urban" check:">=0"`
	Suburban float64 `yaml:"suburban" check:">=0"`
	Remote   float64 `yaml:"remote" check:">=0"`
}

// Stationed returns the agents by loan.Region, or, of a team whose agents serve all regions, all of them as
// the only element.
func (t *Team) Stationed() []float64 {
	if t.Regions == nil {
		return []float64{t.Agents}
	}
	return []float64{loan.Urban: t.Regions.Urban, loan.Suburban: t.Regions.Suburban, loan.Remote: t.Regions.Remote}
}

// In returns the number of agents who serve a region.
func (t *Team) In(r loan.Region) float64 {
	if t.Regions == nil {
		return t.Agents
	}
	return t.Stationed()[r]
}

// Scale multiplies the number of agents.
func (t *Team) Scale(factor float64) {
	t.Agents *= factor
	if r := t.Regions; r != nil {
		t.Regions = &Stations{r.Urban * factor, r.Suburban * factor, r.Remote * factor}
	}
}

// Capacity is the minutes that some of the team's agents have together, with minutes for each: crews work
// together, so agents are divided by crew.
func (t *Team) Capacity(agents, minutes float64) float64 { return agents / t.Crew * minutes }

// Teams are the teams by channel; channels that need no team are automated or bought by the piece.
type Teams struct {
	Call  Team `yaml:"call" doc:"agents who call"`
	Visit Team `yaml:"visit" doc:"officers who visit homes"`
}

// Of returns the team that serves the channel, or nil.
func (t *Teams) Of(c loan.Channel) *Team {
	switch {
	case c == loan.Visit:
		return &t.Visit
	case c.Kind().Agents:
		return &t.Call
	}
	return nil
}

// Offered reports whether the channel is served at all in a region.
func (t *Teams) Offered(c loan.Channel, r loan.Region) bool {
	team := t.Of(c)
	return team == nil || team.In(r) > 0
}

// Travel is the geography of visits in one region.
type Travel struct {
	Area     float64 `yaml:"area" check:">0" doc:"area that the day's stops are spread over, square kilometres"`
	Speed    float64 `yaml:"speed" check:">0" doc:"travel speed, kilometres an hour"`
	CostPerK float64 `yaml:"cost_per_km" check:">=0" doc:"travel cost per kilometre, major units"`
}

// TourConstant is the constant k of the tour length k*sqrt(area*stops) through uniformly spread
// stops (Beardwood, Halton and Hammersley 1959; 0.7124 by Johnson, McGeoch and Rothberg 1996).
const TourConstant = 0.7124

// Kilometres returns the travel per stop when n stops are served: k * sqrt(area / n).
func (t *Travel) Kilometres(n float64) float64 {
	if n < 1 {
		n = 1
	}
	return TourConstant * math.Sqrt(t.Area/n)
}

// StopMinutes returns on-site time plus travel per stop when n stops are served.
func (t *Travel) StopMinutes(onSite, n float64) float64 {
	return float64(onSite) + 60*t.Kilometres(n)/t.Speed
}

// TravelByRegion is the geography by region.
type TravelByRegion struct {
	Urban    Travel `yaml:"urban"`
	Suburban Travel `yaml:"suburban"`
	Remote   Travel `yaml:"remote"`
}

// In returns the geography of a region.
func (t *TravelByRegion) In(r loan.Region) *Travel {
	switch r {
	case loan.Suburban:
		return &t.Suburban
	case loan.Remote:
		return &t.Remote
	}
	return &t.Urban
}

// Service is what one channel costs the lender.
type Service struct {
	Unit    float64 `yaml:"unit_cost" check:">=0" doc:"cost per attempt, major units"`
	Attempt float64 `yaml:"attempt_minutes,omitempty" check:">=0" doc:"agent minutes of an attempt that meets nobody; for visits on the doorstep"`
	Talk    float64 `yaml:"talk_minutes,omitempty" check:">=0" doc:"agent minutes of a conversation; for visits on site"`
	Fee     float64 `yaml:"fee_share,omitempty" check:"[0,1]" doc:"share of the overdue money paid while the account is placed that goes to the agency"`
}

// Costs are the lender's other costs.
type Costs struct {
	Complaint float64 `yaml:"complaint" check:">=0" doc:"handling of one complaint, major units"`
	Incident  float64 `yaml:"incident" check:">=0" doc:"one safety incident, major units"`
	Funding   float64 `yaml:"funding" check:"[0,1]" doc:"effective annual funding rate; discounts npv"`
}

// Provision is the expected loss on what is outstanding, by contractual bucket; accounts under a new
// schedule count by that schedule, with Remedied at the least.
type Provision struct {
	Current    float64 `yaml:"current" check:"[0,1]"`
	Days1      float64 `yaml:"days_1" check:"[0,1]"`
	Days30     float64 `yaml:"days_30" check:"[0,1]"`
	Days60     float64 `yaml:"days_60" check:"[0,1]"`
	Days90     float64 `yaml:"days_90" check:"[0,1]"`
	Days120    float64 `yaml:"days_120" check:"[0,1]"`
	Days150    float64 `yaml:"days_150" check:"[0,1]"`
	ChargedOff float64 `yaml:"charged_off" check:"[0,1]"`
	Remedied   float64 `yaml:"remedied" check:"[0,1]"`
}

// Of returns the provision of an account on the demanded schedule's bucket; remedied says that a remedy
// has deferred contractual arrears.
func (p *Provision) Of(b loan.Bucket, remedied bool) float64 {
	rate := [loan.NumBuckets]float64{p.Current, p.Days1, p.Days30, p.Days60, p.Days90, p.Days120, p.Days150, p.ChargedOff}[b]
	if remedied {
		return max(rate, p.Remedied)
	}
	return rate
}

// Policy is what the lender's contract and books prescribe.
type Policy struct {
	Budget    float64   `yaml:"budget_per_account,omitempty" check:">=0" doc:"most that a run may spend on collection, per account of the portfolio, major units; then nothing more is done; 0: no cap"`
	Provision Provision `yaml:"provision" doc:"expected loss on what a run leaves on the books"`
	ChargeOff int       `yaml:"charge_off_days" check:">0" doc:"days past due at which an account is charged off"`
	RunOff    int       `yaml:"run_off_months" check:"[0,60]" doc:"months beyond the horizon over which net_value follows what accounts in collection pay, without contact; then, and from charge-off, provisions value the rest; 0: provisions alone"`
}
