package scenario_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

type keep struct{ r []*outcome.Replication }

func (k *keep) Replication(r *outcome.Replication) error { k.r = append(k.r, r); return nil }

func TestSmoke(t *testing.T) {
	s := scenario.Default()
	s.Replications = 4
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Workers = 1
	var k keep
	start := time.Now()
	if err := sim.Run(context.Background(), *c, &k); err != nil {
		t.Fatal(err)
	}
	el := time.Since(start)
	var active int64
	for _, r := range k.r {
		active += r.ActiveDays
	}
	fmt.Printf("time %v, active days %d, %.1f M/s\n", el, active, float64(active)/el.Seconds()/1e6)
	for i, m := range outcome.Metrics() {
		fmt.Printf("%-28s", m.Name)
		for _, st := range k.r[0].Strategies {
			x := 0.0
			for j := range k.r {
				for q := range k.r[j].Strategies {
					if k.r[j].Strategies[q].Name == st.Name {
						x += k.r[j].Strategies[q].Values[i] / float64(len(k.r))
					}
				}
			}
			fmt.Printf(" %12.4f", x)
		}
		fmt.Println(" ", m.Unit)
	}
	for _, st := range []int{0, 2} {
		var m [loan.NumBuckets][loan.NumBuckets]float64
		for _, r := range k.r {
			for _, tr := range r.Strategies[st].Transitions {
				for f := range tr {
					for g := range tr[f] {
						m[f][g] += float64(tr[f][g].Count)
					}
				}
			}
		}
		fmt.Println(k.r[0].Strategies[st].Name)
		for f := range m {
			row := 0.0
			for _, v := range m[f] {
				row += v
			}
			fmt.Printf("%12s %8.0f", loan.Bucket(f), row/float64(len(k.r)))
			for _, v := range m[f] {
				fmt.Printf(" %7.3f", v/row)
			}
			fmt.Println()
		}
		d := k.r[0].Strategies[st].Daily
		for q := 0; q < len(d); q += 29 {
			fmt.Printf("%d: %.4f\n", q, d[q])
		}
	}
}
