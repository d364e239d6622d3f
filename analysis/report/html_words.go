package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Languages lists the languages of the page.
var Languages = []string{"en", "zh-CN"}

// words are the texts of a language, with {placeholders}.
type words struct {
	code   string
	text   map[string]string
	charts []rule // for the texts inside charts; the first that fits decides
	doubts []rule // for warnings, and for why a chart is missing
}

// rule translates the texts that match a pattern as a whole.
type rule struct {
	pattern *regexp.Regexp
	text    string // with $1 for what a group matched
}

func language(code string) (*words, error) {
	for _, known := range Languages {
		if known != code {
			continue
		}
		file, err := htmlFiles.ReadFile(path.Join("html", code+".json"))
		if err != nil {
			return nil, err
		}
		w := &words{code: code}
		return w, errors.Join(json.Unmarshal(file, &w.text), w.readRules("chart", &w.charts), w.readRules("doubt", &w.doubts))
	}
	return nil, fmt.Errorf("language %q: must be one of %s", code, strings.Join(Languages, ", "))
}

// readRules reads the rules of a language that has them; what they translate is in English.
func (w *words) readRules(what string, to *[]rule) error {
	file, err := htmlFiles.ReadFile(path.Join("html", what+"."+w.code+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var pairs [][2]string
	if err := errors.Join(err, json.Unmarshal(file, &pairs)); err != nil {
		return err
	}
	for _, p := range pairs {
		pattern, err := regexp.Compile("^(?:" + p[0] + ")$")
		if err != nil {
			return err
		}
		*to = append(*to, rule{pattern, p[1]})
	}
	return nil
}

// chart translates a text inside a chart; names stay as they are.
func (w *words) chart(text string) string {
	text, _ = translate(w.charts, text)
	return text
}

// doubt translates a warning of another package, or why a chart is missing; one that no rule knows stays foreign.
func (w *words) doubt(text string) doubt {
	own, ok := translate(w.doubts, text)
	return doubt{Text: own, Foreign: !ok && w.code != "en"}
}

func translate(rules []rule, text string) (string, bool) {
	for _, r := range rules {
		if m := r.pattern.FindStringSubmatchIndex(text); m != nil {
			return string(r.pattern.ExpandString(nil, r.text, text, m)), true
		}
	}
	return text, false
}

// say fills a text: pairs are the names of its placeholders and what to put there. Panics if there is no
// such text, which is a mistake of this package.
func (w *words) say(key string, pairs ...string) string {
	text, ok := w.text[key]
	if !ok {
		panic("report: no text " + key + " in " + w.code)
	}
	for i := range pairs {
		if i%2 == 0 {
			pairs[i] = "{" + pairs[i] + "}"
		}
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	return strings.ReplaceAll(text, "） ", "）") // a full-width bracket brings its own space
}

func (w *words) has(key string) bool { _, ok := w.text[key]; return ok }

// metric is what a reader calls a metric, its name where the language has none.
func (w *words) metric(name string) string {
	if !w.has("metric." + name) {
		return name
	}
	return w.say("metric." + name)
}

// unit is a unit of the metric registry in words, as it stands there where the language has none.
func (w *words) unit(name, currency string) string {
	if !w.has("unit." + name) {
		return unit(name, currency)
	}
	return w.say("unit."+name, "currency", currency)
}

// list joins names as a sentence does.
func (w *words) list(names []string) string {
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n-1], w.say("list.comma")) + w.say("list.and") + names[n-1]
}
