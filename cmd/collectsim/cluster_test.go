package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"

	"github.com/goccy/go-yaml"
)

// TestKubernetesTemplate runs the container's own command line for every index, as an Indexed Job does,
// and joins what the pods wrote.
func TestKubernetesTemplate(t *testing.T) {
	text, err := os.ReadFile("../../docs/cluster/sweep-job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Kind string
		Spec struct {
			CompletionMode           string `yaml:"completionMode"`
			Completions, Parallelism int
			Template                 struct {
				Spec struct {
					Containers []struct {
						Env           []struct{ Name, Value string }
						Command, Args []string
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	spec := job.Spec
	if job.Kind != "Job" || spec.CompletionMode != "Indexed" || spec.Completions != spec.Parallelism || len(spec.Template.Spec.Containers) != 1 {
		t.Fatalf("got %+v, want an Indexed Job of one container", job)
	}
	container := spec.Template.Spec.Containers[0]
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "collectsim"), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	env := append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	for _, e := range container.Env {
		switch e.Name {
		case "OUT":
			e.Value = filepath.Join(dir, "parts")
		case "SHARDS":
			if e.Value != fmt.Sprint(spec.Completions) {
				t.Errorf("SHARDS is %s, completions %d", e.Value, spec.Completions)
			}
		}
		env = append(env, e.Name+"="+e.Value)
	}
	// The job's scenario is a big one; the test plays the same command on a small portfolio.
	const size = " --accounts 100 --replications 2 --horizon 30 --quiet"
	args := append([]string{}, container.Args...)
	args[len(args)-1] += size
	parts := []string{"merge", "--quiet", "-o", filepath.Join(dir, "merged")}
	for i := range spec.Completions {
		c := exec.Command(container.Command[0], append(container.Command[1:], args...)...)
		c.Env = append(env, fmt.Sprint("JOB_COMPLETION_INDEX=", i))
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("index %d: %v: %s", i, err, out)
		}
		parts = append(parts, filepath.Join(dir, "parts", fmt.Sprint("part-", i+1)))
	}
	must(t, parts...)
	whole := strings.Fields("sweep default --vary teams.visit.agents=1,2,4,8 --vary channels.visit.effect=range" + size)
	must(t, append(whole, "-o", filepath.Join(dir, "whole"))...)
	sameFiles(t, filepath.Join(dir, "whole"), filepath.Join(dir, "merged"))
}

// TestShardedStepHasTheSameIndices: the way that docs/cluster shows, a design's points swept in shards, ends with the very
// indices of `sensitivity --method sobol`.
func TestShardedStepHasTheSameIndices(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) string {
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return in(name)
	}
	play := []string{"--accounts", "100", "--horizon", "60", "--replications", "2", "--strategies", "no-contact,home-visits", "--quiet"}
	must(t, with([]string{
		"sensitivity", "--method", "sobol", "-n", "8", "--metric", "net_value@home-visits", "--no-charts", "-o", in("whole"),
		"--vary", "channels.visit.effect=0.05..0.5", "--vary", "teams.visit.agents=1..16",
	}, play...)...)
	bounds := write("bounds.csv", "name,low,high\nchannels.visit.effect,0.05,0.5\nteams.visit.agents,1,16\n")
	points := write("points.csv", must(t, "sensitivity", "design", "--bounds", bounds, "--method", "sobol", "-n", "8"))
	for _, shard := range []string{"1", "2"} {
		must(t, with([]string{"sweep", "--points-file", points, "--metrics", "net_value", "--set", "uncertainty=false", "-o", in(shard), "--shard", shard + "/2"}, play...)...)
	}
	must(t, "merge", in("1"), in("2"), "-o", in("merged"))
	table, err := outcome.Open(in("merged"), "points")
	if err != nil {
		t.Fatal(err)
	}
	var outputs strings.Builder
	for row, strategy := range table.Column("strategy").Text {
		if strategy == "home-visits" {
			fmt.Fprintln(&outputs, table.Column("net_value").Format(row))
		}
	}
	sharded := decode(t, must(t, "sensitivity", "indices", "--bounds", bounds, "--method", "sobol", "--outputs", write("y.txt", outputs.String()), "--format", "json"))
	text, err := os.ReadFile(in("whole/sensitivity.json"))
	if err != nil {
		t.Fatal(err)
	}
	whole := decode(t, string(text))
	for _, key := range []string{"S1", "S1_conf", "ST", "ST_conf"} {
		if list, ok := whole[key].([]any); !ok || len(list) != 2 || fmt.Sprint(sharded[key]) != fmt.Sprint(list) {
			t.Errorf("%s: %v, in one piece %v", key, sharded[key], whole[key])
		}
	}
}
