package overlay_test

import (
	"fmt"

	"collectsim/sim/scenario/overlay"
)

// plan is a small scenario.
type plan struct {
	Accounts int             `yaml:"accounts" check:">0"`
	CureRate float64         `yaml:"cure_rate" check:"[0,1]" doc:"share that cures by itself"`
	Teams    map[string]crew `yaml:"teams"`
	Stages   []phase         `yaml:"stages"`
}

type crew struct {
	Agents int `yaml:"agents" check:">=0"`
}

type phase struct {
	Name    string `yaml:"-" overlay:"name"`
	Channel string `yaml:"channel" check:"in:sms|call|visit"`
	After   int    `yaml:"after_days" check:">=0"`
}

const shipped = `
accounts: 20000
cure_rate: {value: 0.12, range: [0.05, 0.3], unit: per month, source: assumption}
teams: {visit: {agents: 4}, call: {agents: 10}}
stages:
  remind: {channel: sms, after_days: 1}
  knock: {channel: visit, after_days: 30}
`

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// A default, a user's file and a setting, one over the other.
func Example() {
	var p plan
	meta := overlay.Meta{}
	_, err := overlay.Decode("default", []byte(shipped), &p, meta)
	must(err)
	warnings, err := overlay.Decode("mine.yaml", []byte("cure_rate: 0.4\nstages: {ring: {channel: call, after_days: 5}, remind: null}\n"), &p, meta)
	must(err)
	fmt.Println(warnings)
	must(overlay.Set(&p, meta, "teams.visit.agents", "6"))

	out, err := overlay.Encode(&p)
	must(err)
	fmt.Print(string(out))
	fmt.Println(meta["cure_rate"].Source, meta["cure_rate"].Default)
	// Output:
	// [mine.yaml:1:12: cure_rate: 0.4 is outside of the declared range [0.05, 0.3]]
	// accounts: 20000
	// cure_rate: 0.4
	// teams:
	//   call:
	//     agents: 10
	//   visit:
	//     agents: 6
	// stages:
	//   knock:
	//     channel: visit
	//     after_days: 30
	//   ring:
	//     channel: call
	//     after_days: 5
	// assumption 0.12
}

// All faults of a file come together, each with its place.
func ExampleDecode() {
	var p plan
	_, err := overlay.Decode("mine.yaml", []byte(`accounts: many
teams:
  visit: {agent: 3}
  call: {agents: -3}
stages: {ring: {channel: cal}}
`), &p, nil)
	fmt.Println(err)
	// Output:
	// mine.yaml:1:11: accounts: must be a whole number, got "many"
	// mine.yaml:3:11: teams.visit.agent: unknown key, did you mean "agents"?
	// mine.yaml:4:18: teams.call.agents: must be >= 0, got -3
	// mine.yaml:5:26: stages.ring.channel: must be one of sms, call, visit, got "cal"; did you mean "call"?
}

func ExampleSet() {
	p := plan{Teams: map[string]crew{"visit": {Agents: 4}}}
	fmt.Println(overlay.Set(&p, nil, "teams.vist.agents", "3"))
	fmt.Println(overlay.Set(&p, nil, "teams.visit.agents", "3"), p.Teams)
	// Output:
	// --set: teams.vist: unknown key, did you mean "visit"?
	// <nil> map[visit:{3}]
}

// A sweep checks its paths once and gives each worker a copy.
func ExampleBind() {
	p := plan{Teams: map[string]crew{"visit": {Agents: 4}}}
	worker := overlay.Clone(&p)
	set, kind, err := overlay.Bind(worker, "teams.visit.agents")
	must(err)
	fmt.Println(kind, set(7), worker.Teams, p.Teams)
	fmt.Println(set(7.5))
	// Output:
	// integer <nil> map[visit:{7}] map[visit:{4}]
	// teams.visit.agents: must be a whole number, got 7.5
}

func ExamplePaths() {
	p := plan{Teams: map[string]crew{"visit": {}, "call": {}}, Stages: []phase{{Name: "knock"}}}
	for _, path := range overlay.Paths(&p) {
		fmt.Println(path)
	}
	// Output:
	// accounts
	// cure_rate
	// teams.call.agents
	// teams.visit.agents
	// stages.knock.channel
	// stages.knock.after_days
}

func ExampleEncodeJSON() {
	p := plan{Accounts: 10, Stages: []phase{{Name: "knock", Channel: "visit"}}}
	out, err := overlay.EncodeJSON(&p)
	must(err)
	fmt.Print(string(out))
	// Output:
	// {
	//   "accounts": 10,
	//   "cure_rate": 0,
	//   "teams": null,
	//   "stages": {
	//     "knock": {
	//       "channel": "visit",
	//       "after_days": 0
	//     }
	//   }
	// }
}

func ExampleSchema() {
	type small struct {
		Order string `yaml:"order" check:"in:dpd|score" doc:"how the worklist is ranked"`
		Notes []bool `yaml:"notes"`
	}
	fmt.Print(string(overlay.Schema(&small{}, nil)))
	// Output:
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "type": "object",
	//   "properties": {
	//     "order": {
	//       "enum": ["dpd", "score"],
	//       "description": "how the worklist is ranked"
	//     },
	//     "notes": {
	//       "anyOf": [
	//         {
	//           "type": "array",
	//           "items": {
	//             "type": "boolean"
	//           }
	//         },
	//         {
	//           "type": "null"
	//         }
	//       ]
	//     }
	//   },
	//   "additionalProperties": false,
	//   "$defs": {}
	// }
}
