package console

import (
	"html/template"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// questionLine is how one question fares.
type questionLine struct {
	Name, Kind     string
	Right          string // share of right answers
	Tone           string
	Bar            template.HTML
	Answers        string
	Seconds        string // for one answer
	Discrimination string
	Telling        string // what the discrimination says of the question
	Attempts       table
	Responses      table
}

// Below this, a question says little of who knows the matter, and may be unclear (a common rule of classical test theory).
const weakDiscrimination = 0.2

func (v *view) questions(list []report.Question) (out []questionLine) {
	for _, q := range list {
		l := questionLine{
			Name: v.nameOf(q.Activity), Kind: q.Kind, Right: missing, Answers: v.Text("question.answers", q.Answers),
			Discrimination: missing, Attempts: v.attempts(q.Attempts), Responses: v.responses(q),
		}
		if q.Judged > 0 {
			right := share(q.Right, q.Judged)
			l.Right, l.Bar = v.Percent(right), chart.Bar(right)
			if right < 0.5 {
				l.Tone = "bad"
			}
		}
		if q.Answers > 0 {
			l.Seconds = v.Duration(q.Seconds / q.Answers)
		}
		if d := q.Discrimination; d != nil {
			l.Discrimination, l.Telling = v.Fixed(*d, 2), v.Text("question.telling")
			if *d < weakDiscrimination {
				l.Telling = v.Text("question.weak")
			}
		}
		out = append(out, l)
	}
	return out
}

// attempts are how the answers of first, second and later attempts fare.
func (v *view) attempts(list []report.QuestionAttempt) table {
	t := table{Caption: v.Text("question.attempts"), Columns: []column{
		{Name: v.Text("question.attempt")}, {Name: v.Text("question.judged"), Number: true}, {Name: v.Text("question.right"), Number: true}, {Name: v.Text("share")},
	}}
	for _, a := range list {
		right := share(a.Right, a.Judged)
		t.Rows = append(t.Rows, []cell{
			{Text: v.Text("question.nth", a.Attempt)}, {Text: v.Number(a.Judged)}, {Text: v.Percent(right)}, {Bar: chart.Bar(right)},
		})
	}
	return t
}

// responses are the answers that were given, as sent.
func (v *view) responses(q report.Question) table {
	t := table{Caption: v.Text("question.responses"), Columns: []column{
		{Name: v.Text("question.response")}, {Name: v.Text("question.count"), Number: true}, {Name: v.Text("question.right"), Number: true}, {Name: v.Text("share")},
	}}
	for _, r := range q.Responses {
		right := cell{Text: v.Number(r.Right)}
		if r.Right > 0 {
			right.Tone = "good"
		}
		t.Rows = append(t.Rows, []cell{
			{Text: r.Response}, {Text: v.Number(r.Count)}, right, {Bar: chart.Bar(share(r.Count, q.Answers))},
		})
	}
	return t
}
