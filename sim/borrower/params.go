// Package borrower holds the people of the simulation: latent traits drawn given what a lender
// observes, and their response to life and to contacts. Three gates stand in front of a payment:
// the borrower knows (awareness), can (cash) and will (payment intensity, a self-exciting process
// in the sense of Chehrazi and Weber 2015).
//
// Nothing here is visible to a strategy: package strategy does not import this one.
package borrower

// Params are the behaviour parameters. Rates are per day, money shares per instalment, stress in
// points of [0, 100]. Defaults, ranges and sources stand in data/scenarios/default.yaml.
type Params struct {
	Causes     Causes     `yaml:"causes" doc:"types of latent state; what makes a borrower late"`
	Loadings   Loadings   `yaml:"loadings" doc:"loadings of the traits on one common factor (one-factor Gaussian copula)"`
	Payment    Payment    `yaml:"payment" doc:"what a payment decision pays"`
	Excitation Excitation `yaml:"excitation" doc:"how willingness is excited and how the excitement decays"`
	Awareness  Awareness  `yaml:"awareness" doc:"how borrowers learn that they owe"`
	Cash       Cash       `yaml:"cash" doc:"how liquid cash comes and goes"`
	LumpSums   LumpSums   `yaml:"lump_sums" doc:"money from outside that comes at once"`
	Stress     Stress     `yaml:"stress" doc:"what moves stress, and what stress moves"`
	Trust      Trust      `yaml:"trust" doc:"what moves trust, and what trust moves"`
	Visit      Visited    `yaml:"visits" doc:"how an announcement changes a visit"`
	Bureau     Reported   `yaml:"bureau" doc:"what a credit-bureau entry does to the borrower"`
	Vulnerable Vulnerable `yaml:"vulnerable" doc:"borrowers under special protection"`
	Macro      Macro      `yaml:"macro" doc:"path of the economy: scales the rate of income loss"`
	Score      Score      `yaml:"score" doc:"the lender's risk score"`
}

// Causes gives each latent type its parameters.
type Causes struct {
	Reliable       Type `yaml:"reliable" doc:"pays unless something happens"`
	Forgetful      Type `yaml:"forgetful" doc:"fails to know: forgets or was never told"`
	TemporaryShock Type `yaml:"temporary-shock" doc:"fails to be able for a while: job loss, family event, slump"`
	OverIndebted   Type `yaml:"over-indebted" doc:"fails to be able for long: too many debts for the income"`
	Unwilling      Type `yaml:"unwilling" doc:"fails to want: low credit awareness or strategic"`
}

// Type is one latent type.
type Type struct {
	Share    float64 `yaml:"share" check:">=0" doc:"share of this type among all borrowers of a book; shares are rescaled to sum to 1"`
	Odds     Odds    `yaml:"odds" doc:"likelihood of the observed state on day 0 given the type, relative between types"`
	Memory   float64 `yaml:"memory" check:"[0,1]" doc:"probability of having a due date in mind without a reminder (mean over borrowers)"`
	OnTime   float64 `yaml:"on_time" check:"[0,1]" doc:"probability that one who knows and can pays on the due date"`
	Capacity float64 `yaml:"capacity" check:">=0" doc:"median free cash per month over the instalment, in a stable month"`
	Spread   float64 `yaml:"capacity_spread" check:">=0" doc:"standard deviation of the log of capacity"`
	Will     float64 `yaml:"intensity" check:">=0" doc:"median own payment intensity per day when overdue, aware and able"`
	WillVar  float64 `yaml:"intensity_spread" check:">=0" doc:"standard deviation of the log of intensity"`
	Keep     float64 `yaml:"keep" check:">=0" doc:"good faith: factor on the chance that a promise is kept by one who can pay, and on goodwill after a remedy"`
	LossRate float64 `yaml:"loss_rate" check:">=0" doc:"rate per day of losing income at a macro factor of 1"`
	LossDays float64 `yaml:"loss_days" check:">0" doc:"mean days until lost income returns"`
	LossPart float64 `yaml:"loss_share" check:"[0,1]" doc:"share of free cash lost while income is disrupted"`
	LossNow  float64 `yaml:"disrupted_if_overdue" check:"[0,1]" doc:"probability that an account overdue on day 0 is in disrupted income"`
}

// Odds are the likelihoods of what a lender observes on day 0 given the type.
type Odds struct {
	Current  float64 `yaml:"current" check:">=0"`
	Days1    float64 `yaml:"days_1" check:">=0"`
	Days30   float64 `yaml:"days_30" check:">=0"`
	Days60   float64 `yaml:"days_60" check:">=0"`
	Days90   float64 `yaml:"days_90" check:">=0"`
	PaidNone float64 `yaml:"paid_none" check:">=0" doc:"likelihood of no payment in the last month before day 0, where known"`
	PaidPart float64 `yaml:"paid_part" check:">=0" doc:"likelihood of less than an instalment"`
	PaidFull float64 `yaml:"paid_full" check:">=0" doc:"likelihood of an instalment or more"`
}

// Loadings of each trait on the common factor; the correlation of two traits is the product.
type Loadings struct {
	Capacity   float64 `yaml:"capacity" check:"[-1,1]"`
	Intensity  float64 `yaml:"intensity" check:"[-1,1]"`
	Memory     float64 `yaml:"memory" check:"[-1,1]"`
	Reach      float64 `yaml:"reach" check:"[-1,1]"`
	Trust      float64 `yaml:"trust" check:"[-1,1]"`
	Reactivity float64 `yaml:"reactivity" check:"[-1,1]"`
}

// Payment says how much of what is owed a decision pays: all of it with probability FullShare, one
// instalment with probability InstalmentShare, else a uniform fraction; never more than the cash at hand.
type Payment struct {
	FullShare    float64 `yaml:"full_share" check:"[0,1]" doc:"probability that a decision is to pay all that is owed"`
	Instalment   float64 `yaml:"instalment_share" check:"[0,1]" doc:"probability that a decision is to pay one instalment, with the penalties; full_share comes first"`
	Rest         float64 `yaml:"rest" check:"[0,1]" doc:"probability that one who paid an instalment takes the month for done: no further decision until the next due date"`
	FractionLow  float64 `yaml:"fraction_low" check:"(0,1]" doc:"smallest fraction of a part payment"`
	FractionHigh float64 `yaml:"fraction_high" check:"(0,1]" doc:"largest fraction of a part payment"`
	Wear         float64 `yaml:"wear" check:"[0,1]" doc:"share that each month past due takes away of willingness, which is the own payment intensity and the effect of contacts; 0: it does not wear off"`
	PromisePart  float64 `yaml:"promise_part" check:"[0,1]" doc:"probability that one whose cash does not reach promises one instalment in place of all that is owed"`
	ChargedOff   float64 `yaml:"charged_off" check:">=0" doc:"factor on willingness, the own payment intensity and the effect of contacts, after charge-off"`
	Minimum      float64 `yaml:"minimum" check:">=0" doc:"cash, in instalments, at which a borrower is fully able to decide for a payment; 0: always able"`
}

// Excitation is the contact and payment excitation E of the intensity theta + E.
type Excitation struct {
	Decay          float64 `yaml:"decay" check:">=0" doc:"rate per day at which excitation decays (kappa)"`
	RepaymentBase  float64 `yaml:"repayment_base" check:">=0" doc:"jump at any repayment (delta_10)"`
	RepaymentSlope float64 `yaml:"repayment_slope" check:">=0" doc:"further jump per unit of the repaid fraction (delta_11)"`
	Start          float64 `yaml:"start" check:">=0" doc:"excitation of overdue accounts on day 0"`
	MemoryDays     float64 `yaml:"memory_days" check:">0" doc:"days over which recent contacts are remembered for saturation (mean)"`
	Scale          float64 `yaml:"scale" check:">=0" doc:"scales the effect of every contact; 0 switches effects off"`
}

// Awareness is how borrowers who missed a due date unknowingly find out by themselves.
type Awareness struct {
	DiscoveryDays float64 `yaml:"discovery_days" check:">0" doc:"mean days until an unaware borrower notices"`
}

// Cash arrives on a monthly pay day and is drained by living costs and other creditors.
type Cash struct {
	Leak    float64 `yaml:"leak" check:"[0,1]" doc:"share of free cash spent on other things a day"`
	PerDebt float64 `yaml:"per_debt" check:"[0,1]" doc:"share of free cash that each debt at another lender takes first"`
}

// LumpSums is money from outside that comes at once: help of the family, a loan elsewhere, a bonus, a tax
// refund, something sold. It comes by a Poisson process of the borrower's life, whatever the lender does.
type LumpSums struct {
	PerYear float64 `yaml:"per_year" check:">=0" doc:"mean number of lump sums a borrower and year; 0: none"`
	Size    float64 `yaml:"size" check:">=0" doc:"median lump sum over what the contract asks for in a month"`
	Spread  float64 `yaml:"size_spread" check:">=0" doc:"standard deviation of the log of the size"`
	ForDebt float64 `yaml:"for_debt" check:"[0,1]" doc:"probability that one who knows what he owes, and is of good faith (keep of 1), puts it to the debt at once"`
}

// Stress of a borrower relaxes to a base level; contacts, notices, legal steps and remedies move it.
type Stress struct {
	Relax         float64 `yaml:"relax" check:"[0,1]" doc:"share of the distance to the base level closed a day"`
	Base          float64 `yaml:"base" check:"[0,100]" doc:"base level of a current borrower in a stable month"`
	PerMissed     float64 `yaml:"per_missed" check:">=0" doc:"points of the base level per month of missed instalments, up to three"`
	Disrupted     float64 `yaml:"disrupted" check:">=0" doc:"points of the base level while income is disrupted"`
	PerDebt       float64 `yaml:"per_debt" check:">=0" doc:"points of the base level per debt at another lender"`
	PerInstalment float64 `yaml:"per_instalment" check:">=0" doc:"points of the base level per instalment a month beyond the first: weekly ones are 3.3 more; while the loan is on the books"`
	Notice        float64 `yaml:"notice" check:">=0" doc:"points by which the announcement of a visit raises stress"`
	RemedyRelief  float64 `yaml:"remedy_relief" check:">=0" doc:"points by which a granted remedy lowers stress"`
	CureRelief    float64 `yaml:"cure_relief" check:">=0" doc:"points by which getting current lowers stress, at most down to its base level"`
	ContactScale  float64 `yaml:"contact_scale" check:">=0" doc:"scales every jump that contacts cause; 0 switches contact stress off"`
	Distress      float64 `yaml:"distress" check:"[0,100]" doc:"level from which a borrower counts as in distress"`
	ResistFrom    float64 `yaml:"resist_from" check:"[0,100]" doc:"level above which effects of contacts shrink (resistance)"`
	ResistTo      float64 `yaml:"resist_to" check:"[0,100]" doc:"level at which contacts have no effect left"`
	Avoidance     float64 `yaml:"avoidance" check:"[0,1]" doc:"share of calls and visits that a borrower at 100 points avoids, rising from resist_from"`
	StopRequest   float64 `yaml:"stop_request" check:"[0,1]" doc:"probability per conversation at 100 points of stress that the borrower asks for contact to stop; falls with the square of stress"`
	Complaint     float64 `yaml:"complaint" check:"[0,1]" doc:"probability of a complaint per conversation at 100 points of stress; falls with the square of stress"`
	Incident      float64 `yaml:"incident" check:"[0,1]" doc:"probability of a safety incident per visit met at 100 points of stress; falls with the square of stress"`
}

// Trust in [0,1] raises promise keeping and the effect of later contacts.
type Trust struct {
	Start    float64 `yaml:"start" check:"[0,1]" doc:"median trust on day 0"`
	Gain     float64 `yaml:"gain" check:"[0,1]" doc:"share of the distance to 1 gained by a supportive conversation or a granted remedy"`
	Loss     float64 `yaml:"loss" check:"[0,1]" doc:"share of trust lost by a harsh conversation"`
	Effect   float64 `yaml:"effect" check:">=0" doc:"relative change of a contact's effect from trust 0 to trust 1, centred at trust 0.5"`
	Goodwill float64 `yaml:"goodwill" check:">=0" doc:"relative rise of a borrower's own payment intensity once a remedy was granted (reciprocity)"`
	Named    float64 `yaml:"named" check:">=0" doc:"relative gain in effect of a contact by an officer with whom the borrower has spoken before"`
	Known    float64 `yaml:"known" check:"[0,1]" doc:"share of borrowers with whom an officer has spoken before day 0"`
	Keep     float64 `yaml:"keep" check:">=0" doc:"relative change of promise keeping from trust 0 to trust 1, centred at trust 0.5"`
}

// Visited is how borrowers respond to an announced visit.
type Visited struct {
	HomeGain float64 `yaml:"home_gain" check:"[0,1]" doc:"share of the chance of nobody at home that a received notice removes"`
}

// Reported is the later harm of an entry at the credit bureau.
type Reported struct {
	AccessLoss float64 `yaml:"access_loss" check:"[0,1]" doc:"share of free cash lost once other lenders see the entry; 0 switches the harm off"`
	AccessDays int     `yaml:"access_days" check:">=0" doc:"days from the notice until other lenders see the entry"`
}

// Vulnerable says how many borrowers a lender must protect, as it knows.
type Vulnerable struct {
	Share float64 `yaml:"share" check:"[0,1]" doc:"share of borrowers who are known to be vulnerable"`
}

// Score is the quality of the lender's risk score.
type Score struct {
	AUC float64 `yaml:"auc" check:"[0.5,1]" doc:"area under the ROC curve in telling over-indebted and unwilling borrowers from the others"`
}

// Response is how borrowers respond to one channel.
type Response struct {
	Deliver   float64  `yaml:"deliver" check:"[0,1]" doc:"probability that an attempt arrives: number or address valid, message not blocked"`
	Connect   ByRegion `yaml:"connect" doc:"probability that an arrived attempt meets the right party: read, answered, at home"`
	Evening   float64  `yaml:"evening" check:">0" doc:"factor on the odds of connecting from 18 o'clock on"`
	Heed      float64  `yaml:"heed" check:"[0,1]" doc:"share of borrowers with whom a plain right-party contact sinks in: one who would forget keeps the due date in mind, one who does not know that he owes learns of it"`
	Effect    float64  `yaml:"effect" check:">=0" doc:"jump of the payment intensity by a right-party contact (delta_c), per day"`
	Saturate  float64  `yaml:"saturation" check:"[0,1]" doc:"factor on the effect for each remembered recent contact of the channel's class; 1: none"`
	Stress    float64  `yaml:"stress" check:">=0" doc:"points of stress by a right-party contact in a neutral tone"`
	Empathy   float64  `yaml:"empathy" check:"[0,1]" doc:"share of a tone's relief that the channel can carry: 0 a text, 1 a face-to-face talk"`
	Promise   float64  `yaml:"promise" check:"[0,1]" doc:"probability that a right-party contact ends in a promise to pay"`
	Keep      float64  `yaml:"keep" check:"[0,1]" doc:"probability that one who can pay keeps a promise given on this channel, at trust 0.5"`
	Diagnosis float64  `yaml:"diagnosis" check:"[0,1]" doc:"probability that a right-party contact reveals the true cause; else the diagnosis is drawn by the book's mix"`
	Diagnoses float64  `yaml:"diagnoses" check:"[0,1]" doc:"probability that a right-party contact yields a diagnosis at all"`
}

// Converses reports whether a right-party contact on the channel is a talk, and not a message that is read.
func (r *Response) Converses() bool { return r.Diagnoses > 0 || r.Promise > 0 }

// ByRegion is one number per region.
type ByRegion struct {
	Urban    float64 `yaml:"urban" check:"[0,1]"`
	Suburban float64 `yaml:"suburban" check:"[0,1]"`
	Remote   float64 `yaml:"remote" check:"[0,1]"`
}

// ToneResponse is how a tone scales the response to a contact.
type ToneResponse struct {
	Effect float64 `yaml:"effect" check:">=0" doc:"factor on the effect"`
	Stress float64 `yaml:"stress" check:">=0" doc:"factor on the stress jump"`
	Relief float64 `yaml:"relief" check:">=0" doc:"points of relief that a conversation in this tone gives, times the channel's empathy"`
	Trust  float64 `yaml:"trust" check:"[-1,1]" doc:"+1: builds trust, -1: destroys it, times the channel's empathy"`
}

// MessageResponse is how a message scales the response to a contact.
type MessageResponse struct {
	Effect  float64 `yaml:"effect" check:">=0" doc:"factor on the effect"`
	Novelty float64 `yaml:"novelty" check:"[0,1]" doc:"share of saturation that the message escapes: 0 a plain reminder"`
	Stress  float64 `yaml:"stress" check:">=0" doc:"factor on the stress jump"`
}
