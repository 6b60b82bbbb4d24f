package console

import (
	"html/template"
	"slices"
	"strconv"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// measure is what a trend can show: its parameter, the key of its name, and how to read and write it.
type measure struct {
	name, key string
	of        func(report.Figures) float64
	duration  bool
}

// measures of many learners, and those of one.
var (
	measures = []measure{
		{"learners", "figure.learners", func(f report.Figures) float64 { return float64(f.Learners) }, false},
		{"statements", "figure.statements", func(f report.Figures) float64 { return float64(f.Statements) }, false},
		{"time", "figure.seconds", func(f report.Figures) float64 { return float64(f.Seconds) }, true},
		{"completions", "figure.completions", func(f report.Figures) float64 { return float64(f.Completions) }, false},
	}
	ofLearner = []measure{measures[2], measures[1], measures[3]}
)

// longSpan is what is offered where there is nothing in a shorter span.
const longSpan = 365

// columnsUpTo is how many days are drawn as columns; more are drawn as a line.
const columnsUpTo = 62

// trend draws the days of a span, one measure of them as the viewer chose, and has all of them in its table.
func (v *view) trend(days []report.DayFigures, measures []measure) figure {
	chosen := v.chosen(days, measures)
	f := figure{ID: "trend", Title: v.Text("trend.title"), Table: v.dayTable(days, measures)}
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
		f.nothing(v)
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

// chosen is the measure that the viewer chose; or the first of which there is something.
func (v *view) chosen(days []report.DayFigures, measures []measure) measure {
	for _, m := range measures {
		if v.Param("measure") == m.name {
			return m
		}
	}
	for _, m := range measures {
		if slices.ContainsFunc(days, func(d report.DayFigures) bool { return m.of(d.Figures) > 0 }) {
			return m
		}
	}
	return measures[0]
}

// nothing says that there was nothing in the span, and offers a longer one.
func (f *figure) nothing(v *view) {
	f.Empty = v.Text("empty.figures")
	if v.Days != longSpan {
		f.Offer = choice{Text: v.Text("days.show", longSpan), URL: v.Here("days", strconv.Itoa(longSpan), "from", "", "to", "")}
	}
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
