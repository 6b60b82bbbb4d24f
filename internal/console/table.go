package console

import (
	"html/template"
	"slices"
	"time"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// table is any table of a page.
type table struct {
	Caption string
	Columns []column
	Rows    [][]cell // the first cell of each names the row
	Empty   string   // what stands there when there are no rows
	Shown   int      // how many rows show at once, the rest when it is opened; 0 for all
}

// First are the rows that show at once.
func (t table) First() table {
	if t.Shown > 0 && len(t.Rows) > t.Shown+1 { // one more takes no more room than what opens it
		t.Rows = t.Rows[:t.Shown]
	}
	return t
}

// Rest are the others.
func (t table) Rest() table {
	t.Rows = t.Rows[len(t.First().Rows):]
	return t
}

type column struct {
	Name   string
	Number bool // its cells are numbers, to be compared
	Roomy  bool // is left out where a page is narrow
}

type cell struct {
	Text, Sub string
	URL       string
	Tone      string // "good", "bad", "warn", or ""
	At        time.Time
	Bar       template.HTML
}

// figure is a chart with the table of what it shows.
type figure struct {
	ID, Title, Note string
	Chart           template.HTML
	Legend          []legend
	Table           table
	Choices         []choice
	Empty           string
	Offer           choice // of a span that is not empty
}

// legend says what a colour means.
type legend struct{ Class, Text string }

// choice is a link among several, of which one is chosen.
type choice struct {
	Text, URL string
	Chosen    bool
}

// breakdown is a table of what the statements have in common: name, learners, statements with a bar.
func (v *view) breakdown(caption string, lines []breakdownLine) table {
	t := table{Caption: caption, Empty: v.Text("empty.figures"), Columns: []column{
		{Name: v.Text("name")}, {Name: v.Text("figure.learners"), Number: true}, {Name: v.Text("figure.statements"), Number: true}, {Name: v.Text("share")},
	}}
	most, learners := int64(1), 0
	for _, l := range lines {
		most, learners = max(most, l.statements), max(learners, l.learners)
	}
	for _, l := range lines {
		t.Rows = append(t.Rows, []cell{
			{Text: l.name, URL: l.url}, {Text: v.Number(int64(l.learners))}, {Text: v.Number(l.statements)},
			{Bar: chart.Bar(float64(l.statements) / float64(most))},
		})
	}
	if learners == 0 { // they were not counted
		t.Columns = slices.Delete(t.Columns, 1, 2)
		for i := range t.Rows {
			t.Rows[i] = slices.Delete(t.Rows[i], 1, 2)
		}
	}
	return t
}

type breakdownLine struct {
	name, url  string
	learners   int
	statements int64
}

func (v *view) verbTable(list []report.VerbFigures) table {
	var lines []breakdownLine
	for _, f := range list {
		lines = append(lines, breakdownLine{v.verbOf(f.Verb), v.Link("/statements", "verb", f.Verb), f.Learners, f.Statements})
	}
	t := v.breakdown(v.Text("verbs"), lines)
	t.Shown = linesShown
	return t
}

func (v *view) platformTable(list []report.NamedFigures) table {
	var lines []breakdownLine
	for _, f := range list {
		l := breakdownLine{f.Name, v.Here("platform", f.Name), f.Learners, f.Statements}
		if f.Name == "" {
			l.name, l.url = v.Text("none"), ""
		}
		lines = append(lines, l)
	}
	return v.breakdown(v.Text("platforms"), lines)
}

// modalityTable holds modality against modality: what learners of each do, complete and score.
func (v *view) modalityTable(list []report.NamedFigures) table {
	t := table{Caption: v.Text("modalities"), Empty: v.Text("empty.figures"), Columns: []column{
		{Name: v.Text("modality")}, {Name: v.Text("figure.learners"), Number: true}, {Name: v.Text("figure.seconds"), Number: true, Roomy: true},
		{Name: v.Text("figure.passRate"), Number: true}, {Name: v.Text("figure.score"), Number: true},
	}}
	for _, f := range list {
		first := cell{Text: modalityName(v.Locale, f.Name)}
		if f.Name != "" {
			first.URL = v.Here("modality", f.Name)
		}
		t.Rows = append(t.Rows, []cell{
			first, {Text: v.Number(int64(f.Learners))}, {Text: v.Duration(f.Seconds)}, {Text: v.passRate(f.Figures)}, {Text: v.score(f.Score)},
		})
	}
	return t
}
