package sim_test

import (
	"os"
	"testing"
)

// TestChehraziReferenceClosely repeats the comparison with more accounts, so that three standard
// errors are about 0.2% of the balance.
func TestChehraziReferenceClosely(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	compareWithReference(t, 60000, 100)
}
