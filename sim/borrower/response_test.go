package borrower_test

import (
	"math"
	"testing"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
)

// known returns a model and responses with round numbers.
func known() (*borrower.Model, *borrower.Responses) {
	m := model(func(p *borrower.Params) {
		p.Excitation.Scale = 2
		p.Causes.Reliable.Keep, p.Causes.Unwilling.Keep = 1, 0.4
		p.Trust = borrower.Trust{Gain: 0.4, Loss: 0.5, Effect: 0.8, Keep: 1, Named: 0.5}
		p.Stress.ResistFrom, p.Stress.ResistTo, p.Stress.Avoidance = 60, 80, 0.5
		p.Stress.ContactScale, p.Stress.Complaint, p.Stress.Incident, p.Stress.StopRequest = 3, 0.1, 0.2, 0.4
		p.Stress.Base, p.Stress.PerMissed, p.Stress.Disrupted, p.Stress.PerDebt = 10, 8, 15, 3
	})
	rs := &borrower.Responses{}
	rs.Channels[loan.Call] = borrower.Response{Heed: 0.2, Effect: 0.1, Saturate: 0.5, Stress: 4, Empathy: 0.5, Keep: 0.6}
	rs.Tones[loan.Friendly] = borrower.ToneResponse{Effect: 1.1, Stress: 0.5, Relief: 6, Trust: 1}
	rs.Tones[loan.Harsh] = borrower.ToneResponse{Effect: 1.2, Stress: 2, Trust: -1}
	rs.Messages[loan.Plain] = borrower.MessageResponse{Effect: 1, Stress: 1}
	rs.Messages[loan.Moral] = borrower.MessageResponse{Effect: 1.5, Novelty: 0.5, Stress: 1.5}
	return m, rs
}

// TestResponsesByHand works the response functions by hand.
func TestResponsesByHand(t *testing.T) {
	m, rs := known()
	friendly := borrower.Contact{Channel: loan.Call, Tone: loan.Friendly, Message: loan.Plain, Skill: 1.5}
	harsh := borrower.Contact{Channel: loan.Call, Tone: loan.Harsh, Message: loan.Moral, Skill: 1}
	known := friendly
	known.Named, known.Known = true, true
	stranger := friendly
	stranger.Named = true
	traits := &borrower.Traits{React: 2, Reach: 1}
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"jump", float64(m.Jump(rs, &friendly, 0.5, 0, 0)), 2 * 0.1 * 1.1 * 1.5},
		{"jump at full trust", float64(m.Jump(rs, &friendly, 1, 0, 0)), 2 * 0.1 * 1.1 * 1.5 * 1.4},
		{"jump without trust", float64(m.Jump(rs, &friendly, 0, 0, 0)), 2 * 0.1 * 1.1 * 1.5 * 0.6},
		{"jump by a known officer", float64(m.Jump(rs, &known, 0.5, 0, 0)), 2 * 0.1 * 1.1 * 1.5 * 1.5},
		{"jump by an officer never met", float64(m.Jump(rs, &stranger, 0.5, 0, 0)), 2 * 0.1 * 1.1 * 1.5},
		{"jump after two contacts", float64(m.Jump(rs, &friendly, 0.5, 2, 0)), 2 * 0.1 * 1.1 * 1.5 * 0.25},
		{"jump of a new message after two contacts", float64(m.Jump(rs, &harsh, 0.5, 2, 0)), 2 * 0.1 * 1.2 * 1.5 * 0.5},
		{"jump half resisted", float64(m.Jump(rs, &friendly, 0.5, 0, 70)), 2 * 0.1 * 1.1 * 1.5 * 0.5},
		{"jump resisted", float64(m.Jump(rs, &friendly, 0.5, 0, 80)), 0},
		{"strain of a friendly call", float64(m.Strain(rs, &friendly, traits)), 3 * (4*0.5*2 - 6*0.5*1.5)},
		{"strain of a harsh call", float64(m.Strain(rs, &harsh, traits)), 3 * 4 * 2 * 1.5 * 2},
		{"trust gained", float64(m.Trusting(rs, &friendly, 0.5)), 0.5 + 0.5*0.4*0.5},
		{"trust lost", float64(m.Trusting(rs, &harsh, 0.5)), 0.5 * (1 - 0.5*0.5)},
		{"promise kept at full trust", m.KeepChance(&rs.Channels[loan.Call], loan.Reliable, 1), 0.9},
		{"promise kept without trust", m.KeepChance(&rs.Channels[loan.Call], loan.Reliable, 0), 0.3},
		{"promise kept by the unwilling", m.KeepChance(&rs.Channels[loan.Call], loan.Unwilling, 0.5), 0.6 * 0.4},
		{"heeded: a plain message", m.HeedChance(rs, &friendly), 0.2},
		{"heeded: a known officer", m.HeedChance(rs, &known), 0.2 * 1.5},
		{"heeded: a moral message", m.HeedChance(rs, &harsh), 0.2 * 1.5},
		{"complaint", m.ComplaintChance(50), 0.025},
		{"stop request", m.StopChance(50), 0.1},
		{"incident, skilled staff", m.IncidentChance(100, 2), 0.1},
		{"avoided when calm", m.Avoids(60), 0},
		{"avoided when stressed", m.Avoids(80), 0.25},
		{"level of stress", float64(m.BaseStress(2, true, 4, loan.MonthDays)), 10 + 16 + 15 + 12},
		{"three missed instalments at most", float64(m.BaseStress(9, false, 0, loan.MonthDays)), 34},
		{"stress ends at 100", float64(m.BaseStress(3, true, 200, loan.MonthDays)), 100},
	} {
		if !(math.Abs(x.got-x.want) <= 1e-6*max(1, math.Abs(x.want))) {
			t.Errorf("%s: %v, by hand %v", x.what, x.got, x.want)
		}
	}
}

// TestConnectingByHand: the borrower's reach and the evening act on the odds; avoidance on calls and
// visits alone; certainty stays certain.
func TestConnectingByHand(t *testing.T) {
	m, _ := known()
	r := &borrower.Response{Connect: borrower.ByRegion{Urban: 0.5, Suburban: 0.2, Remote: 1}, Evening: 3}
	easy := &borrower.Traits{Reach: 4}
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"odds 1 times 4", m.ConnectChance(r, loan.Call, loan.Urban, 11, easy, 0), 0.8},
		{"odds 1/4 times 4", m.ConnectChance(r, loan.Call, loan.Suburban, 11, easy, 0), 0.5},
		{"in the evening, times 3", m.ConnectChance(r, loan.Call, loan.Suburban, 18, easy, 0), 0.75},
		{"before the evening", m.ConnectChance(r, loan.Call, loan.Suburban, 17, easy, 0), 0.5},
		{"certain", m.ConnectChance(r, loan.SMS, loan.Remote, 11, easy, 0), 1},
		{"a stressed borrower avoids a quarter", m.ConnectChance(r, loan.Visit, loan.Urban, 11, easy, 80), 0.6},
		{"but reads messages", m.ConnectChance(r, loan.SMS, loan.Urban, 11, easy, 80), 0.8},
	} {
		if !(math.Abs(x.got-x.want) <= 1e-12) {
			t.Errorf("%s: %v, by hand %v", x.what, x.got, x.want)
		}
	}
}

// TestAdvanceByHand moves one borrower through a day by hand.
func TestAdvanceByHand(t *testing.T) {
	k := borrower.Kernel{Gain: 0.5, Decay: 0.25, Keep: 0.9, Relax: 0.1, Distress: 50}
	pulses := []borrower.Pulse{
		{Will: 0.1, Excite: 0.2, Threshold: 0.15, Cash: 50, PerNeed: 0.01, Stress: 80, Base: 30, Peak: 60},
		{Will: 9},
		{Will: 0.1, Excite: 0.2, Threshold: 0.15, Cash: 500, PerNeed: 0.01, Stress: 20, Base: 30, Peak: 60},
	}
	fired, stress, distressed := k.Advance(pulses, []uint64{0b101}, nil)
	if len(fired) != 1 || fired[0] != 2 || !(math.Abs(stress-96) <= 1e-4) || distressed != 1 {
		t.Fatalf("fired %v, stress %v, distressed %d", fired, stress, distressed)
	}
	a, b := pulses[0], pulses[2]
	for _, x := range []struct {
		what      string
		got, want float32
	}{
		{"half able: hazard", a.Spent, 0.5 * (0.1 + 0.2*0.5)},
		{"able: hazard", b.Spent, 0.1 + 0.2*0.5},
		{"excitation", a.Excite, 0.05},
		{"cash", a.Cash, 45},
		{"stress", a.Stress, 75},
		{"sum", a.StressSum, 75},
		{"peak", a.Peak, 75},
		{"rising stress", b.Stress, 21},
		{"old peak", b.Peak, 60},
	} {
		if !(math.Abs(float64(x.got-x.want)) <= 1e-5) {
			t.Errorf("%s: %v, by hand %v", x.what, x.got, x.want)
		}
	}
	if a.Days != 1 || a.Distress != 1 || b.Distress != 0 || pulses[1].Days != 0 {
		t.Errorf("days %d, distress %d and %d, the calm one lived %d", a.Days, a.Distress, b.Distress, pulses[1].Days)
	}
}

// TestDistressFromItsLevelOn: a day counts as distress from the level on, to the last bit, and the peak is
// the highest evening.
func TestDistressFromItsLevelOn(t *testing.T) {
	below := math.Nextafter32(50, 0)
	for _, x := range []struct {
		level, stress, peak float32
		days                int32
	}{
		{50, 50, 0, 1},
		{50, below, 49, 0},
		{50, 100, 100, 1},
		{50, 0, 7, 0},
		{0, 0, 0, 1},
		{0, 3, 0, 1},
		{100, 100, 0, 1},
		{100, math.Nextafter32(100, 0), 0, 0},
	} {
		k := borrower.Kernel{Distress: x.level}
		pulses := []borrower.Pulse{{Stress: x.stress, Base: x.stress, Peak: x.peak, Threshold: 1}}
		_, _, distressed := k.Advance(pulses, []uint64{1}, nil)
		if p := pulses[0]; p.Distress != x.days || distressed != int(x.days) || p.Peak != max(x.peak, x.stress) {
			t.Errorf("stress %v at a level of %v: %d days, %d tonight, peak %v", x.stress, x.level, p.Distress, distressed, p.Peak)
		}
	}
}
