package console

import (
	"html/template"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// tile is one figure, large, with how it changed.
type tile struct {
	Label, Value       string
	Change, Tone, From string
}

const missing = "–"

// tiles are the figures of a span, against the span before.
func (v *view) tiles(now, before report.Figures) []tile {
	v.Compared = v.Text("change.compared")
	count := func(n int64) string { return v.Number(n) }
	statements := v.tile("figure.statements", now.Statements, before.Statements, count)
	statements.Tone = "" // more of them are neither good nor bad
	rate := tile{Label: v.Text("figure.passRate"), Value: v.passRate(now)}
	if a, b := now.Passes+now.Failures, before.Passes+before.Failures; a > 0 && b > 0 {
		rate.Change, rate.Tone = v.points(100 * (share(now.Passes, a) - share(before.Passes, b)))
		rate.Change = v.Text("change.points", rate.Change)
		rate.From = v.Text("change.from", v.passRate(before))
	}
	score := tile{Label: v.Text("figure.score"), Value: v.score(now.Score)}
	if now.Score.Count > 0 && before.Score.Count > 0 {
		score.Change, score.Tone = v.points(now.Score.Mean - before.Score.Mean)
		score.From = v.Text("change.from", v.score(before.Score))
	}
	return []tile{
		v.tile("figure.learners", int64(now.Learners), int64(before.Learners), count),
		v.tile("figure.seconds", now.Seconds, before.Seconds, v.Duration),
		v.tile("figure.completions", now.Completions, before.Completions, count), rate, score, statements,
	}
}

// tile is a figure that is counted; its change is in per cent of what was before.
func (v *view) tile(key string, now, before int64, write func(int64) string) tile {
	t := tile{Label: v.Text(key), Value: write(now)}
	if before == 0 {
		return t
	}
	t.From = v.Text("change.from", write(before))
	switch c := float64(now)/float64(before) - 1; {
	case c >= 0.005:
		t.Change, t.Tone = "+"+v.Percent(c), "good"
	case c <= -0.005:
		t.Change, t.Tone = "−"+v.Percent(-c), "bad"
	default:
		t.Change = "±" + v.Percent(0)
	}
	return t
}

// points writes by how many points a figure has changed.
func (v *view) points(c float64) (text, tone string) {
	switch {
	case c >= 0.05:
		return "+" + v.Fixed(c, 1), "good"
	case c <= -0.05:
		return "−" + v.Fixed(-c, 1), "bad"
	}
	return "±" + v.Fixed(0, 1), ""
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
	return v.Fixed(s.Mean, 1)
}

// measure is what a trend can show: its parameter, the key of its name, and how to read and write it.
type measure struct {
	name, key string
	of        func(report.Figures) float64
	duration  bool
}

// measures of many learners, and those of one. The first is shown unless the viewer chooses another.
var (
	measures = []measure{
		{"learners", "figure.learners", func(f report.Figures) float64 { return float64(f.Learners) }, false},
		{"statements", "figure.statements", func(f report.Figures) float64 { return float64(f.Statements) }, false},
		{"time", "figure.seconds", func(f report.Figures) float64 { return float64(f.Seconds) }, true},
		{"completions", "figure.completions", func(f report.Figures) float64 { return float64(f.Completions) }, false},
	}
	ofLearner = []measure{measures[2], measures[1], measures[3]}
)

// columnsUpTo is how many days are drawn as columns; more are drawn as a line.
const columnsUpTo = 62

// trend draws the days of a span, one measure of them as the viewer chose, and has all of them in its table.
func (v *view) trend(days []report.DayFigures, measures []measure) figure {
	chosen := measures[0]
	f := figure{ID: "trend", Title: v.Text("trend.title"), Table: v.dayTable(days, measures)}
	for _, m := range measures {
		if v.Param("measure") == m.name {
			chosen = m
		}
	}
	for _, m := range measures {
		f.Choices = append(f.Choices, choice{v.Text(m.key), v.Here("measure", m.name), m.name == chosen.name})
	}
	write := func(value float64) string { return v.measured(chosen, value) }
	axis := write
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
		if i%every == every/2 {
			marks[i].Label = v.ShortDate(d.Day.Time())
		}
	}
	if total == 0 {
		f.Empty = v.Text("empty.figures")
		return f
	}
	if chosen.duration {
		axis = v.inUnit(marks, chosen.of(days[most].Figures))
	}
	summary := v.Text("trend.summary", v.Text(chosen.key), v.Date(days[0].Day.Time()), v.Date(days[len(days)-1].Day.Time()),
		write(chosen.of(days[most].Figures)), v.Date(days[most].Day.Time()))
	f.Chart = drawDays(summary, marks, axis)
	return f
}

// measured writes a value of a measure.
func (v *view) measured(m measure, value float64) string {
	if m.duration {
		return v.Duration(int64(value))
	}
	return v.Decimal(value, 1)
}

// inUnit turns marks of seconds into minutes or hours, whichever the longest asks for, so that the axis has round numbers.
func (v *view) inUnit(marks []chart.Mark, longest float64) chart.Axis {
	unit, key := 60*60.0, "time.axisHours"
	if longest < 2*unit {
		unit, key = 60, "time.axisMinutes"
	}
	for i := range marks {
		marks[i].Value /= unit
	}
	return func(value float64) string { return v.Text(key, v.Decimal(value, 1)) }
}

func drawDays(summary string, marks []chart.Mark, axis chart.Axis) template.HTML {
	if len(marks) > columnsUpTo {
		return chart.Line(summary, marks, axis)
	}
	return chart.Columns(summary, marks, axis)
}

// dayTable lists the days on which there was something.
func (v *view) dayTable(days []report.DayFigures, measures []measure) table {
	t := table{Caption: v.Text("trend.title"), Columns: []column{{Name: v.Text("day")}}}
	for _, m := range measures {
		t.Columns = append(t.Columns, column{Name: v.Text(m.key), Number: true})
	}
	for _, d := range days {
		if d.Statements == 0 {
			continue
		}
		row := []cell{{Text: v.Date(d.Day.Time())}}
		for _, m := range measures {
			row = append(row, cell{Text: v.measured(m, m.of(d.Figures))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// distribution draws how scores are spread.
func (v *view) distribution(s report.Score) figure {
	f := figure{ID: "scores", Title: v.Text("scores.title"), Table: table{
		Caption: v.Text("scores.title"), Columns: []column{{Name: v.Text("score")}, {Name: v.Text("scores.count"), Number: true}},
	}}
	if s.Count == 0 {
		f.Empty = v.Text("empty.scores")
		return f
	}
	f.Note = v.Text("scores.note", v.Fixed(s.Mean, 1), v.Fixed(s.Deviation, 1), s.Count)
	var marks []chart.Mark
	for i, n := range s.Distribution {
		span := v.Text("scores.span", 10*i, 10*i+10)
		marks = append(marks, chart.Mark{Label: v.Number(int64(10 * i)), Tip: v.Text("scores.tip", n, span), Value: float64(n)})
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: span}, {Text: v.Number(n)}})
	}
	f.Chart = chart.Columns(f.Note, marks, func(value float64) string { return v.Decimal(value, 1) })
	return f
}
