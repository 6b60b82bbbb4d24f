package query

import (
	"math"
	"slices"
	"testing"

	"cairn/internal/index"
	"cairn/internal/report"
)

// equalsReports holds answers to the figures that the report API gives.
func (e *expected) equalsReports(t *testing.T, answers map[string][]row) {
	reports := report.New(e.Store, e.Ledger, index.New(e.Store, e.Ledger))
	span := report.Filter{From: report.DayOf(at(firstDay)), To: report.DayOf(at(lastDay))}
	ctx, same := t.Context(), func(what string, answer, reports any) {
		t.Helper()
		if a, r := spell(answer), spell(reports); a != r {
			t.Errorf("%s: %s, and %s in the reports", what, a, r)
		}
	}
	o, err := reports.Overview(ctx, span)
	must(t, err)
	overview(answers, o, same)

	courses, err := reports.Activities(ctx, span, "", report.Page{Limit: 100})
	must(t, err)
	if len(courses.Activities) != len(answers["courses-at-a-glance"]) {
		t.Errorf("%d courses, and %d in the reports", len(answers["courses-at-a-glance"]), len(courses.Activities))
	}
	bySecond := e.rows(t, "most-rewatched-passages", "passage_seconds=1", "least_repeats=0", "from_day="+firstDay, "to_day="+lastDay)
	steps, questions, stretches := 0, 0, 0
	for _, c := range courses.Activities {
		a, err := reports.Activity(ctx, c.ID, span)
		must(t, err)
		glance := find(answers["courses-at-a-glance"], "course_id", c.ID)
		for column, n := range map[string]int{"began": a.Standing.Began, "completed": a.Standing.Completed, "passed": a.Standing.Passed, "failing": a.Standing.Failing, "inactive": a.Standing.Inactive} {
			same(c.ID+": "+column, glance[column], n)
		}
		same(c.ID+": inactive learners", len(where(answers["inactive-learners"], "course_id", c.ID)), a.Standing.Inactive)
		same(c.ID+": completions by month", sum(where(answers["completion-by-course-and-month"], "course_id", c.ID), "completed"), a.Standing.Completed)
		same(c.ID+": name", glance["course_name"], text(a.Activity.Name.English()))
		for _, step := range a.Funnel {
			stop := find(where(answers["drop-off"], "course_id", c.ID), "module_id", step.ID)
			same(step.ID+": name", stop["module_name"], text(step.Name.English()))
			same(step.ID+": name by its id", find(answers["activity_names"], "activity_id", step.ID)["activity_name"], text(step.Name.English()))
			same(step.ID+": began", stop["began"], step.Began)
			same(step.ID+": ended", stop["completed"], step.Ended)
			steps++
		}
		for _, q := range a.Questions {
			hard := find(answers["hardest-questions"], "question_id", q.ID)
			if q.Judged == 0 {
				continue
			}
			same(q.ID+": name", hard["question_name"], text(q.Name.English()))
			same(q.ID+": answers", hard["answers"], q.Answers)
			same(q.ID+": judged", hard["judged"], q.Judged)
			same(q.ID+": right", hard["right_answers"], q.Right)
			for _, r := range q.Responses {
				given := find(where(answers["wrong-answers"], "question_id", q.ID), "response", r.Response)
				same(q.ID+": "+r.Response, given["answers"], r.Count)
				same(q.ID+": right "+r.Response, given["right_answers"], r.Right)
			}
			questions++
		}
		stretches += videos(t, reports, bySecond, a.Funnel, span)
	}
	if steps < 30 || questions < 30 || stretches < 300 {
		t.Errorf("only %d modules, %d questions and %d stretches of videos were compared", steps, questions, stretches)
	}
}

// overview compares what is told of all together.
func overview(answers map[string][]row, o report.Overview, same func(what string, answer, reports any)) {
	for _, d := range o.Days {
		day := find(answers["activity-by-day"], "of_day", d.Day.String())
		if d.Statements == 0 {
			continue
		}
		for column, n := range map[string]int64{"learners": int64(d.Learners), "statements": d.Statements, "sessions": d.Sessions, "attempts": d.Attempts, "completions": d.Completions, "passes": d.Passes, "failures": d.Failures} {
			same(d.Day.String()+": "+column, day[column], n)
		}
	}
	same("sittings", sum(answers["sittings-by-hour"], "sittings"), o.Total.Sessions)
	for _, p := range o.Platforms {
		rows := where(answers["time-by-platform"], "platform", text(p.Name))
		same(p.Name+": statements", sum(rows, "statements"), p.Statements)
		same(p.Name+": seconds", math.Floor(sum(rows, "hours")*3600+0.0005), p.Seconds)
	}
	for _, m := range o.Modalities {
		same(m.Name+": statements", sum(where(answers["time-by-platform"], "modality", m.Name), "statements"), m.Statements)
		learnt := slices.DeleteFunc(where(answers["learning"], "modality", m.Name), func(r row) bool { return r["dt"].(string) > lastDay })
		same(m.Name+": statements learnt", distinct(learnt, func(r row) []string { return []string{r["statement_id"].(string)} }), m.Statements)
	}
	for _, v := range o.Verbs {
		same(v.Verb, sum(where(answers["verbs-by-platform"], "verb", v.Verb), "statements"), v.Statements)
	}
}

// videos compares how often each second of the videos among some modules was played, and says how many seconds there were.
func videos(t *testing.T, reports *report.Reports, bySecond []row, modules []report.Step, span report.Filter) (seconds int) {
	for _, m := range modules {
		a, err := reports.Activity(t.Context(), m.ID, span)
		must(t, err)
		if a.Video == nil || a.Video.Length > 600 {
			continue
		}
		played := where(bySecond, "video_id", m.ID)
		for _, s := range a.Video.Stretches {
			r := find(played, "from_second", float64(s.From))
			if r == nil {
				r = row{"views": 0, "viewers": 0}
			}
			if spell(r["views"]) != spell(s.Views) || spell(r["viewers"]) != spell(s.Viewers) {
				t.Errorf("%s at %d s: %v, and %+v in the reports", m.ID, s.From, r, s)
			}
			seconds++
		}
	}
	return seconds
}

// where are the rows that have a value in a column.
func where(rows []row, column string, value any) (some []row) {
	for _, r := range rows {
		if spell(r[column]) == spell(value) {
			some = append(some, r)
		}
	}
	return some
}

func find(rows []row, column string, value any) row {
	if i := slices.IndexFunc(rows, func(r row) bool { return spell(r[column]) == spell(value) }); i >= 0 {
		return rows[i]
	}
	return nil
}

func sum(rows []row, column string) (sum float64) {
	for _, r := range rows {
		sum += r[column].(float64)
	}
	return sum
}
