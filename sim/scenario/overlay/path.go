package overlay

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// segment is one step of a path: a key, or an index if key is "" and isIndex is set.
type segment struct {
	key     string
	index   int
	isIndex bool
}

func plainKey(key string) bool {
	return key != "" && !strings.ContainsAny(key, `.[]"`) && !strings.ContainsFunc(key, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// Path joins keys to a path; those that are no plain words are quoted.
func Path(keys ...string) string {
	path := ""
	for _, key := range keys {
		path = join(path, key)
	}
	return path
}

// Keys parts a path into its keys. Errors: what is no path, and an element of a list on the way.
func Keys(path string) ([]string, error) {
	segs, err := splitPath(path)
	if err != nil {
		return nil, fmt.Errorf("%s: not a path: %w", path, err)
	}
	var keys []string
	for _, s := range segs {
		if s.isIndex {
			return nil, fmt.Errorf("%s: is an element of a list, which a file states as a whole", path)
		}
		keys = append(keys, s.key)
	}
	return keys, nil
}

// join appends a key to a path.
func join(path, key string) string {
	if !plainKey(key) {
		key = strconv.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func joinIndex(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func (s segment) appendTo(path string) string {
	if s.isIndex {
		return joinIndex(path, s.index)
	}
	return join(path, s.key)
}

// splitPath is the inverse of join and joinIndex.
func splitPath(path string) ([]segment, error) {
	var segs []segment
	rest := path
	for first := true; rest != ""; first = false {
		if rest[0] == '[' && !first {
			digits, after, ok := strings.Cut(rest[1:], "]")
			i, err := strconv.ParseUint(digits, 10, 31)
			if !ok || err != nil {
				return nil, fmt.Errorf("index must be [i] with i from 0")
			}
			segs, rest = append(segs, segment{index: int(i), isIndex: true}), after
			continue
		}
		if !first {
			if rest[0] != '.' {
				return nil, fmt.Errorf("expected '.' or '[' before %q", rest)
			}
			rest = rest[1:]
		}
		key, after, err := cutKey(rest)
		if err != nil {
			return nil, err
		}
		segs, rest = append(segs, segment{key: key}), after
	}
	if len(segs) == 0 {
		return nil, fmt.Errorf("empty path")
	}
	return segs, nil
}

func cutKey(s string) (key, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", fmt.Errorf("quote not closed in %s", s)
		}
		key, err = strconv.Unquote(quoted)
		return key, s[len(quoted):], err
	}
	end := strings.IndexAny(s, ".[")
	if end < 0 {
		end = len(s)
	}
	if !plainKey(s[:end]) {
		return "", "", fmt.Errorf("empty or unquoted key in %q", s)
	}
	return s[:end], s[end:], nil
}
