package console

import (
	"net/http"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// activityPage is one course, or one module of it.
type activityPage struct {
	Course     *choice
	Tiles      []tile
	Trend      figure
	Standing   figure
	Funnel     table
	Time       *figure // of a course alone
	Scores     figure
	Questions  []questionLine
	Video      *figure
	Modalities table
	Platforms  table
	Verbs      table
	Learners   string
	Statements string
}

func activity(c *console, v *view, r *http.Request) error {
	id := v.Param("id")
	v.Section, v.CSV, v.Filtered = "activities", v.reports("activity", "id", id), true
	a, err := c.questions.Activity(r.Context(), id, v.Filter)
	if err != nil {
		return err
	}
	v.standing(a.Scope)
	v.Title, v.Subtitle = v.nameOf(a.Activity), typeOf(a.Activity)+" · "+a.Activity.ID
	p := activityPage{
		Tiles: v.tiles(a.Total, a.Before), Trend: v.trend(a.Days, measures), Standing: v.standings(a),
		Funnel: v.funnel(a.Funnel), Scores: v.distribution(a.Total.Score), Questions: v.questions(a.Questions),
		Modalities: v.modalityTable(a.Modalities), Platforms: v.platformTable(a.Platforms), Verbs: v.verbTable(a.Verbs),
		Statements: v.Link("/statements", "activity", a.Activity.ID),
	}
	if a.Course != nil {
		p.Course = &choice{Text: v.nameOf(*a.Course), URL: v.linkTo(*a.Course)}
	} else {
		p.Learners = v.Link("/learners", "course", a.Activity.ID)
		taken := v.timeToComplete(a.TimeToComplete)
		p.Time = &taken
	}
	if a.Video != nil {
		heat := v.heat(*a.Video)
		p.Video = &heat
	}
	v.Page = p
	return nil
}

// standings draw how many of those who began stand where, each once: whoever fails is not counted as inactive too.
func (v *view) standings(a report.ActivityReport) figure {
	s := a.Standing
	f := figure{ID: "standing", Title: v.Text("standing.title"), Note: v.Text("standing.note"), Table: table{
		Caption: v.Text("standing.title"), Columns: []column{{Name: v.Text("state")}, {Name: v.Text("figure.learners"), Number: true}, {Name: v.Text("share"), Number: true}},
	}}
	if s.Began == 0 {
		f.Empty = v.Text("empty.figures")
		return f
	}
	learners := func(state string) string {
		if a.Course != nil {
			return ""
		}
		return v.Link("/learners", "course", a.Activity.ID, "state", state)
	}
	open := max(s.Began-s.Completed-s.Failing-s.Inactive, 0)
	var parts []chart.Mark
	for _, p := range []struct {
		class, key, url string
		n               int
	}{
		{"good", "state.completed", learners("completed"), s.Completed}, {"soft", "state.begun", learners("begun"), open},
		{"warn", "state.inactive", learners("inactive"), s.Inactive}, {"bad", "state.failing", learners("failing"), s.Failing},
	} {
		of := v.Percent(float64(p.n) / float64(s.Began))
		parts = append(parts, chart.Mark{Tip: v.Text(p.key) + ": " + v.Number(int64(p.n)) + " (" + of + ")", Value: float64(p.n), Class: p.class})
		f.Legend = append(f.Legend, legend{p.class, v.Text(p.key) + " " + v.Number(int64(p.n))})
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: v.Text(p.key), URL: p.url}, {Text: v.Number(int64(p.n))}, {Text: of}})
	}
	f.Chart = chart.Stack(v.Text("standing.summary", s.Began, s.Completed, s.Failing, s.Inactive), parts)
	return f
}

// funnel holds each module against the one that most began, and says where learners stop.
func (v *view) funnel(steps []report.Step) table {
	t := table{Caption: v.Text("funnel.title"), Empty: v.Text("empty.funnel"), Columns: []column{
		{Name: v.Text("module")}, {Name: v.Text("funnel.bar")}, {Name: v.Text("funnel.began"), Number: true, Roomy: true}, {Name: v.Text("funnel.ended"), Number: true, Roomy: true},
		{Name: v.Text("funnel.stopped"), Number: true}, {Name: v.Text("funnel.each"), Number: true, Roomy: true},
	}}
	most := 1
	for _, s := range steps {
		most = max(most, s.Began)
	}
	for _, s := range steps {
		stopped := cell{Text: v.Number(int64(s.Began - s.Ended))}
		if s.Began > s.Ended {
			stopped.Text += " (" + v.Percent(float64(s.Began-s.Ended)/float64(s.Began)) + ")"
		}
		if 2*s.Ended < s.Began {
			stopped.Tone = "bad"
		}
		each := missing
		if s.Began > 0 {
			each = v.Duration(s.Seconds / int64(s.Began))
		}
		t.Rows = append(t.Rows, []cell{
			{Text: v.nameOf(s.Activity), URL: v.linkTo(s.Activity)},
			{Bar: chart.Bars(float64(s.Began)/float64(most), float64(s.Ended)/float64(most))},
			{Text: v.Number(int64(s.Began))}, {Text: v.Number(int64(s.Ended))}, stopped, {Text: each},
		})
	}
	return t
}

// timeToComplete draws how many days learners take.
func (v *view) timeToComplete(buckets []report.Bucket) figure {
	f := figure{ID: "time", Title: v.Text("completion.title"), Note: v.Text("completion.note"), Table: table{
		Caption: v.Text("completion.title"), Columns: []column{{Name: v.Text("completion.days")}, {Name: v.Text("figure.learners"), Number: true}},
	}}
	var marks []chart.Mark
	total := 0
	for _, b := range buckets {
		total += b.Learners
		label := v.Number(int64(b.From))
		switch {
		case b.To == 0:
			label = v.Text("completion.more", b.From)
		case b.To > b.From+1:
			label += "–" + v.Number(int64(b.To-1))
		}
		marks = append(marks, chart.Mark{Label: label, Tip: v.Text("completion.tip", b.Learners, label), Value: float64(b.Learners)})
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: label}, {Text: v.Number(int64(b.Learners))}})
	}
	if total == 0 {
		f.Empty = v.Text("empty.completions")
		return f
	}
	f.Chart = chart.Columns(v.Text("completion.summary", total), marks, func(value float64) string { return v.Decimal(value, 1) })
	return f
}
