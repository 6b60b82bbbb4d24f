package console

import (
	"errors"
	"net/http"
	"strings"

	"cairn/internal/report"
)

type learnersPage struct {
	Table       table
	Courses     []choice // to choose from; Text is the name, URL the id
	States      []choice
	Course      string
	First, Next string
	Sought      string // who was looked for and not found
	Nothing     bool   // was ever sent
}

// states of a learner in a course, and the keys of their names.
var states = []struct{ name, key string }{
	{"", "state.any"}, {"begun", "state.begun"}, {"inactive", "state.inactive"}, {"failing", "state.failing"}, {"completed", "state.completed"},
}

// coursesToChoose is how many courses a list to choose from has.
const coursesToChoose = 100

func learners(c *console, v *view, r *http.Request) error {
	v.Section, v.Title, v.Filtered = "learners", v.Text("learners.title"), true
	p := learnersPage{Course: v.Param("course")}
	if who := strings.TrimSpace(v.Param("who")); who != "" {
		key, err := c.questions.FindLearner(r.Context(), identityOf(who))
		if err == nil {
			v.moved = v.Link("/learner", "key", key)
			return nil
		}
		if !errors.Is(err, report.ErrUnknown) {
			return err
		}
		p.Sought = who
	}
	state := v.Param("state")
	if p.Course == "" {
		state = "" // a state is one in a course
	}
	v.CSV = v.reports("learners", "course", p.Course, "state", state)
	list, err := c.questions.Learners(r.Context(), v.Filter, p.Course, state, pageOf(v))
	if err != nil {
		return err
	}
	v.standing(list.Scope)
	courses, err := c.questions.Activities(r.Context(), v.Filter, "statements", report.Page{Limit: coursesToChoose})
	if err != nil {
		return err
	}
	p.choose(v, courses.Activities, state)
	p.Table = v.learnerTable(list.Learners)
	p.First, p.Next = v.turns(list.Next)
	if len(list.Learners) == 0 {
		p.Nothing, err = c.nothing(r)
	}
	v.Page = p
	return err
}

func (p *learnersPage) choose(v *view, courses []report.ActivityFigures, state string) {
	found := p.Course == ""
	for _, a := range courses {
		if a.ID == "" {
			continue // those that are counted together
		}
		p.Courses = append(p.Courses, choice{v.nameOf(a.Activity), a.ID, a.ID == p.Course})
		found = found || a.ID == p.Course
	}
	if !found { // chosen elsewhere
		p.Courses = append(p.Courses, choice{lastPart(p.Course), p.Course, true})
	}
	for _, s := range states {
		p.States = append(p.States, choice{v.Text(s.key), s.name, s.name == state})
	}
}

// identityOf takes what somebody types for an identity: a mailbox is enough.
func identityOf(typed string) string {
	kind, _, _ := strings.Cut(typed, ":")
	switch {
	case kind == "mbox", kind == "sha1", kind == "openid", kind == "account":
		return typed
	case kind == "mailto":
		return "mbox:" + typed
	case strings.HasPrefix(typed, "http"):
		if strings.Contains(typed, " ") {
			return "account:" + typed
		}
		return "openid:" + typed
	}
	return "mbox:mailto:" + typed
}

func (v *view) learnerTable(list []report.LearnerLine) table {
	t := table{Caption: v.Text("learners.title"), Empty: v.Text("empty.learners"), Columns: []column{
		{Name: v.Text("learner")}, {Name: v.Text("learners.last"), Roomy: true}, {Name: v.Text("learners.completed"), Number: true}, {Name: v.Text("learners.failing"), Number: true, Roomy: true},
		{Name: v.Text("figure.seconds"), Number: true, Roomy: true}, {Name: v.Text("figure.score"), Number: true},
	}}
	for _, l := range list {
		failing := cell{Text: v.Number(int64(l.Failing))}
		if l.Failing > 0 {
			failing.Tone = "bad"
		}
		t.Rows = append(t.Rows, []cell{
			{Text: titleOf(l), Sub: subtitleOf(l), URL: v.Link("/learner", "key", l.Key)}, {At: l.Last}, {Text: v.Text("learner.of", l.Completed, l.Courses)},
			failing, {Text: v.Duration(l.Seconds)}, {Text: v.meanScore(l)},
		})
	}
	return t
}

func (v *view) meanScore(l report.LearnerLine) string {
	return v.score(report.Score{Count: l.Scores, Mean: l.Score})
}

// pageOf is the part of a list that the address asks for.
func pageOf(v *view) report.Page { return report.Page{Next: v.Param("next"), Limit: 25} }

// turns are the addresses of a list's first page, when this is another, and of the next.
func (v *view) turns(next string) (first, following string) {
	if v.Param("next") != "" {
		first = v.Here()
	}
	if next != "" {
		following = v.Here("next", next)
	}
	return first, following
}
