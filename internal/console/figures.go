package console

import (
	"html/template"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// tile is one figure, large, with how it changed.
type tile struct {
	Label, Value string
	Change, Tone string
}

const missing = "–"

// tiles are the figures of a span, against the span before.
func (v *view) tiles(now, before report.Figures) []tile {
	count := func(key string, n, b int64) tile {
		change, tone := v.change(float64(n), float64(b))
		return tile{v.Text(key), v.Number(n), change, tone}
	}
	spent := count("figure.seconds", now.Seconds, before.Seconds)
	spent.Value = v.Duration(now.Seconds)
	statements := count("figure.statements", now.Statements, before.Statements)
	statements.Tone = "" // more of them are neither good nor bad
	rate := tile{Label: v.Text("figure.passRate"), Value: v.passRate(now)}
	if a, b := now.Passes+now.Failures, before.Passes+before.Failures; a > 0 && b > 0 {
		rate.Change, rate.Tone = v.points(100 * (share(now.Passes, a) - share(before.Passes, b)))
	}
	score := tile{Label: v.Text("figure.score"), Value: v.score(now.Score)}
	if now.Score.Count > 0 && before.Score.Count > 0 {
		score.Change, score.Tone = v.points(now.Score.Mean - before.Score.Mean)
	}
	return []tile{
		count("figure.learners", int64(now.Learners), int64(before.Learners)), spent,
		count("figure.completions", now.Completions, before.Completions), rate, score, statements,
	}
}

// change says how much more or less there is than before, in per cent of that.
func (v *view) change(now, before float64) (text, tone string) {
	if before == 0 {
		return "", ""
	}
	c := now/before - 1
	switch {
	case c >= 0.005:
		return v.Text("change.more", v.Percent(c)), "good"
	case c <= -0.005:
		return v.Text("change.less", v.Percent(-c)), "bad"
	}
	return v.Text("change.same"), ""
}

// points says how many points more or less there are.
func (v *view) points(c float64) (text, tone string) {
	switch {
	case c >= 0.05:
		return v.Text("change.pointsMore", v.Decimal(c, 1)), "good"
	case c <= -0.05:
		return v.Text("change.pointsLess", v.Decimal(-c, 1)), "bad"
	}
	return v.Text("change.same"), ""
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// passRate is the share of passes among passes and failures.
func (v *view) passRate(f report.Figures) string {
	if f.Passes+f.Failures == 0 {
		return missing
	}
	return v.Percent(share(f.Passes, f.Passes+f.Failures))
}

func (v *view) score(s report.Score) string {
	if s.Count == 0 {
		return missing
	}
	return v.Decimal(s.Mean, 1)
}

// measures are what a trend can show: their parameter, the key of their name, and how to read and write them.
var measures = []struct {
	name, key string
	of        func(report.Figures) float64
	duration  bool
}{
	{"learners", "figure.learners", func(f report.Figures) float64 { return float64(f.Learners) }, false},
	{"statements", "figure.statements", func(f report.Figures) float64 { return float64(f.Statements) }, false},
	{"time", "figure.seconds", func(f report.Figures) float64 { return float64(f.Seconds) }, true},
	{"completions", "figure.completions", func(f report.Figures) float64 { return float64(f.Completions) }, false},
}

// columnsUpTo is how many days are drawn as columns; more are drawn as a line.
const columnsUpTo = 62

// trend draws the days of a span, one measure of them as the viewer chose, and has all of them in its table.
func (v *view) trend(days []report.DayFigures) figure {
	chosen := measures[0]
	f := figure{ID: "trend", Title: v.Text("trend.title"), Table: v.dayTable(days)}
	for _, m := range measures {
		if v.Param("measure") == m.name {
			chosen = m
		}
	}
	for _, m := range measures {
		f.Choices = append(f.Choices, choice{v.Text(m.key), v.Here("measure", m.name), m.name == chosen.name})
	}
	write := func(value float64) string { return v.Decimal(value, 1) }
	axis := write
	if chosen.duration {
		write = func(value float64) string { return v.Duration(int64(value)) }
		axis = func(hours float64) string { return v.Decimal(hours, 1) + " h" }
	}
	marks := make([]chart.Mark, len(days))
	every := (len(days) + 6) / 7
	most, total := 0, 0.0
	for i, d := range days {
		value := chosen.of(d.Figures)
		total += value
		if value > chosen.of(days[most].Figures) {
			most = i
		}
		marks[i] = chart.Mark{Value: value, Tip: v.Text("trend.tip", v.Date(d.Day.Time()), v.Text(chosen.key), write(value))}
		if chosen.duration {
			marks[i].Value /= 60 * 60
		}
		if i%every == every/2 {
			marks[i].Label = v.ShortDate(d.Day.Time())
		}
	}
	if total == 0 {
		f.Empty = v.Text("empty.figures")
		return f
	}
	summary := v.Text("trend.summary", v.Text(chosen.key), v.Date(days[0].Day.Time()), v.Date(days[len(days)-1].Day.Time()),
		write(chosen.of(days[most].Figures)), v.Date(days[most].Day.Time()))
	f.Chart = drawDays(summary, marks, axis)
	return f
}

func drawDays(summary string, marks []chart.Mark, axis chart.Axis) template.HTML {
	if len(marks) > columnsUpTo {
		return chart.Line(summary, marks, axis)
	}
	return chart.Columns(summary, marks, axis)
}

// dayTable lists the days on which there was something.
func (v *view) dayTable(days []report.DayFigures) table {
	t := table{Caption: v.Text("trend.title"), Columns: []column{{Name: v.Text("day")}}}
	for _, m := range measures {
		t.Columns = append(t.Columns, column{Name: v.Text(m.key), Number: true})
	}
	for _, d := range days {
		if d.Statements > 0 {
			t.Rows = append(t.Rows, []cell{
				{Text: v.Date(d.Day.Time())}, {Text: v.Number(int64(d.Learners))}, {Text: v.Number(d.Statements)},
				{Text: v.Duration(d.Seconds)}, {Text: v.Number(d.Completions)},
			})
		}
	}
	return t
}

// distribution draws how scores are spread.
func (v *view) distribution(s report.Score) figure {
	f := figure{ID: "scores", Title: v.Text("scores.title"), Table: table{
		Caption: v.Text("scores.title"), Columns: []column{{Name: v.Text("figure.scoreRange")}, {Name: v.Text("scores.count"), Number: true}},
	}}
	if s.Count == 0 {
		f.Empty = v.Text("empty.scores")
		return f
	}
	f.Note = v.Text("scores.note", v.Decimal(s.Mean, 1), v.Decimal(s.Deviation, 1), s.Count)
	var marks []chart.Mark
	for i, n := range s.Distribution {
		span := v.Text("scores.span", 10*i, 10*i+10)
		marks = append(marks, chart.Mark{Label: v.Number(int64(10 * i)), Tip: v.Text("scores.tip", n, span), Value: float64(n)})
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: span}, {Text: v.Number(n)}})
	}
	f.Chart = chart.Columns(f.Note, marks, func(value float64) string { return v.Decimal(value, 1) })
	return f
}
