package main

import (
	"os"
	"os/exec"
	"testing"
)

// TestSlurm runs scripts/test-slurm.sh: an sbatch array of four, merged and compared with one machine.
// Without Slurm on the machine it has nothing to show, except in CI, which installs it.
func TestSlurm(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	if _, err := exec.LookPath("sbatch"); err != nil && os.Getenv("COLLECTSIM_CI") == "" {
		t.Log("sbatch is not installed: nothing tested")
		return
	}
	c := exec.Command("bash", "scripts/test-slurm.sh")
	c.Dir = "../.."
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("%s", out)
}
