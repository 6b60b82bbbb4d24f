package console

import (
	"html/template"
	"net/http"
	"time"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// learnerPage is one learner: the path through courses, and where there is trouble.
type learnerPage struct {
	Tiles      []tile
	Trend      figure
	Courses    []courseLine
	From, To   time.Time // of the path
	Weak       table
	Statements string
}

// courseLine is how far the learner has come in a course, with its stretch of the path.
type courseLine struct {
	Name, URL          string
	Minutes            string // a link to it minute by minute
	State, Tone        string
	Score              string // "" where there is none
	Time, Sessions     string
	First, Last, Ended time.Time
	Path               template.HTML
	Modules            table
}

// titleOf is what a learner is called: his name, or what identifies him.
func titleOf(l report.LearnerLine) string {
	if l.Name != "" {
		return l.Name
	}
	return identityLabel(l.Identity)
}

func subtitleOf(l report.LearnerLine) string {
	if l.Name == "" {
		return ""
	}
	return identityLabel(l.Identity)
}

func learner(c *console, v *view, r *http.Request) error {
	key := v.Param("key")
	v.Section, v.CSV, v.Filtered = "learners", v.reports("learner", "key", key), true
	a, err := c.questions.Learner(r.Context(), key, v.Filter)
	if err != nil {
		return err
	}
	v.standing(a.Scope)
	v.Title, v.Subtitle = titleOf(a.LearnerLine), subtitleOf(a.LearnerLine)
	p := learnerPage{
		Trend: v.trend(a.Days, ofLearner), Weak: v.weakSpots(a.Weak),
		Statements: v.Link("/statements", "agent", agentOf(a.Identity).json()),
		Tiles: []tile{
			{Label: v.Text("learner.completed"), Value: v.Text("learner.of", a.Completed, a.Courses)},
			{Label: v.Text("figure.score"), Value: v.meanScore(a.LearnerLine)},
			{Label: v.Text("learner.time"), Value: v.Duration(a.LearnerLine.Seconds)},
			{Label: v.Text("learner.spanTime"), Value: v.spent(a.Total)},
			{Label: v.Text("learner.streak"), Value: v.Text("days", a.Streak)},
			{Label: v.Text("learner.longest"), Value: v.Text("days", a.Longest)},
		},
	}
	if last := report.DayOf(a.Last); p.Trend.Empty != "" && (last < v.Filter.From || last > v.Filter.To) {
		from := last - defaultDays + 1
		p.Trend.Empty = v.Text("learner.notInSpan", titleOf(a.LearnerLine), v.Date(a.Last))
		p.Trend.Offer = choice{Text: v.Text("learner.offer"), URL: v.Here("from", from.String(), "to", last.String(), "days", "")}
	}
	p.path(v, a.Path)
	v.Page = p
	return nil
}

// spent is the time of a span, or that there was nothing in it.
func (v *view) spent(f report.Figures) string {
	if f.Statements == 0 {
		return missing
	}
	return v.Duration(f.Seconds)
}

// path draws every course over the same span: from the first that happened to the last.
func (p *learnerPage) path(v *view, courses []report.Progress) {
	for i, c := range courses {
		if i == 0 || c.First.Before(p.From) {
			p.From = c.First
		}
		if c.Last.After(p.To) {
			p.To = c.Last
		}
	}
	at := func(t time.Time) float64 {
		if span := p.To.Sub(p.From); span > 0 {
			return float64(t.Sub(p.From)) / float64(span)
		}
		return 0
	}
	for _, c := range courses {
		l := courseLine{
			Name: v.nameOf(c.Activity), URL: v.linkTo(c.Activity), First: c.First, Last: c.Last,
			Time: v.Duration(c.Seconds), Sessions: v.Text("sessions", c.Sessions), Modules: v.moduleTable(c.Modules),
		}
		if c.ID != "" {
			l.Minutes = v.Link("/sessions", "key", v.Param("key"), "course", c.ID)
		}
		if c.Score != nil {
			l.Score = v.Fixed(*c.Score, 1)
		}
		l.State, l.Tone = v.stateOf(c.State)
		if c.Ended != nil {
			l.Ended = *c.Ended
		}
		var points []chart.Point
		for _, m := range c.Modules {
			if m.Ended != nil {
				points = append(points, chart.Point{At: at(*m.Ended), Class: "good", Tip: v.Text("path.ended", v.nameOf(m.Activity), v.Instant(*m.Ended))})
			} else if m.State == "failing" {
				points = append(points, chart.Point{At: at(m.Last), Class: "bad", Tip: v.Text("path.failed", v.nameOf(m.Activity), v.Instant(m.Last))})
			}
		}
		summary := v.Text("path.summary", l.Name, l.State, v.Date(c.First), v.Date(c.Last))
		l.Path = chart.Path(summary, at(c.First), at(c.Last), "soft", points)
		p.Courses = append(p.Courses, l)
	}
}

// stateOf is what a state is called, and whether it is good or bad.
func (v *view) stateOf(state string) (text, tone string) {
	switch state {
	case "passed":
		return v.Text("state.passed"), "good"
	case "completed":
		return v.Text("state.completed"), "good"
	case "failing":
		return v.Text("state.failing"), "bad"
	}
	return v.Text("state.begun"), ""
}

func (v *view) optional(score *float64) string {
	if score == nil {
		return missing
	}
	return v.Fixed(*score, 1)
}

func (v *view) moduleTable(modules []report.ModuleProgress) table {
	t := table{Caption: v.Text("modules"), Empty: v.Text("empty.modules"), Columns: []column{
		{Name: v.Text("module")}, {Name: v.Text("state")}, {Name: v.Text("score"), Number: true}, {Name: v.Text("learner.best"), Number: true, Roomy: true},
		{Name: v.Text("figure.attempts"), Number: true, Roomy: true}, {Name: v.Text("figure.seconds"), Number: true, Roomy: true},
		{Name: v.Text("learner.watched"), Number: true, Roomy: true}, {Name: v.Text("learners.last"), Roomy: true},
	}}
	for _, m := range modules {
		watched := missing
		if m.Watched != nil {
			watched = v.Percent(*m.Watched)
		}
		state := cell{}
		state.Text, state.Tone = v.stateOf(m.State)
		t.Rows = append(t.Rows, []cell{
			{Text: v.nameOf(m.Activity), URL: v.linkTo(m.Activity)}, state, {Text: v.optional(m.Score)}, {Text: v.optional(m.Best)},
			{Text: v.Number(m.Attempts)}, {Text: v.Duration(m.Seconds)}, {Text: watched}, {At: m.Last},
		})
	}
	return t
}

func (v *view) weakSpots(list []report.WeakSpot) table {
	t := table{Caption: v.Text("weak.title"), Empty: v.Text("empty.weak"), Columns: []column{
		{Name: v.Text("weak.where")}, {Name: v.Text("course"), Roomy: true}, {Name: v.Text("weak.wrong"), Number: true},
	}}
	for _, w := range list {
		kind := v.Text("module")
		if w.Kind == "question" {
			kind = v.Text("question")
		}
		t.Rows = append(t.Rows, []cell{
			{Text: v.nameOf(w.Activity), Sub: kind}, {Text: v.nameOf(w.Course), URL: v.linkTo(w.Course)},
			{Text: v.Text("weak.of", w.Wrong, w.Of), Tone: "bad"},
		})
	}
	return t
}
