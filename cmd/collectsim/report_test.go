package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/report"
)

// TestReport writes the page of a small run in both languages and looks at it: as a file, and in a browser.
func TestReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	terminal := must(t, "run", "-o", dir, "--accounts", "1200", "--replications", "32", "--horizon", "120", "--accounts-table", "--no-charts", "--quiet")
	pages := map[string]string{}
	for _, lang := range report.Languages {
		pages[lang] = filepath.Join(t.TempDir(), lang+".html")
		must(t, "report", dir, "-o", pages[lang], "--lang", lang, "--quiet")
	}
	t.Run("numbers", func(t *testing.T) { sameNumbers(t, dir, terminal, pages["en"]) })
	for lang, path := range pages {
		t.Run("file "+lang, func(t *testing.T) { wholeFileIsAllThereIs(t, dir, path, lang) })
	}
	b := newBrowser(t)
	if b == nil {
		return
	}
	for _, lang := range report.Languages {
		b.size(1280, 800)
		b.open("file://" + pages[lang])
		t.Run("browser "+lang, func(t *testing.T) { b.t = t; lookAt(b, pages[lang], lang) })
	}
}

// cellPattern finds the cells of the comparison tables: unrounded value and what is printed.
var cellPattern = regexp.MustCompile(`<td data-value="([^"]*)"><span class="v">([^<]*)</span>(?: <span class="i">([^<]*)</span>)?(?: <span class="d">([^<]*?) <span class="verdict ([a-z]*)">)?`)

// sameNumbers holds every figure of the comparison tables against summary.json, to the last bit, and against
// the terminal, as text.
func sameNumbers(t *testing.T, dir, terminal, path string) {
	var s report.Summary
	text, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	page, err2 := os.ReadFile(path)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	compared, printed := 0, 0
	for _, table := range regexp.MustCompile(`(?s)<table id="table-[a-z]+" class="sortable compare">.*?</table>`).FindAllString(string(page), -1) {
		var metrics []string
		for _, m := range regexp.MustCompile(`<code>([^<]*)</code>`).FindAllStringSubmatch(table, -1) {
			metrics = append(metrics, m[1])
		}
		for _, row := range regexp.MustCompile(`(?s)<tr(?: class="base")?><th scope="row">.*?</tr>`).FindAllString(table, -1) {
			name := regexp.MustCompile(`<th scope="row">([^ <]*)`).FindStringSubmatch(row)[1]
			cells := cellPattern.FindAllStringSubmatch(row, -1)
			if len(cells) != len(metrics) {
				t.Fatalf("%s: %d cells for %d metrics in %s", name, len(cells), len(metrics), row)
			}
			for i, c := range cells {
				want := ""
				if x := float64(s.Strategy(name).Metrics[metrics[i]].Estimate); x == x {
					want = fmt.Sprint(x)
				}
				if c[1] != want {
					t.Errorf("%s of %s: the page holds %q, summary.json %q", metrics[i], name, c[1], want)
				}
				compared++
				if slices.Contains(report.Headline(), metrics[i]) {
					printed += onTerminal(t, terminal, metrics[i], name, c)
				}
			}
		}
	}
	if compared < 80 || printed < 40 {
		t.Errorf("%d figures were compared with summary.json and %d with the terminal, there should be more", compared, printed)
	}
}

// onTerminal finds the line of a strategy below the head of a metric and looks for what the page prints.
func onTerminal(t *testing.T, terminal, metric, strategy string, cell []string) int {
	_, block, ok := strings.Cut(terminal, "\n"+metric+", ")
	if !ok {
		t.Errorf("the terminal does not print %s", metric)
		return 0
	}
	block, _, _ = strings.Cut(block, "\n\n")
	for line := range strings.Lines(block) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != strategy {
			continue
		}
		shown := " " + strings.Join(fields[1:], " ") + " "
		for _, part := range cell[2:5] {
			if part = html.UnescapeString(part); part != "" && !strings.Contains(shown, " "+part+" ") {
				t.Errorf("%s of %s: the page prints %q, the terminal %q", metric, strategy, part, shown)
			}
		}
		return 1
	}
	return 0 // relative metrics have no line for the baseline
}

// wholeFileIsAllThereIs: one file, below 2 MB, that names no address and holds the marks of a page that is
// accessible.
func wholeFileIsAllThereIs(t *testing.T, dir, path, lang string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	if len(page) >= 2<<20 {
		t.Errorf("the page has %d bytes, must be below 2 MB", len(page))
	}
	script := regexp.MustCompile(`(?s)<script>.*?</script>`)
	for _, bad := range []string{"http:", "https:", "src=", "@import", "url(", "NaN", "<no value>", "{strategy}", "ZgotmplZ"} {
		if said := script.ReplaceAllString(page, ""); strings.Contains(said, bad) {
			i := strings.Index(said, bad)
			t.Errorf("the page holds %q: %s", bad, said[max(0, i-60):i+60])
		}
	}
	if n := strings.Count(page, `<th scope="row"><code>`); n < 400 {
		t.Errorf("the page has %d rows of metrics and parameters, want every metric and every parameter", n)
	}
	for _, want := range []string{`<html lang="` + lang + `">`, "<!DOCTYPE html>", `name="viewport"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if left := regexp.MustCompile(`\{[a-z]+\}`).FindString(regexp.MustCompile(`(?s)<(style|script)[ >].*?</(style|script)>`).ReplaceAllString(page, "")); left != "" {
		t.Errorf("the page holds an unfilled placeholder %s", left)
	}
	again := filepath.Join(t.TempDir(), "again.html")
	must(t, "report", dir, "-o", again, "--lang", lang, "--quiet")
	if second, _ := os.ReadFile(again); string(second) != page {
		t.Error("the same folder gives another page the second time")
	}
}

// lookAt is what a person would look at, in one language.
func lookAt(b *browser, path, lang string) {
	t := b.t
	for _, look := range []struct {
		what string
		at   func(*browser, string)
	}{
		{"first screen", seeFirstScreen},
		{"outline", seeOutline},
		{"tables", seeTables},
		{"sorting", seeSorting},
		{"charts", seeCharts},
		{"switches", seeSwitches},
		{"values", seeValues},
		{"language", seeOneLanguage},
		{"contrast", seeContrast},
		{"phone", seePhone},
		{"print", seePrinted},
	} {
		t.Run(look.what, func(t *testing.T) { b.t = t; look.at(b, lang) })
	}
	b.t = t
	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(list, "\n"))
	}
	for _, address := range b.requests() {
		if address != "file://"+path {
			t.Errorf("the page asks for %s", address)
		}
	}
	t.Run("without a script", func(t *testing.T) { b.t = t; seeWithoutScript(b, path) })
}

// seeFirstScreen: the five questions and the first line of each answer fit on a screen of 1280 by 800.
func seeFirstScreen(b *browser, lang string) {
	var heads []struct {
		Text   string
		Bottom float64
	}
	b.ask(`Array.from(document.querySelectorAll(".answer")).map(e => ({text: e.querySelector("h3").innerText + " | " + e.querySelector(".head").innerText, bottom: e.querySelector(".head").getBoundingClientRect().bottom}))`, &heads)
	if len(heads) != 5 {
		b.t.Fatalf("%d questions are answered, want 5", len(heads))
	}
	for i, h := range heads {
		question, answer, _ := strings.Cut(h.Text, " | ")
		if !strings.HasPrefix(question, strconv.Itoa(i+1)+".") || len(answer) < 40 {
			b.t.Errorf("question %d reads %q, its answer %q", i+1, question, answer)
		}
		if h.Bottom > 800 {
			b.t.Errorf("the answer to %q ends at %v, below the first screen", question, h.Bottom)
		}
	}
	lead := b.text(".lead")
	want := map[string]string{"en": "net value", "zh-CN": "净值"}[lang]
	if !strings.Contains(lead, want) || !regexp.MustCompile(`\d`).MatchString(lead) {
		b.t.Errorf("the lead says %q, want a figure of %s", lead, want)
	}
}

// seeOutline: one first heading, and no level is skipped.
func seeOutline(b *browser, _ string) {
	var levels []int
	b.ask(`Array.from(document.querySelectorAll("h1,h2,h3,h4,h5,h6")).map(e => +e.tagName[1])`, &levels)
	last, first := 0, 0
	for _, l := range levels {
		if l == 1 {
			first++
		}
		if l > last+1 {
			b.t.Errorf("a heading of level %d follows one of level %d", l, last)
		}
		last = l
	}
	if first != 1 || len(levels) < 20 {
		b.t.Errorf("%d headings of level 1 among %d", first, len(levels))
	}
	if n := b.number(`document.querySelectorAll("section[aria-labelledby]").length`); n < 6 {
		b.t.Errorf("%v sections are named", n)
	}
}

// seeTables: every table has a caption, heads with a scope, as many cells in a row as heads, and no empty head.
func seeTables(b *browser, _ string) {
	var faults []string
	b.ask(`(() => {
		const faults = [];
		document.querySelectorAll("table").forEach(t => {
			if (!t.caption || !t.caption.textContent.trim()) faults.push((t.id || "a table") + " has no caption");
			t.querySelectorAll("th").forEach(h => { if (!h.scope || !h.textContent.trim()) faults.push(t.id + ": a head without scope or text"); });
			const n = t.tHead.rows[0].cells.length;
			Array.from(t.tBodies[0].rows).forEach(r => { if (r.cells.length !== n) faults.push(t.id + ": a row of " + r.cells.length + " cells, not " + n); });
			if (!t.tBodies[0].rows.length) faults.push(t.id + " is empty");
		});
		return faults;
	})()`, &faults)
	for _, f := range faults {
		b.t.Error(f)
	}
	if n := b.number(`document.querySelectorAll("table.compare").length`); n != 5 {
		b.t.Errorf("%v comparison tables, want 5", n)
	}
	text := b.text("#table-overdue")
	for _, want := range []string{"no-contact", "reminders-only", "tiered-escalation", "home-visits", "overdue_rate_30", "%"} {
		if !strings.Contains(text, want) {
			b.t.Errorf("the first table lacks %q: %s", want, text)
		}
	}
}

// seeSorting: a press on a head's button orders the rows by the unrounded values, a second one the other way.
func seeSorting(b *browser, _ string) {
	column := func() []float64 {
		var values []float64
		b.ask(`Array.from(document.querySelector("#table-overdue").tBodies[0].rows).map(r => +r.cells[1].getAttribute("data-value"))`, &values)
		return values
	}
	for _, want := range []string{"ascending", "descending"} {
		b.ask(`document.querySelectorAll("#table-overdue thead th")[1].querySelector("button").click()`, nil)
		var state string
		b.ask(`document.querySelectorAll("#table-overdue thead th")[1].getAttribute("aria-sort")`, &state)
		values := column()
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		if want == "descending" {
			slices.Reverse(sorted)
		}
		if state != want || !slices.Equal(values, sorted) {
			b.t.Errorf("after sorting %s: state %q, values %v", want, state, values)
		}
	}
}

// seeCharts: each is drawn, described, and none of its texts sticks out.
func seeCharts(b *browser, _ string) {
	var faults []string
	b.ask(`(() => {
		const faults = [];
		document.querySelectorAll("figure").forEach(f => {
			const svg = f.querySelector("svg"), box = svg.getBoundingClientRect();
			if (box.width < 300 || box.height < 150) faults.push(f.id + ": " + box.width + " by " + box.height);
			const named = svg.getAttribute("aria-labelledby").split(" ").map(id => document.getElementById(id));
			if (!(named[0].textContent.length > 3) || !(named[1].textContent.length > 20)) faults.push(f.id + ": no name or description");
			if (svg.querySelectorAll("path").length < 5) faults.push(f.id + ": hardly anything is drawn");
			if (!f.querySelector("figcaption").innerText.trim()) faults.push(f.id + ": no caption");
			svg.querySelectorAll("text").forEach(x => {
				const r = x.getBoundingClientRect();
				if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
					faults.push(f.id + ": sticks out: " + x.textContent);
			});
		});
		return faults;
	})()`, &faults)
	for _, f := range faults {
		b.t.Error(f)
	}
	if n := b.number(`document.querySelectorAll("figure svg").length`); n < 16 {
		b.t.Errorf("%v charts, want at least 16", n)
	}
}

// seeSwitches: unticking a strategy hides its marks in the charts, ticking brings them back.
func seeSwitches(b *browser, _ string) {
	shown := func() float64 {
		return b.number(`Array.from(document.querySelectorAll('#chart-overdue [data-series="home-visits"]')).filter(g => g.getBoundingClientRect().width > 0).length`)
	}
	others := func() float64 {
		return b.number(`Array.from(document.querySelectorAll('#chart-overdue [data-series="no-contact"]')).filter(g => g.getBoundingClientRect().width > 0).length`)
	}
	before, rest := shown(), others()
	b.ask(`document.querySelector('#switches input[value="home-visits"]').click()`, nil)
	if before == 0 || shown() != 0 || others() != rest || rest == 0 {
		b.t.Errorf("home-visits has %v marks, %v when switched off; no-contact %v and %v", before, shown(), rest, others())
	}
	b.ask(`document.querySelector('#switches input[value="home-visits"]').click()`, nil)
	if shown() != before {
		b.t.Errorf("home-visits has %v marks when switched on again, had %v", shown(), before)
	}
}

// seeValues: the pointer and the arrow keys show the values of the day, which are those of daily.arrow.
func seeValues(b *browser, _ string) {
	b.ask(`document.querySelector("#chart-overdue").scrollIntoView()`, nil)
	var box struct{ X, Y, W, H float64 }
	b.ask(`(r => ({x: r.left, y: r.top, w: r.width, h: r.height}))(document.querySelector("#chart-overdue-svg").getBoundingClientRect())`, &box)
	b.mouse("mouseMoved", box.X+box.W*0.3, box.Y+box.H*0.5)
	tip := b.text("#tip")
	for _, want := range []string{"home-visits", "no-contact", "%"} {
		if !strings.Contains(tip, want) {
			b.t.Errorf("under the pointer stands %q, want %q in it", tip, want)
		}
	}
	b.mouse("mouseMoved", 2, 2)
	if !strings.EqualFold(b.visible("#tip"), "none") {
		b.t.Error("the values stay when the pointer has left")
	}
	b.ask(`document.querySelector("#chart-overdue-svg").focus()`, nil)
	b.key("End")
	last := b.text("#tip")
	var want string
	b.ask(`(() => { const d = JSON.parse(document.getElementById("data").textContent).charts["chart-overdue"].panels[0].lines[0]; return d.name + "\t" + Number((100 * d.y[d.y.length - 1]).toPrecision(4)) + "%"; })()`, &want)
	if !strings.Contains(strings.Join(strings.Fields(last), " "), strings.Join(strings.Fields(want), " ")) {
		b.t.Errorf("the End key shows %q, want %q in it", last, want)
	}
	b.key("Escape")
	if b.visible("#tip") != "none" {
		b.t.Error("Escape does not hide the values")
	}
	b.ask(`document.querySelector("#chart-queue-svg").focus()`, nil) // of two panels
	b.key("End")
	b.key("ArrowDown")
	b.ask(`(() => { const d = JSON.parse(document.getElementById("data").textContent).charts["chart-queue"].panels[1].lines[0]; return d.name + "\t" + Number((100 * d.y[d.y.length - 1]).toPrecision(4)) + "%"; })()`, &want)
	if below := b.text("#tip"); !strings.Contains(strings.Join(strings.Fields(below), " "), strings.Join(strings.Fields(want), " ")) {
		b.t.Errorf("in the lower panel the keys show %q, want %q in it", below, want)
	}
	b.key("Escape")
}

// visible is the computed display of an element.
func (b *browser) visible(selector string) string {
	b.t.Helper()
	var s string
	b.ask(fmt.Sprintf("getComputedStyle(document.querySelector(%q)).display", selector), &s)
	return s
}

// seeOneLanguage: what is rendered in Chinese holds no English sentence, but for the words of others, which
// are marked, and names; and the other way round.
func seeOneLanguage(b *browser, lang string) {
	b.ask(`document.querySelectorAll("details").forEach(d => { d.open = true; })`, nil)
	var pieces []string
	b.ask(`(() => {
		const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const n = walk.currentNode, e = n.parentElement, own = e.closest("[lang]");
			if (own !== document.documentElement || e.closest("script,style,code")) continue;
			if (n.textContent.trim()) out.push(n.textContent.trim());
		}
		return out;
	})()`, &pieces)
	if len(pieces) < 500 {
		b.t.Fatalf("%d pieces of text were found", len(pieces))
	}
	name := regexp.MustCompile(`[a-z]+([-._/][a-z0-9]+)+(\.[a-z]+)?|CNY|SHA-256|collectsim( verify DIR)?|Kaplan-Meier|Bonferroni|Holm|(uncertainty|redraw): true|sensitivity|synthetic|default|\b0\.\d+\.\d+\b|[0-9a-f]{64}|pp|to`)
	english, chinese := regexp.MustCompile(`[A-Za-z]{2,}`), regexp.MustCompile(`\p{Han}`)
	for _, p := range pieces {
		switch {
		case lang == "en" && chinese.MatchString(p):
			b.t.Errorf("the English page says %q", p)
		case lang != "en" && english.MatchString(name.ReplaceAllString(p, "")):
			b.t.Errorf("the Chinese page says %q", p)
		}
	}
	b.ask(`document.querySelectorAll("details").forEach(d => { d.open = false; })`, nil)
}

// seeContrast: every text has a contrast of 4.5 or more with what lies behind it (WCAG 2.2, 1.4.3), by day and by night.
func seeContrast(b *browser, _ string) {
	for _, scheme := range []string{"light", "dark"} {
		b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		var faults []string
		b.ask(`(() => {
			const parse = s => (s.match(/[\d.]+/g) || []).map(Number);
			const light = c => { const f = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
			const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
			const seen = {}, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
			while (walk.nextNode()) {
				const e = walk.currentNode.parentElement;
				if (!walk.currentNode.textContent.trim() || e.closest("svg,script,#tip,.skip")) continue;
				const a = light(parse(getComputedStyle(e).color)), z = light(behind(e)), ratio = (Math.max(a, z) + 0.05) / (Math.min(a, z) + 0.05);
				if (ratio < 4.5) seen[e.tagName + "." + e.className] = ratio.toFixed(2);
			}
			return Object.keys(seen).map(k => k + " " + seen[k]);
		})()`, &faults)
		for _, f := range faults {
			b.t.Errorf("%s: too little contrast: %s", scheme, f)
		}
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{}}, nil)
}

// seePhone: at 390 pixels nothing makes the page itself wider than the screen.
func seePhone(b *browser, _ string) {
	b.size(390, 844)
	if w := b.number("document.scrollingElement.scrollWidth"); w > 390 {
		b.t.Errorf("the page is %v pixels wide on a screen of 390", w)
	}
	if size := b.number(`parseFloat(getComputedStyle(document.querySelector(".answer .head")).fontSize)`); size < 14 {
		b.t.Errorf("answers are set in %v pixels on a phone", size)
	}
	b.size(1280, 800)
}

// seePrinted: a PDF of several pages comes out, and on paper nothing is folded away.
func seePrinted(b *browser, _ string) {
	var pdf struct{ Data string }
	b.call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &pdf)
	file, err := base64.StdEncoding.DecodeString(pdf.Data)
	if err != nil || !strings.HasPrefix(string(file), "%PDF-") {
		b.t.Fatalf("no PDF: %v", err)
	}
	if n := strings.Count(string(file), "/Type /Page\n") + strings.Count(string(file), "/Type /Page/") + strings.Count(string(file), "/Type /Page "); n < 5 {
		b.t.Errorf("the PDF has %d pages", n)
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
	if h := b.number(`document.querySelector("#table-all").getBoundingClientRect().height`); h < 500 {
		b.t.Errorf("on paper the table of all metrics is %v pixels tall", h)
	}
	if b.visible("nav") != "none" || b.visible("#switches") != "none" {
		b.t.Error("links or switches are printed")
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
}

// seeWithoutScript: all that the page says, it says without its script.
func seeWithoutScript(b *browser, path string) {
	said := func() string {
		return strings.Join(strings.Fields(b.text("#answer")+b.text("#table-overdue")+b.text("#charts figure:last-of-type")+b.text("#provenance")), " ")
	}
	b.open("file://" + path)
	b.ask(`document.querySelectorAll(".sort").forEach(e => e.remove())`, nil)
	with := said()
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.open("file://" + path)
	if without := said(); without != with || len(with) < 500 {
		b.t.Errorf("without its script the page says %q, with it %q", without, with)
	}
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": false}, nil)
}

func TestReportRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, "run", "-o", dir, "--accounts", "100", "--replications", "2", "--horizon", "30", "--no-charts", "--quiet")
	refused(t, 2, []string{"--lang fr", "en, zh-CN"}, "report", dir, "--lang", "fr")
	refused(t, 2, []string{"must end in .html"}, "report", dir, "-o", filepath.Join(t.TempDir(), "x.pdf"))
	refused(t, 1, []string{"manifest.json"}, "report", t.TempDir())
}

// A page comes out of runs that are as small as can be, too: it then says what it cannot say.
func TestReportOfLittle(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"one replication", []string{"--replications", "1"}, []string{"one replication cannot tell strategies apart", "no interval", "<li>1 replication: intervals are wide or missing"}},
		{"one strategy", []string{"--replications", "3", "--strategies", "home-visits"}, []string{"nothing to choose between", `<p class="sub">1 strategy on the same 100 accounts, 60 days, 3 replications;`}},
		{"two strategies", []string{"--replications", "8", "--strategies", "reminders-only,no-contact", "--baseline", "no-contact"}, []string{"8 replications", "at least 30"}},
		{"short", []string{"--replications", "3", "--horizon", "10"}, []string{"day 10", `lang="en">consumer and micro-enterprise loans of one lender, four strategies</span>. 4 strategies on the same`}},
		{"one day", []string{"--replications", "3", "--horizon", "1", "--set", "title=ours"}, []string{`lang="en">ours</span>. 4 strategies on the same 100 accounts, 1 day, 3 replications;`}},
		{"nothing drawn", []string{"--replications", "4", "--set", "uncertainty=false"}, []string{"No parameter was drawn"}},
		{"no complaint", []string{"--replications", "3", "--set", "borrowers.stress.complaint=0"}, []string{"<b>home-visits</b>: Complaints: none among 300 accounts of all replications, which leaves up to 12.2 per 1000 possible (95%)."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			args := append([]string{"run", "-o", dir, "--accounts", "100", "--no-charts", "--quiet"}, c.args...)
			if !slices.Contains(args, "--horizon") {
				args = append(args, "--horizon", "60")
			}
			must(t, args...)
			for _, lang := range report.Languages {
				must(t, "report", dir, "--lang", lang, "--quiet", "-o", filepath.Join(dir, lang+".html"))
			}
			page, err := os.ReadFile(filepath.Join(dir, "en.html"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(string(page), want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			if strings.Contains(strings.Split(string(page), "<script>\n")[0], "NaN") {
				t.Error("the page prints NaN")
			}
		})
	}
}

// unusual is a run whose baseline is a letter that costs much and does nothing, beside reminders and their twin.
const unusual = `name: unusual
title: 一家银行
accounts: 200
replications: 12
horizon: 60
baseline: dear
channels: {letter: {unit_cost: 2000, effect: 0}}
strategies:
  dear: {stages: {letter: {channel: letter, first_day: 1}}}
  reminders: {extends: reminders-only}
  reminders (twin): {extends: reminders-only}
`

// Extra cost over extra recovery is a price only where there is more of both, equal strategies are called equal, and readers
// aloud are told in which language a title is.
func TestReportOfUnusualOutcomes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "unusual.yaml")
	if err := os.WriteFile(file, []byte(unusual), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args    []string
		en, zh  []string
		without []string // the English page
	}{
		{nil, []string{
			"reminders has the highest net value", "and reminders (twin) exactly the same in every replication",
			"It recovers more than dear and costs less, so what it recovers more has no price.", "reminders and reminders (twin) come out exactly the same",
			"costs no more and achieves more than the baseline: no price", `<span lang="zh">一家银行</span>`,
		}, []string{"它比 dear 回收更多且成本更低", "成本不高于基准且效果更好：不是价格", "reminders 和 reminders (twin) 完全相同"}, []string{"recovers costs -", "30 days overdue costs -"}},
		{[]string{"--strategies", "home-visits,no-contact", "--set", "channels.letter.effect=0.03", "--set", "channels.letter.unit_cost=3"}, []string{
			"It recovers less than home-visits and costs less: each CNY that is given up saves ",
			"what giving up a unit saves; higher is better",
		}, []string{"它的回收少于 home-visits，成本也更低：每少收回 1 CNY 节省 "}, []string{"cannot be told, so it has no price"}},
		{[]string{"--strategies", "reminders,reminders (twin)"}, []string{"It recovers exactly as much as reminders."}, []string{"它的回收与 reminders 完全相同。"}, nil},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		must(t, with([]string{"run", file, "-o", dir, "--no-charts", "--quiet"}, c.args...)...)
		if c.args == nil {
			defer switchesOf(t, filepath.Join(dir, "en.html"))
		}
		for lang, wants := range map[string][]string{"en": c.en, "zh-CN": c.zh} {
			path := filepath.Join(dir, lang+".html")
			must(t, "report", dir, "--lang", lang, "--quiet", "-o", path)
			page, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range wants {
				if !strings.Contains(string(page), want) {
					t.Errorf("%v: the %s page does not say %q", c.args, lang, want)
				}
			}
			for _, no := range c.without {
				if found := regexp.MustCompile(no).Find(page); found != nil && lang == "en" {
					t.Errorf("%v: the page says %q", c.args, found)
				}
			}
		}
	}
}

// switchesOf: of two strategies whose names begin alike, each switch moves its own.
func switchesOf(t *testing.T, page string) {
	b := newBrowser(t)
	if b == nil {
		return
	}
	b.open("file://" + page)
	hidden := func(series string) bool {
		return b.number(fmt.Sprintf(`document.querySelectorAll('#chart-overdue .off[data-series="%s"]').length`, series)) > 0
	}
	for _, name := range []string{"reminders", "reminders (twin)"} {
		click := fmt.Sprintf(`document.querySelector('#switches input[value="%s"]').click()`, name)
		b.ask(click, nil)
		if hidden("reminders") != (name == "reminders") || hidden("reminders (twin)") == (name == "reminders") {
			t.Errorf("%s switched off: reminders hidden %v, its twin %v", name, hidden("reminders"), hidden("reminders (twin)"))
		}
		b.ask(click, nil)
	}
}

// seen are the rows of the tables of assumptions by path: value and source.
func seen(t *testing.T, page string) map[string][2]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][2]string{}
	for _, m := range regexp.MustCompile(`<tr><th scope="row"><code>([^<]+)</code>.*?</th><td data-value="([^"]*)">.*<td[^>]*>([^<]*)</td></tr>`).FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = [2]string{html.UnescapeString(m[2]), html.UnescapeString(m[3])}
	}
	return rows
}

// TestReportNamesWhoSetAValue: the source of the default does not speak for another value. Its own source does, or it
// was set by the scenario or by the user, values without a declared source among them.
func TestReportNamesWhoSetAValue(t *testing.T) {
	dir := t.TempDir()
	file, out := filepath.Join(dir, "mine.yaml"), filepath.Join(dir, "out")
	text := `{name: mine, accounts: 50, replications: 2, horizon: 20, baseline: home-visits,
  guardrails: {name: china-banking-2026, calls_per_day: 2}, strategies: {home-visits: {stages: {visit: {when: {min_owed: 0}}}}, late: {extends: home-visits, stages: {visit: {first_day: 44}}}, pilot: {split: {late: 1, home-visits: 3}}},
  teams: {visit: {wage: {value: 3, source: "our payroll, 2025"}}, call: {skill: 1.5}}, borrowers: {stress: {notice: 7}}}`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, "run", file, "-o", out, "--quiet", "--no-charts", "--set", "teams.call.skill=2", "--set", "borrowers.excitation.decay=0.1",
		"--set", "strategies.home-visits.stages.visit.first_day=33")
	const debts = "; a share of borrowers at several lenders that is plausible for consumer loans, 0 to 0.8 with one or more"
	const rules = "China Banking Association, Guidelines for Collection of Personal Consumer Loans by Financial Institutions (Trial), 30-31 January 2026; from secondary pages"
	want := map[string][2]string{
		"teams.visit.wage":                              {"3", "our payroll, 2025"},
		"borrowers.stress.notice":                       {"7", "set by scenario mine"},
		"teams.call.skill":                              {"2", "set by the user"},
		"borrowers.excitation.decay":                    {"0.1", "set by the user"}, // drawn otherwise
		"strategies.home-visits.stages.visit.first_day": {"33", "set by the user"},
		"borrowers.stress.per_missed":                   {"9", "assumption"}, // as it was
		// What no source is declared for: of the scenario, of its rule set, of a strategy of its own, and undone.
		"guardrails.name":                                   {"china-banking-2026", rules},
		"guardrails.visit_crew":                             {"2", rules},
		"guardrails.calls_per_day":                          {"2", "set by scenario mine"},
		"strategies.late.stages.visit.first_day":            {"44", "set by scenario mine"},
		"strategies.home-visits.stages.visit.when.min_owed": {"0", "set by scenario mine"},
		"portfolio.other_debts":                             {"[0.45 0.3 0.15 0.1]", "assumption" + debts},
	}
	zh := map[string]string{"set by scenario mine": "由场景 mine 设定", "set by the user": "由用户设定", "assumption": "假设", "assumption" + debts: "假设" + debts}
	for _, lang := range report.Languages {
		page := filepath.Join(dir, lang+".html")
		must(t, "report", out, "-o", page, "--lang", lang, "--quiet")
		got := seen(t, page)
		for path, w := range want {
			if lang != "en" && zh[w[1]] != "" {
				w[1] = zh[w[1]]
			}
			if got[path] != w {
				t.Errorf("%s: %s is %q, want %q", lang, path, got[path], w)
			}
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "en.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{ // who has inherited a title, and who has none
		`<dt>late</dt><dd lang="en">a variant of home-visits: a text, then visits early and often; no verification, no remedies</dd>`,
		`<dt>pilot</dt><dd lang="en">home-visits 75%, late 25%</dd>`,
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestChineseDoubts: every warning that a run can carry, and every reason why it lacks a chart, is in Chinese on the
// Chinese page.
func TestChineseDoubts(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cards := write("cards.csv", "id,bal,lim,paid,apr,dpd\n1,8000,9000,10,8,0\n2,9000,9900,10,8,0\n3,-5,9000,10,8,0\n")
	old := write("old.csv", "id,bal,lim,paid,apr,dpd\n1,8000,9000,10,8,400\n2,9000,9900,10,8,0\n")
	columns := write("own.yaml", `source: test
currency: EUR
unit: major
fields:
  id: {column: id}
  product: {value: credit-card}
  region: {value: urban}
  balance: {column: bal, min: 0, outside: drop}
  limit: {column: lim}
  last_payment: {column: paid}
  apr: {column: apr}
  penalty_apr: {value: 0}
  instalment: {rule: card-minimum, share: 0.03, floor: 50}
  dpd: {column: dpd}
`)
	mine := write("mine.yaml", "name: mine\nborrowers: {stress: {notice: 40}}\nstrategies: {no-contact: {}, home-visits: {}}\n")
	small := []string{"--accounts", "50", "--horizon", "20", "--no-charts", "--quiet"}
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"wide": {append(small, mine, "--set", "teams.visit.agents=0", "--set", "guardrails.visit_notice_days=3", "--set", "borrowers.stress.per_missed=50", "--replications", "3", "--precision", "0.0001", "--max-replications", "4"), []string{
			"borrowers.stress.notice：40 超出声明的范围 [0, 18]", "borrowers.stress.per_missed：50 超出声明的范围 [4, 15]",
			"策略 home-visits 的阶段 visit 从不执行：团队 visit 没有人员", "策略 home-visits 的阶段 visit 从不执行：规则 visit-notice 不允许", "模拟 4 次后未达到精度 0.0001", "没有一次上门的前 7 天和后 30 天都在模拟期内",
			"信息价值至少需要模拟 30 次", "需要逐户结果 accounts.arrow", "模拟期不足一个月",
		}},
		"alone": {append(small, "--strategies", "no-contact", "--replications", "1", "--set", "uncertainty=false"), []string{
			"只有一个策略，没有可比较的对象", "没有随机抽取的参数", "没有任何策略产生成本", "没有任何策略尝试联系", "只有一次模拟，没有累计均值",
		}},
		"tape": {[]string{"--tape", cards, "--map", columns, "--horizon", "40", "--replications", "2", "--no-charts", "--quiet"}, []string{
			"贷款数据：apr 的中位数为 8，即 800%", "贷款数据：没有逾期账户", "贷款数据：3 行中有 1 行被舍弃", "贷款数据的金额为 EUR，而场景中的成本、工资和门槛金额为 CNY",
		}},
		"old debts": {[]string{"--tape", old, "--map", columns, "--horizon", "40", "--replications", "2", "--no-charts", "--quiet"}, []string{
			"贷款数据：2 个账户中有 1 个逾期 180 天以上，第 0 天即核销",
		}},
	} {
		out, page := filepath.Join(dir, name), filepath.Join(dir, name+".html")
		must(t, append([]string{"run", "-o", out}, c.args...)...)
		must(t, "report", out, "-o", page, "--lang", "zh-CN", "--quiet")
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		plain := html.UnescapeString(string(text))
		for _, w := range c.want {
			if !strings.Contains(plain, w) {
				t.Errorf("%s: the page lacks %q", name, w)
			}
		}
		for _, foreign := range regexp.MustCompile(`<li>(?:<b>[^<]*</b>: )?<span lang="en">[^<]*`).FindAllString(plain, -1) {
			t.Errorf("%s: in English: %s", name, foreign)
		}
	}
}
