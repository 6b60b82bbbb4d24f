package console

import (
	"net/http"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// overviewPage is what an organisation does, altogether. All but its heading is live.
type overviewPage struct {
	Mark       string // of what is live
	Tiles      []tile
	Trend      figure
	Notices    []notice // those that show at once, and the rest
	Others     []notice
	Courses    table
	Verbs      table
	Platforms  table
	Modalities table
	Newest     []line
	AllNewest  string
	Nothing    bool // nothing was ever sent, as far as the page can tell
}

type notice struct {
	Text, Detail, URL, Tone string
}

// How many lines the overview's lists show; of what needs a look and of verbs the rest can be opened.
const (
	newestLines  = 10
	noticesShown = 5
	linesShown   = 8
)

func overview(c *console, v *view, r *http.Request) error {
	v.Section, v.Title, v.CSV, v.Filtered = "overview", v.Text("overview.title"), v.reports("overview"), true
	n, err := c.news(v, r)
	if err != nil {
		return err
	}
	return c.overview(v, r, n)
}

// overview fills the page with the figures that go with the news.
func (c *console) overview(v *view, r *http.Request, n news) error {
	a, err := c.questions.Overview(r.Context(), v.Filter)
	if err != nil {
		return err
	}
	v.standing(a.Scope)
	notices := v.notices(a.Notices)
	shown := min(len(notices), noticesShown)
	v.Page = overviewPage{
		Mark:  n.mark,
		Tiles: v.tiles(a.Total, a.Before), Trend: v.trend(a.Days, measures), Notices: notices[:shown], Others: notices[shown:],
		Courses: v.courseTable(a.Activities, false),
		Verbs:   v.verbTable(a.Verbs), Platforms: v.platformTable(a.Platforms), Modalities: v.modalityTable(a.Modalities),
		Newest: n.lines, AllNewest: v.Link("/statements"), Nothing: len(n.lines) == 0 && a.Total.Statements == 0,
	}
	return nil
}

// notices say what needs a look, each with a link to whom or what it is about.
func (v *view) notices(list []report.Notice) (out []notice) {
	for _, n := range list {
		course := v.nameOf(n.Course)
		switch n.Kind {
		case "inactive":
			out = append(out, notice{v.Text("notice.inactive", n.Learners, n.Of), course,
				v.Link("/learners", "course", n.Course.ID, "state", "inactive"), "warn"})
		case "failing":
			out = append(out, notice{v.Text("notice.failing", n.Learners, n.Of), course,
				v.Link("/learners", "course", n.Course.ID, "state", "failing"), "bad"})
		case "drop-off":
			out = append(out, notice{v.Text("notice.dropOff", n.Learners, n.Of), v.nameOf(n.Module) + " · " + course,
				v.Link("/activity", "id", n.Course.ID) + "#funnel", "warn"})
		default:
			continue
		}
		if n.Course.ID == "" {
			out[len(out)-1].URL = "" // of those that are counted together nothing more can be asked
		}
	}
	return out
}

// courseTable lists courses: all that is known of them, or what there is room for beside other things.
func (v *view) courseTable(list []report.ActivityFigures, whole bool) table {
	t := table{Caption: v.Text("courses.title"), Empty: v.Text("empty.figures"), Columns: []column{
		{Name: v.Text("course")}, {Name: v.Text("figure.learners"), Number: true}, {Name: v.Text("figure.statements"), Number: true, Roomy: true},
	}}
	if whole {
		t.Columns = append(t.Columns, column{Name: v.Text("figure.seconds"), Number: true, Roomy: true},
			column{Name: v.Text("figure.completions"), Number: true, Roomy: true})
	}
	t.Columns = append(t.Columns, column{Name: v.Text("figure.passRate"), Number: true}, column{Name: v.Text("figure.score"), Number: true, Roomy: true})
	if whole {
		t.Columns = append(t.Columns, column{Name: v.Text("activity"), Roomy: true})
	}
	most := int64(1)
	for _, a := range list {
		most = max(most, a.Statements)
	}
	for _, a := range list {
		row := []cell{
			{Text: v.nameOf(a.Activity), URL: v.linkTo(a.Activity)},
			{Text: v.Number(int64(a.Learners))}, {Text: v.Number(a.Statements)},
		}
		if whole {
			row = append(row, cell{Text: v.Duration(a.Seconds)}, cell{Text: v.Number(a.Completions)})
		}
		row = append(row, cell{Text: v.passRate(a.Figures)}, cell{Text: v.score(a.Score)})
		if whole {
			row = append(row, cell{Bar: chart.Bar(float64(a.Statements) / float64(most))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
