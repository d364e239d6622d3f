package overlay_test

import (
	"slices"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/scenario/overlay"

	"pgregory.net/rapid"
)

// TestKeysPartPaths: a path is parted into the keys that it was joined of, whatever they hold.
func TestKeysPartPaths(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		keys := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z ."\[\]=]{0,6}`)), 1, 4).Draw(r, "keys")
		got, err := overlay.Keys(overlay.Path(keys...))
		if err != nil || !slices.Equal(got, keys) {
			r.Fatalf("%q -> %s -> %q, %v", keys, overlay.Path(keys...), got, err)
		}
	})
	for _, path := range []string{"", "a..b", "a[0].b", `a."b`} {
		if keys, err := overlay.Keys(path); err == nil {
			t.Errorf("%q: %q, want an error", path, keys)
		}
	}
}
