package console

import (
	"fmt"
	"slices"

	"cairn/internal/console/chart"
	"cairn/internal/report"
)

// heatColumns is how many columns a video is drawn in at most; more could not be told apart, nor pointed at.
const heatColumns = 100

// heat draws how many have seen each stretch of a video in the span for the first time, and how often it was played again.
func (v *view) heat(video report.Video) figure {
	f := figure{ID: "video", Title: v.Text("video.title"), Note: v.Text("video.note", video.Learners, clock(video.Length)),
		Legend: []legend{{"value", v.Text("video.viewers")}, {"over", v.Text("video.again")}},
		Table: table{Caption: v.Text("video.title"), Columns: []column{
			{Name: v.Text("video.stretch")}, {Name: v.Text("video.viewers"), Number: true}, {Name: v.Text("video.again"), Number: true},
		}}}
	stretches := merged(video.Stretches)
	if !slices.ContainsFunc(stretches, func(s report.Stretch) bool { return s.Views > 0 }) {
		f.nothing(v)
		return f
	}
	var marks []chart.Mark
	every, most := (len(stretches)+5)/6, 0
	for i, s := range stretches {
		again := max(s.Views-s.Viewers, 0)
		if again > stretches[most].Views-stretches[most].Viewers {
			most = i
		}
		span := clock(s.From) + "–" + clock(s.To)
		m := chart.Mark{Value: float64(s.Viewers), Over: float64(again), Tip: v.Text("video.tip", span, s.Viewers, again)}
		if i%every == every/2 {
			m.Label = clock(s.From)
		}
		marks = append(marks, m)
		f.Table.Rows = append(f.Table.Rows, []cell{{Text: span}, {Text: v.Number(s.Viewers)}, {Text: v.Number(again)}})
	}
	last := stretches[len(stretches)-1]
	summary := v.Text("video.summary", stretches[0].Viewers, last.Viewers, clock(stretches[most].From), clock(stretches[most].To))
	f.Chart = chart.Columns(summary, marks, func(value float64) string { return v.Decimal(value, 1) })
	return f
}

// merged makes few stretches of many: of those that become one, the most viewers and the most views count.
func merged(list []report.Stretch) (out []report.Stretch) {
	each := (len(list) + heatColumns - 1) / heatColumns
	for i, s := range list {
		if i%each == 0 {
			out = append(out, s)
			continue
		}
		last := &out[len(out)-1]
		last.To, last.Views, last.Viewers = s.To, max(last.Views, s.Views), max(last.Viewers, s.Viewers)
	}
	return out
}

// clock writes a place in a video as players do.
func clock(seconds int) string {
	if seconds >= 60*60 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
