package reportapi

import (
	"fmt"
	"slices"

	"cairn/internal/report"
)

// figureColumns are those of every table with figures; scores0 counts scores from 0 to below 10, and so on.
var figureColumns = func() []string {
	columns := []string{"learners", "statements", "sessions", "seconds", "attempts", "completions", "passes", "failures", "scores", "scoreMean", "scoreDeviation"}
	for i := range len(report.Score{}.Distribution) {
		columns = append(columns, fmt.Sprint("scores", i*10))
	}
	return columns
}()

func figures(f report.Figures) []any {
	var mean, deviation *float64 // there is none of no scores
	if f.Score.Count > 0 {
		mean, deviation = &f.Score.Mean, &f.Score.Deviation
	}
	row := []any{f.Learners, f.Statements, f.Sessions, f.Seconds, f.Attempts, f.Completions, f.Passes, f.Failures, f.Score.Count, mean, deviation}
	for _, n := range f.Score.Distribution {
		row = append(row, n)
	}
	return row
}

// rowsOf makes a row of each of a list.
func rowsOf[T any](columns []string, list []T, row func(T) []any) table {
	t := table{columns: columns}
	for _, of := range list {
		t.rows = append(t.rows, row(of))
	}
	return t
}

func withFigures(columns ...string) []string { return slices.Concat(columns, figureColumns) }

func daysTable(days []report.DayFigures) table {
	return rowsOf(withFigures("day"), days, func(d report.DayFigures) []any {
		return append([]any{d.Day}, figures(d.Figures)...)
	})
}

func namedTable(column string, list []report.NamedFigures) table {
	return rowsOf(withFigures(column), list, func(n report.NamedFigures) []any {
		return append([]any{n.Name}, figures(n.Figures)...)
	})
}

func activitiesTable(list []report.ActivityFigures, name naming) table {
	return rowsOf(withFigures("id", "name", "type"), list, func(a report.ActivityFigures) []any {
		return append([]any{a.ID, name(a.Name), a.Type}, figures(a.Figures)...)
	})
}

func activityTables(o report.ActivityReport, name naming) map[string]table {
	return map[string]table{
		"days": daysTable(o.Days), "platforms": namedTable("platform", o.Platforms), "modalities": namedTable("modality", o.Modalities),
		"verbs": rowsOf([]string{"verb", "statements"}, o.Verbs, func(v report.VerbFigures) []any {
			return []any{v.Verb, v.Statements}
		}),
		"funnel": rowsOf([]string{"id", "name", "type", "began", "ended", "seconds"}, o.Funnel, func(s report.Step) []any {
			return []any{s.ID, name(s.Name), s.Type, s.Began, s.Ended, s.Seconds}
		}),
		"questions": rowsOf([]string{"id", "name", "kind", "module", "answers", "judged", "right", "seconds", "discrimination"}, o.Questions, func(q report.Question) []any {
			return []any{q.ID, name(q.Name), q.Kind, q.Module, q.Answers, q.Judged, q.Right, q.Seconds, q.Discrimination}
		}),
		"video": videoTable(o.Video),
	}
}

func videoTable(v *report.Video) table {
	var stretches []report.Stretch
	if v != nil {
		stretches = v.Stretches
	}
	return rowsOf([]string{"from", "to", "views", "viewers"}, stretches, func(s report.Stretch) []any {
		return []any{s.From, s.To, s.Views, s.Viewers}
	})
}

func learnersTable(list []report.LearnerLine) table {
	return rowsOf([]string{"key", "name", "identity", "last", "courses", "completed", "failing", "seconds", "statements", "scores", "scoreMean"}, list, func(l report.LearnerLine) []any {
		var mean *float64
		if l.Scores > 0 {
			mean = &l.Score
		}
		return []any{l.Key, l.Name, l.Identity, l.Last, l.Courses, l.Completed, l.Failing, l.Seconds, l.Statements, l.Scores, mean}
	})
}

func groupsTable(list []report.Group) table {
	return rowsOf([]string{"id", "label", "team"}, list, func(g report.Group) []any { return []any{g.ID, g.Label, g.Team} })
}

func platformsTable(list []string) table {
	return rowsOf([]string{"platform"}, list, func(platform string) []any { return []any{platform} })
}

// learnerTables has of progress a row for each course, and behind it one for each of its modules.
func learnerTables(o report.LearnerReport, name naming) map[string]table {
	progress := table{columns: []string{"course", "courseName", "module", "moduleName", "state", "first", "last", "ended", "seconds", "sessions", "attempts", "score", "best", "watched"}}
	for _, c := range o.Path {
		progress.rows = append(progress.rows, []any{c.ID, name(c.Name), "", "", c.State, c.First, c.Last, c.Ended, c.Seconds, c.Sessions, nil, c.Score, nil, nil})
		for _, m := range c.Modules {
			progress.rows = append(progress.rows, []any{c.ID, name(c.Name), m.ID, name(m.Name), m.State, m.First, m.Last, m.Ended, m.Seconds, nil, m.Attempts, m.Score, m.Best, m.Watched})
		}
	}
	return map[string]table{"progress": progress, "days": daysTable(o.Days)}
}

// eventsTable has a row for each event, the newest session first, and within it as they happened.
func eventsTable(sessions []report.Session, name naming) table {
	t := table{columns: []string{"session", "minute", "at", "verb", "object", "name", "right", "score"}}
	for _, s := range sessions {
		for _, m := range s.Minutes {
			for _, e := range m.Events {
				t.rows = append(t.rows, []any{s.Start, m.Minute, e.At, e.Verb, e.Object.ID, name(e.Object.Name), e.Right, e.Score})
			}
		}
	}
	return t
}
