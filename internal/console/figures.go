package console

import (
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
	spent := v.tile("figure.seconds", now.Seconds, before.Seconds, v.Duration)
	statements.Tone, spent.Tone = "", "" // more of it is neither good nor bad
	rate := tile{Label: v.Text("figure.passRate"), Value: v.passRate(now)}
	if a, b := now.Passes+now.Failures, before.Passes+before.Failures; a > 0 && b > 0 {
		rate.points(v, 100*(share(now.Passes, a)-share(before.Passes, b)), v.passRate(before))
	}
	score := tile{Label: v.Text("figure.score"), Value: v.score(now.Score)}
	if now.Score.Count > 0 && before.Score.Count > 0 {
		score.points(v, now.Score.Mean-before.Score.Mean, v.score(before.Score))
	}
	return []tile{
		v.tile("figure.learners", int64(now.Learners), int64(before.Learners), count),
		spent,
		v.tile("figure.completions", now.Completions, before.Completions, count), rate, score, statements,
	}
}

// tile is a figure that is counted; its change is in per cent of what was before.
func (v *view) tile(key string, now, before int64, write func(int64) string) tile {
	t := tile{Label: v.Text(key), Value: write(now)}
	if before == 0 {
		return t
	}
	from := v.Text("change.from", write(before))
	switch c := float64(now)/float64(before) - 1; {
	case c >= 0.005:
		t.Change, t.Tone, t.From = "+"+v.Percent(c), "good", from
	case c <= -0.005:
		t.Change, t.Tone, t.From = "−"+v.Percent(-c), "bad", from
	default:
		t.Change = v.Text("change.none")
	}
	return t
}

// points says by how many points a figure has changed from what it was before.
func (t *tile) points(v *view, c float64, before string) {
	from := v.Text("change.from", before)
	switch {
	case c >= 0.05:
		t.Change, t.Tone, t.From = v.Text("change.points", "+"+v.Fixed(c, 1)), "good", from
	case c <= -0.05:
		t.Change, t.Tone, t.From = v.Text("change.points", "−"+v.Fixed(-c, 1)), "bad", from
	default:
		t.Change = v.Text("change.none")
	}
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
