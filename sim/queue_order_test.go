package sim

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestQueueIsAList: whatever is pushed and popped, a queue does what a list does that is sorted anew each time:
// the highest key first, ties by account.
func TestQueueIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var list []request
		for k := range rapid.IntRange(1, 300).Draw(t, "steps") {
			if len(list) > 0 && rapid.IntRange(0, 2).Draw(t, "pop") == 0 {
				slices.SortStableFunc(list, func(a, b request) int {
					return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.account, b.account))
				})
				first := *q.first()
				if got := q.pop(); got != list[0] || first != got {
					t.Fatalf("got %+v, first %+v, want %+v", got, first, list[0])
				}
				list = list[1:]
				continue
			}
			key := rapid.SampledFrom([]float32{-1e30, -2.5, -1, 0, 0.5, 3, 1e30}).Draw(t, "key")
			r := request{account: int32(k), key: key * float32(k%5), since: day(k)}
			q.push(r)
			list = append(list, r)
		}
		if q.len() != len(list) {
			t.Fatalf("%d wait, want %d", q.len(), len(list))
		}
	})
}
