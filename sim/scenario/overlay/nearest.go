package overlay

import "strings"

// Nearest returns the candidate that name was most likely meant to be, or "" if none is near.
//
// Near is a Damerau-Levenshtein distance (optimal string alignment; Damerau 1964, Levenshtein 1966), case ignored,
// of at most a third of the name's length and at least 1. The first of several equally near candidates wins.
func Nearest(candidates []string, name string) string {
	given := []rune(strings.ToLower(name))
	if len(given) < 2 || len(given) > 64 {
		return ""
	}
	best, least := "", max(1, len(given)/3)+1
	for _, c := range candidates {
		other := []rune(strings.ToLower(c))
		if diff := len(other) - len(given); diff >= least || -diff >= least {
			continue
		}
		if d := distance(given, other); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance counts insertions, deletions, substitutions and swaps of neighbours.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// suggest completes the message of an unknown key or name.
func suggest(candidates []string, name string) string {
	if near := Nearest(candidates, name); near != "" {
		return `, did you mean "` + near + `"?`
	}
	const few = 12
	if n := len(candidates); n > 0 && n <= few {
		return ", known are " + strings.Join(candidates, ", ")
	}
	return ""
}
