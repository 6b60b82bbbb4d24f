package console

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// sessionsPage is what a learner did in a course lately, minute by minute.
type sessionsPage struct {
	Learner  choice
	Sessions []sessionCard
	Older    string // says that there is more
}

// sessionCard is one session: its minutes as a strip, with what happened in them beside it.
type sessionCard struct {
	ID, Title string
	Facts     []string
	Strip     template.HTML
	Legend    []legend
	Count     string
	Events    table
}

// shortestStrip is how many minutes a strip has at least: one of a few would say little by its width.
const shortestStrip = 15

// tipEvents is how many events are named beside a minute.
const tipEvents = 3

func sessions(c *console, v *view, r *http.Request) error {
	key, course := v.Param("key"), v.Param("course")
	v.Section, v.CSV = "learners", v.reports("sessions", "key", key, "course", course)
	a, err := c.questions.Sessions(r.Context(), key, course, v.Filter)
	if err != nil {
		return err
	}
	v.Title = v.Text("minutes.of", v.nameOf(a.Course))
	p := sessionsPage{Learner: choice{Text: titleOf(a.Learner), URL: v.Link("/learner", "key", key)}}
	if a.Older {
		p.Older = v.Text("minutes.older", report.MaxTold)
	}
	most := 0
	for _, s := range a.Sessions {
		for _, m := range s.Minutes {
			most = max(most, len(m.Events))
		}
	}
	for i, s := range a.Sessions {
		p.Sessions = append(p.Sessions, v.session("session-"+strconv.Itoa(i+1), s, a.Learner, most))
	}
	v.Page = p
	return nil
}

func (v *view) session(id string, s report.Session, who report.LearnerLine, most int) sessionCard {
	o := outcomesOf(s)
	title := v.Instant(s.Start)
	card := sessionCard{ID: id, Title: title, Count: v.Text("minutes.events", o.all), Events: v.eventTable(title, s, who, o)}
	if s.Seconds > 0 {
		card.Facts = append(card.Facts, v.Duration(s.Seconds))
	}
	if s.Platform != "" {
		card.Facts = append(card.Facts, s.Platform)
	}
	card.Facts = append(card.Facts, modalityName(v.Locale, s.Modality))
	var moments []chart.Moment
	for _, m := range s.Minutes {
		moments = append(moments, v.moment(s, m))
	}
	last := s.Minutes[len(s.Minutes)-1].Minute
	summary := v.Text("minutes.summary", o.all, last)
	if o.right+o.wrong > 0 {
		summary += " " + v.Text("minutes.judged", o.right, o.wrong)
		card.Legend = []legend{{"good", v.Text("minutes.right") + " " + v.Number(int64(o.right))}, {"bad", v.Text("minutes.wrong") + " " + v.Number(int64(o.wrong))},
			{"value", v.Text("minutes.other") + " " + v.Number(int64(o.all-o.right-o.wrong))}}
	}
	card.Strip = chart.Strip(summary, max(last+1, shortestStrip), most, moments, func(minute int) string { return v.Text("time.axisMinutes", v.Number(int64(minute))) })
	return card
}

// moment is a minute as it is drawn. Only an answer that was judged is good or bad.
func (v *view) moment(s report.Session, m report.Minute) chart.Moment {
	at := s.Start.Add(time.Duration(m.Minute) * time.Minute)
	out := chart.Moment{At: m.Minute}
	var named []string
	for i, e := range m.Events {
		class, what := "value", v.verbOf(e.Verb)+" "+v.nameOf(e.Object)
		if e.Right != nil {
			result := v.judged(*e.Right)
			class, what = result.Tone, what+" ("+result.Text+")"
		}
		out.Events = append(out.Events, class)
		switch {
		case i < tipEvents:
			named = append(named, what)
		case i == tipEvents:
			named = append(named, "…")
		}
	}
	out.Tip = v.Text("minutes.tip", len(m.Events), m.Minute, at.UTC().Format("15:04"), strings.Join(named, ", "))
	return out
}

func (v *view) judged(right bool) cell {
	if right {
		return cell{Text: v.Text("minutes.right"), Tone: "good"}
	}
	return cell{Text: v.Text("minutes.wrong"), Tone: "bad"}
}

// outcomes are how many events of a session there are, and of which kinds.
type outcomes struct{ all, right, wrong, scored int }

func outcomesOf(s report.Session) (o outcomes) {
	for _, m := range s.Minutes {
		for _, e := range m.Events {
			o.all++
			switch {
			case e.Right == nil:
			case *e.Right:
				o.right++
			default:
				o.wrong++
			}
			if e.Score != nil {
				o.scored++
			}
		}
	}
	return o
}

// eventTable lists what happened, with a column for what answers and scores there are.
func (v *view) eventTable(title string, s report.Session, who report.LearnerLine, o outcomes) table {
	t := table{Caption: title, Columns: []column{{Name: v.Text("minutes.time")}, {Name: v.Text("minutes.event")}}}
	results := o.right+o.wrong+o.scored > 0
	if results {
		t.Columns = append(t.Columns, column{Name: v.Text("minutes.result")})
	}
	agent := agentOf(who.Identity).json()
	for _, m := range s.Minutes {
		for _, e := range m.Events {
			row := []cell{
				{Text: e.At.UTC().Format(time.TimeOnly), Sub: v.Text("time.axisMinutes", v.Number(int64(m.Minute)))},
				{Text: v.nameOf(e.Object), Sub: v.verbOf(e.Verb), URL: v.Link("/statements", "agent", agent, "activity", e.Object.ID)},
			}
			if results {
				row = append(row, v.eventResult(e))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (v *view) eventResult(e report.Event) (c cell) {
	if e.Right != nil {
		c = v.judged(*e.Right)
	}
	if e.Score != nil {
		c.Sub = v.Text("score") + " " + v.optional(e.Score)
	}
	return c
}
