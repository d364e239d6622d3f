package experiment

import (
	"encoding/json"

	"collectsim/analysis/estimate"
)

// Trial is one published effect beside the simulated one.
type Trial struct {
	Name, Role, Metric string
	Published          *float64
	Low, High          float64 // simulated values that agree with the publication
	Simulated          estimate.Estimate
	Inside             bool // the simulated value lies between Low and High
	Unit, Note         string
}

// Trials are the measures of the experiment that have published bounds.
func (r *Result) Trials() []Trial {
	var list []Trial
	for i := range r.Effects {
		e := &r.Effects[i]
		m := e.Measure
		if m.Low == nil {
			continue
		}
		note := m.Note
		if note == "" {
			note = r.Note
		}
		list = append(list, Trial{
			Name: r.Name, Role: r.Role, Metric: m.Name, Published: m.Published, Low: *m.Low, High: *m.High, Simulated: e.Estimate,
			Inside: e.Value >= *m.Low && e.Value <= *m.High, Unit: m.unit(), Note: note,
		})
	}
	return list
}

// MarshalJSON implements json.Marshaler; undefined numbers become null. Keys after inside are additions
// to the contract of the command line.
func (t Trial) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name          string         `json:"name"`
		Role          string         `json:"role"`
		Metric        string         `json:"metric"`
		Published     *float64       `json:"published"`
		Low           float64        `json:"low"`
		High          float64        `json:"high"`
		Simulated     estimate.Float `json:"simulated"`
		SimulatedLow  estimate.Float `json:"simulated_low"`
		SimulatedHigh estimate.Float `json:"simulated_high"`
		Inside        bool           `json:"inside"`
		Unit          string         `json:"unit"`
		Note          string         `json:"note"`
	}{
		t.Name, t.Role, t.Metric, t.Published, t.Low, t.High, estimate.Float(t.Simulated.Value), estimate.Float(t.Simulated.Low),
		estimate.Float(t.Simulated.High), t.Inside, t.Unit, t.Note,
	})
}
