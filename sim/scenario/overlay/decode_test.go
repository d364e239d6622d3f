package overlay_test

import (
	"reflect"
	"testing"

	"collectsim/sim/scenario/overlay"
)

const fullText = `
on: true
count: 2e4
small: -128
size: 65_535
big: 18446744073709551615
long: -9223372036854775808
rate: .25
single: 1.5
label: "two words: here"
order: score
tone: firm
cents: 199
weights: [0.5, 1]
words: [a, "12", 'x y']
matrix: [[1, 2], [], [3]]
pair: [3, 4]
tones: [warm, neutral]
shares: {lost job: 0.3, "a.b": 0.7}
by_tone: {warm: 2}
teams:
  visit: {agents: 3, wage: 20}
  30: {agents: 1, wage: 2, lead: {wage: 3}}
pointed:
  x: {wage: 1}
night: {agents: 1, wage: 9.5}
limit: 9
stages:
  zulu:
    after: 1
    channel: sms
    steps: {b: {prob: 1}, a: {prob: 0}}
  alpha:
    after: 30
    notes:
      k: |
        block
        text
seed: 7
`

func fullValue() every {
	return every{
		On: true, Count: 20000, Small: -128, Size: 65535, Big: 18446744073709551615, Long: -9223372036854775808,
		Rate: 0.25, Single: 1.5, Label: "two words: here", Order: "score", Tone: 2, Cents: 199,
		Weights: []float64{0.5, 1}, Words: []string{"a", "12", "x y"}, Matrix: [][]float64{{1, 2}, {}, {3}},
		Pair: [2]int{3, 4}, Tones: []tone{1, 0}, Shares: map[string]float64{"lost job": 0.3, "a.b": 0.7},
		ByTone:  map[tone]int{1: 2},
		Teams:   map[string]team{"visit": {Agents: 3, Wage: 20}, "30": {Agents: 1, Wage: 2, Lead: &team{Wage: 3}}},
		Pointed: map[string]*team{"x": {Wage: 1}}, Night: &team{Agents: 1, Wage: 9.5}, Limit: ptr(9),
		Stages: []stage{
			{Name: "zulu", After: 1, Channel: "sms", Steps: []step{{"b", 1}, {"a", 0}}},
			{Name: "alpha", After: 30, Notes: map[string]string{"k": "block\ntext\n"}},
		},
		base: base{Seed: 7},
	}
}

func TestDecodeEveryKind(t *testing.T) {
	got, _ := decode(t, fullText)
	want := fullValue()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRoundTripFull(t *testing.T) {
	want := fullValue()
	for name, encode := range map[string]func(any) ([]byte, error){"yaml": overlay.Encode, "json": overlay.EncodeJSON} {
		src, err := encode(&want)
		if err != nil {
			t.Fatal(err)
		}
		var got every
		if _, err := overlay.Decode(name, src, &got, nil); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got  %+v\nwant %+v\n%s", name, got, want, src)
		}
	}
}
