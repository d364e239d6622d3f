package report

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"collectsim/sim/outcome"
)

//go:embed html
var htmlFiles embed.FS

// HTMLOptions say how the page is written and what the folder alone does not tell.
type HTMLOptions struct {
	Lang        string // one of Languages; empty: en
	Title       string // of the scenario, one line; may be empty
	Strategies  []StrategyNote
	Assumptions []Assumption // every parameter of the scenario
}

// StrategyNote says what a strategy does and where it comes from.
type StrategyNote struct{ Name, Title, Source string }

// Assumption is one parameter of the scenario as it was run. Numbers come as text, so that the page shows
// what the scenario says.
type Assumption struct {
	Path, Value, Default string
	Unit, Range          string // Range is empty if none is declared
	Dist, Source, Note   string // Dist is empty if the parameter is not drawn
	Changed              bool   // Value is not Default
}

// page is what the template shows. Texts are in the page's language, numbers already printed.
type page struct {
	Lang, Title, Subtitle string
	Scenario              string // its title, in the words of its author
	Lead                  string
	Trades                []string
	Questions             []question
	Tables                []htmlTable
	All                   htmlTable
	Whom                  whom
	Figures               []pageFigure
	Missing               []doubt
	Strategies            []StrategyNote
	Drawn, Changed, Rest  []assumptionRow
	Warnings              []doubt
	Provenance            []fact
	Files                 []fact
	Glossary              []fact
	CSS                   template.CSS
	Styles                template.CSS // of the charts
	JS                    template.JS
	Data                  template.JS

	words *words
}

// T gives a text of the page's language to the template.
func (p *page) T(key string) string { return p.words.say(key) }

// LangOf is the language in which readers aloud are to pronounce what users and sources wrote: Chinese where it has a
// Chinese character, else English.
func (p *page) LangOf(text string) string {
	if strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		return "zh"
	}
	return "en"
}

// question is one of the five that the tool answers.
type question struct {
	ID, Heading, Head string
	Points            []string
}

// fact is a name with what is to say of it.
type fact struct{ Name, Text string }

// doubt is a warning about a strategy or the run, or why a chart is missing; foreign says that it is in English on a
// page of another language.
type doubt struct {
	About, Text string
	Foreign     bool
}

// HTML writes a run as one page that needs nothing else: no file, no network. It opens with the answer in
// words, whose claims are those of the intervals, and holds tables, charts, assumptions, warnings and
// where everything came from. Numbers are printed as the terminal prints them. Equal folders and options
// give equal bytes.
func HTML(w io.Writer, r *Run, o HTMLOptions) error {
	if o.Lang == "" {
		o.Lang = "en"
	}
	words, err := language(o.Lang)
	if err != nil {
		return err
	}
	if r.Values(r.Manifest.Strategies[0], rankedBy) == nil {
		return fmt.Errorf("%s: replications.arrow has no column %q, so it was written by another version; run it again", r.Dir, rankedBy)
	}
	a := &author{r: r, s: Summarise(r), w: words, o: o}
	p, err := a.page()
	if err != nil {
		return fmt.Errorf("report of %s: %w", r.Dir, err)
	}
	t, err := template.New("page.html").ParseFS(htmlFiles, "html/page.html")
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

// author writes the page.
type author struct {
	r *Run
	s *Summary
	w *words
	o HTMLOptions
}

func (a *author) page() (*page, error) {
	css, err1 := htmlFiles.ReadFile("html/page.css")
	js, err2 := htmlFiles.ReadFile("html/page.js")
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	p := &page{
		Lang: a.w.code, Title: a.w.say("title", "scenario", a.r.Manifest.Scenario), Subtitle: a.subtitle(), Scenario: a.o.Title,
		Lead: a.lead(), Trades: a.trades(), Questions: a.questions(),
		Tables: a.tables(), All: a.allMetrics(), Whom: a.whom(), Strategies: a.o.Strategies,
		Warnings: a.warnings(), Provenance: a.provenance(), Files: a.files(), Glossary: a.glossary(),
		CSS: template.CSS(css), JS: template.JS(js), words: a.w,
	}
	if err := a.addFigures(p); err != nil {
		return nil, err
	}
	a.addAssumptions(p)
	return p, nil
}

func (a *author) subtitle() string {
	m := a.r.Manifest
	return a.w.say("subtitle", "strategies", a.count("strategies", len(m.Strategies)), "accounts", a.count("accounts", m.Accounts),
		"days", a.count("days", m.Horizon), "replications", a.count("replications", m.Replications), "currency", m.Currency)
}

// count is a number of things, in the singular where there is one.
func (a *author) count(things string, n int) string {
	key := "count." + things
	if n == 1 {
		key += ".one"
	}
	return a.w.say(key, "n", thousands(n))
}

// warnings are those of the run, of its strategies, of teams that are full or idle and of budgets that were not kept to.
func (a *author) warnings() []doubt {
	var list []doubt
	if n := a.r.Manifest.Replications; n < enoughReplications {
		list = append(list, doubt{Text: a.few()})
	}
	for _, text := range a.r.Manifest.Warnings {
		list = append(list, a.w.doubt(text))
	}
	budget := a.r.echo().Policy.Budget
	for _, name := range a.r.Manifest.Strategies {
		for _, f := range a.r.fullTeams(name) {
			list = append(list, doubt{About: name, Text: a.fullTeam(f)})
		}
		for _, i := range a.r.idleTeams(name) {
			list = append(list, doubt{About: name, Text: a.w.say("warning.idle", "team", a.w.say("team."+i.team), "path", "teams."+i.team+".agents",
				"use", fmt.Sprintf("%.0f%%", 100*i.use), "cost", fourDigits(i.cost), "fixed", fourDigits(i.fixed), "currency", a.r.Manifest.Currency)})
		}
		if cost := float64(a.figure(name, "cost").Estimate); passes(cost, budget) {
			list = append(list, doubt{About: name, Text: a.w.say("warning.budget", "cost", fmt.Sprintf("%.4g", cost), "budget", fmt.Sprintf("%g", budget))})
		}
		for _, m := range a.r.Metrics() {
			f := a.figure(name, m.Name)
			if m.Headline && f.isUndefined() {
				list = append(list, doubt{About: name, Text: a.w.say("warning.undefined", "metric", a.w.metric(m.Name))})
			}
			if u := a.r.neverSeen(name, &m, f.estimate(a.s.Replications)); u != nil {
				list = append(list, doubt{About: name, Text: a.w.say("warning.unseen", "metric", a.w.metric(m.Name), "trials", a.count(u.what, u.trials), "high", fmt.Sprintf("%.3g", u.high))})
			}
		}
	}
	return list
}

func (a *author) few() string {
	return a.w.say("warning.few", "replications", a.count("replications", a.r.Manifest.Replications))
}

func (a *author) fullTeam(f fullTeam) string {
	return a.w.say("warning.full", "team", a.w.say("team."+f.team), "day", fmt.Sprint(f.from), "waiting", fmt.Sprintf("%.0f", f.waiting))
}

// provenance says how to make the numbers again.
func (a *author) provenance() []fact {
	m := a.r.Manifest
	list := []fact{
		{a.w.say("prov.tool"), m.Tool + " " + m.Version},
		{a.w.say("prov.scenario"), m.Scenario},
		{a.w.say("prov.digest"), m.Digest},
		{a.w.say("prov.seed"), fmt.Sprint(m.Seed)},
		{a.w.say("prov.replications"), fmt.Sprint(m.Replications)},
		{a.w.say("prov.accounts"), thousands(m.Accounts)},
		{a.w.say("prov.horizon"), fmt.Sprint(m.Horizon)},
		{a.w.say("prov.baseline"), m.Baseline},
		{a.w.say("prov.portfolio"), m.Portfolio},
	}
	if t := m.Tape; t != nil {
		list = append(list, fact{a.w.say("prov.tape"), t.File + ", SHA-256 " + t.Digest}, fact{a.w.say("prov.map"), t.Map + ", SHA-256 " + t.MapDigest})
		for _, x := range t.Assumptions {
			list = append(list, fact{a.w.say("prov.assumption"), x})
		}
		for _, x := range t.Rows {
			list = append(list, fact{a.w.say("prov.rows"), x})
		}
	} else {
		list = append(list, fact{a.w.say("prov.tape"), a.w.say("prov.notape")})
	}
	return append(list, fact{a.w.say("prov.again"), a.w.say("prov.verify")})
}

func (a *author) files() []fact {
	var list []fact
	for _, name := range sortedKeys(a.r.Manifest.Files) {
		list = append(list, fact{name, a.r.Manifest.Files[name]})
	}
	return list
}

// glossary explains every metric.
func (a *author) glossary() []fact {
	var list []fact
	add := func(name, unitName, doc string, better outcome.Better) {
		if a.w.has("meaning." + name) {
			doc = a.w.say("meaning." + name)
		}
		list = append(list, fact{name, a.w.say("glossary.row", "label", a.w.metric(name), "meaning", doc, "unit", a.w.unit(unitName, a.r.Manifest.Currency), "better", a.w.say("better."+string(better)))})
	}
	for _, m := range outcome.Metrics() {
		add(m.Name, m.Unit, m.Doc, m.Better)
	}
	for _, m := range outcome.Relatives() {
		add(m.Name, m.Unit, m.Doc, m.Better)
	}
	return list
}
