package decision_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"collectsim/analysis/decision"
)

type knownMeans struct {
	Strategies   []string
	Cost, Effect []float64
}

func (k knownMeans) means() decision.Means {
	return decision.Means{Strategies: k.Strategies, Cost: k.Cost, Effect: k.Effect}
}

func TestICERsPublishedTable(t *testing.T) {
	var known struct {
		Input    knownMeans
		Expected []json.RawMessage
	}
	readKnown(t, "icer_va_herc_6.json", &known)
	rows, err := decision.ICERs(known.Input.means())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(known.Expected) {
		t.Fatalf("%d rows, want %d", len(rows), len(known.Expected))
	}
	for i, row := range rows {
		row.By = "" // not part of the published table
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		var got, want map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(known.Expected[i], &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d: got %s, want %s", i, text, known.Expected[i])
		}
	}
	for i, want := range []string{"", "", "", "", "B", "B"} {
		if rows[i].By != want {
			t.Errorf("%s: by %q, want %q", rows[i].Strategy, rows[i].By, want)
		}
	}
}

func TestICERsPublishedTies(t *testing.T) {
	var known struct {
		Cases []struct {
			Input    knownMeans
			Expected []struct{ Strategy, Status string }
			Why      string
		}
	}
	readKnown(t, "icer_ties.json", &known)
	for _, c := range known.Cases {
		rows, err := decision.ICERs(c.Input.means())
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(c.Expected) {
			t.Fatalf("%s: %d rows", c.Why, len(rows))
		}
		for i, want := range c.Expected {
			if want.Status == "" {
				want.Status = "ND"
			}
			if rows[i].Strategy != want.Strategy || string(rows[i].Status) != want.Status {
				t.Errorf("%s: row %d is %s %s, want %s %s", c.Why, i, rows[i].Strategy, rows[i].Status, want.Strategy, want.Status)
			}
		}
		if rows[0].ICER.Defined() || rows[0].IncCost.Defined() || rows[0].IncEffect.Defined() {
			t.Errorf("%s: the first row has increments: %+v", c.Why, rows[0])
		}
	}
}

func TestPublishedPSA(t *testing.T) {
	var known struct {
		Input    struct{ WTP []float64 }
		Expected struct {
			MeanCost   map[string]float64 `json:"mean_cost"`
			MeanEffect map[string]float64 `json:"mean_effect"`
			ICERTable  []struct {
				Strategy, Status string
				IncCost          float64 `json:"inc_cost"`
				IncEffect        float64 `json:"inc_effect"`
				ICER             float64 `json:"icer"`
			} `json:"icer_table"`
			ByWTP []struct {
				WTP  float64
				Prob map[string]float64 `json:"prob_optimal"`
				On   string             `json:"on_frontier"`
				CEAF float64
				EVPI float64
				Loss map[string]float64 `json:"expected_loss"`
				NMB  map[string]float64 `json:"expected_nmb"`
			} `json:"by_wtp"`
		}
		Tolerance struct{ RTol float64 }
	}
	readKnown(t, "psa_ceac_evpi_10000.json", &known)
	rtol := known.Tolerance.RTol
	s, _ := publishedPSA(t)
	if s.Len() != 10000 || len(known.Expected.ByWTP) != 15 {
		t.Fatalf("%d samples, %d prices", s.Len(), len(known.Expected.ByWTP))
	}
	m := s.Means()
	for k, name := range s.Strategies {
		near(t, "cost "+name, m.Cost[k], known.Expected.MeanCost[name], rtol)
		near(t, "effect "+name, m.Effect[k], known.Expected.MeanEffect[name], rtol)
	}
	rows, err := decision.ICERs(m)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range known.Expected.ICERTable {
		if rows[i].Strategy != want.Strategy || string(rows[i].Status) != want.Status {
			t.Errorf("row %d: %+v, want %+v", i, rows[i], want)
		}
		if want.ICER != 0 {
			near(t, "icer", float64(rows[i].ICER), want.ICER, rtol)
			near(t, "inc_cost", float64(rows[i].IncCost), want.IncCost, rtol)
			near(t, "inc_effect", float64(rows[i].IncEffect), want.IncEffect, rtol)
		}
	}
	points, err := decision.Acceptability(s, known.Input.WTP)
	if err != nil {
		t.Fatal(err)
	}
	benefits, err := decision.NetBenefits(m, known.Input.WTP)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range known.Expected.ByWTP {
		p := points[i]
		if p.WTP != want.WTP || p.Best != want.On || benefits[i].Best != want.On {
			t.Errorf("price %v: best %s and %s, want %s", p.WTP, p.Best, benefits[i].Best, want.On)
		}
		near(t, "evpi", p.EVPI, want.EVPI, rtol)
		near(t, "ceaf", p.ProbBest, want.CEAF, 0)
		for _, name := range s.Strategies {
			near(t, "prob "+name, p.Prob[name], want.Prob[name], 0)
			near(t, "loss "+name, p.Loss[name], want.Loss[name], rtol)
			near(t, "nmb "+name, benefits[i].NMB[name], want.NMB[name], rtol)
		}
	}
}

func TestPublishedIncrementalBenefitAndLoss(t *testing.T) {
	var known struct {
		Cases []struct {
			Name  string
			Input struct {
				Cost, Effect [][]float64
				Best         []int
			}
			IB json.RawMessage `json:"expected_ib"`
			OL float64         `json:"expected_ol"`
		}
	}
	readKnown(t, "bcea_unit_examples.json", &known)
	draws := known.Cases[0].Input
	s := decision.Samples{
		Strategies: []string{"one", "two"}, Cost: columns(draws.Cost), Effect: columns(draws.Effect),
	}
	for i, prices := range [][]float64{{5}, {5, 10}} {
		var want [][]float64
		if i == 0 {
			want = make([][]float64, 1)
			unmarshal(t, known.Cases[i].IB, &want[0])
		} else {
			unmarshal(t, known.Cases[i].IB, &want)
		}
		got, err := decision.IncrementalBenefit(s, "one", "two", prices)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v, want %v", known.Cases[i].Name, got, err, want)
		}
	}
	nmb := [][]float64{{1, 1, 1}, {0, 0, 0}} // the utility of the two interventions in 3 draws
	for _, c := range known.Cases[2:] {
		for i, loss := range decision.OpportunityLoss(nmb, c.Input.Best[0]-1) {
			if loss != c.OL {
				t.Errorf("%s: draw %d: got %v, want %v", c.Name, i, loss, c.OL)
			}
		}
	}
	if _, err := decision.IncrementalBenefit(s, "one", "three", []float64{-1}); err == nil {
		t.Error("no error for an unknown comparator")
	} else {
		mustContain(t, err, `comparator: "three"`, "wtp[0]: -1")
	}
}

func columns(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows[0]))
	for _, row := range rows {
		for k, v := range row {
			out[k] = append(out[k], v)
		}
	}
	return out
}

func unmarshal(t testing.TB, text json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestEVPIClosedForm(t *testing.T) {
	var known struct {
		Expected []struct {
			Mean float64 `json:"mean_inb"`
			SD   float64 `json:"sd_inb"`
			EVPI float64 `json:"evpi"`
			Prob float64 `json:"prob_cost_effective"`
		}
		EVPPI struct {
			EVPI float64 `json:"evpi"`
			Z1   float64 `json:"evppi_z1"`
			Z2   float64 `json:"evppi_z2"`
		}
	}
	readKnown(t, "evpi_closed_form.json", &known)
	for _, want := range known.Expected {
		near(t, "evpi", decision.EVPINormal(want.Mean, want.SD), want.EVPI, 1e-10)
		near(t, "prob", decision.ProbPositiveNormal(want.Mean, want.SD), want.Prob, 1e-10)
	}
	near(t, "evpi of the sum", decision.EVPINormal(100, 500), known.EVPPI.EVPI, 1e-10)
	near(t, "evppi z1", decision.EVPINormal(100, 300), known.EVPPI.Z1, 1e-10)
	near(t, "evppi z2", decision.EVPINormal(100, 400), known.EVPPI.Z2, 1e-10)
}

func TestClosedFormEdges(t *testing.T) {
	near(t, "certain", decision.EVPINormal(3, 0), 0, 0)
	near(t, "far tail", decision.EVPINormal(1e6, 1), 0, 0)
	for _, v := range []float64{decision.EVPINormal(1, -1), decision.EVPINormal(math.NaN(), 1), decision.ProbPositiveNormal(1, math.NaN()), decision.EVSINormal(1, 1, -1)} {
		if !math.IsNaN(v) {
			t.Errorf("got %v for an undefined input, want NaN", v)
		}
	}
	near(t, "sure gain", decision.ProbPositiveNormal(2, 0), 1, 0)
	near(t, "sure loss", decision.ProbPositiveNormal(-2, 0), 0, 0)
	near(t, "sure tie", decision.ProbPositiveNormal(0, 0), 0.5, 0)
	near(t, "perfect test", decision.EVSINormal(50, 100, 0), decision.EVPINormal(50, 100), 1e-14)
	near(t, "useless test", decision.EVSINormal(50, 100, math.Inf(1)), 0, 0)
	// A test as precise as what is known halves the variance of the posterior mean.
	near(t, "equal precision", decision.EVSINormal(50, 100, 100), decision.EVPINormal(50, 100/math.Sqrt2), 1e-14)
}
