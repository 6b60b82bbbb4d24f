package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// allProgress tells the progress of all learners.
func (d *dump) allProgress(ctx context.Context) error {
	return eachLearner(ctx, d.store, d.generation, fold.First, kv.Strong, func(block []learnerRows) error {
		for _, l := range block {
			for _, p := range l.rows {
				d.learners[l.number] = p.state.Identity
				d.progress(p)
			}
		}
		return nil
	})
}

func (d *dump) progress(p *progress) {
	s := p.state
	of := "progress of " + s.Identity + " in " + d.name(courseName, uint32(p.course))
	d.say(s.Name, of, "name")
	d.say(instant(s.Newest.At), of, "newest")
	for _, c := range s.Cells {
		for figure, n := range c.Counts {
			if n != 0 {
				cell := d.cellName(uint32(c.Platform), uint32(c.Modality))
				d.say(n, of, date(uint32(c.Day)), d.name(moduleName, uint32(c.Module)), figureName(fold.Figure(figure)), cell[0], cell[1])
			}
		}
	}
	for _, v := range s.Verbs {
		if v.N != 0 {
			d.say(v.N, of, date(uint32(v.Day)), d.name(moduleName, uint32(v.Module)), "verb", d.name(verbName, uint32(v.Verb)))
		}
	}
	if s.Course.First == 0 {
		return // about no Activity
	}
	d.track(&s.Course, of)
	for i := range s.Modules {
		m := &s.Modules[i]
		within := strings.TrimSpace("module " + d.name(moduleName, uint32(m.Module)))
		if m.Module != fold.None {
			d.track(&m.Track, of, within)
		}
		for j := range m.Questions {
			d.question(&m.Questions[j], of, within, "question "+d.name(questionName, uint32(m.Questions[j].Question)))
		}
		if m.Video != nil {
			d.video(m.Video, of, within, "video")
		}
	}
}

func (d *dump) track(t *fold.Track, of ...string) {
	under := under(d, of)
	under("first", instant(t.First))
	under("last", instant(t.Last))
	if t.Ended != 0 {
		under("ended", instant(t.Ended))
	}
	under("milliseconds", t.Millis)
	under("attempts", t.Attempts)
	under("failures", t.Failures)
	under("open", t.Open)
	under("passed", t.Passed)
	under("failing", t.Failing)
	if t.Best != fold.NoScore {
		under("score", t.Score)
		under("best", t.Best)
	}
	for i, a := range t.Recent {
		d.attempt(a, append(of[:len(of):len(of)], fmt.Sprint("attempt ", t.Attempts-int64(len(t.Recent)-1-i)))...)
	}
}

func (d *dump) attempt(a fold.Attempt, of ...string) {
	under := under(d, of)
	under("began", instant(a.Began))
	under("last", instant(a.Last))
	under("completed", a.Completed)
	if a.Judged {
		under("passed", a.Passed)
	}
	if a.Score != fold.NoScore {
		under("score", a.Score)
	}
}

func (d *dump) question(q *fold.Question, of ...string) {
	under := under(d, of)
	under("answers", q.Answers)
	under("judged", q.Judged)
	under("right", q.Right)
	under("milliseconds", q.Millis)
	under("wrong", q.Wrong)
	for try := range min(q.Answers, 5) {
		under(fmt.Sprint("try ", try), [...]string{"unjudged", "wrong", "", "right"}[q.Tries>>(2*try)&3])
	}
	for _, r := range q.Responses {
		under("response "+r.Response, fmt.Sprint(r.Right, " of ", r.N))
	}
	under("pairs", q.Pairs)
}

func (d *dump) video(v *fold.Video, of ...string) {
	under := under(d, of)
	under("length", v.Length)
	for _, day := range v.Days {
		bin := 0
		for _, run := range day.Views {
			for range run.Bins {
				if run.Views != 0 {
					under(fmt.Sprint("views of bin ", bin, " on ", date(uint32(day.Day))), run.Views)
				}
				bin++
			}
		}
	}
}

// under says what belongs to something.
func under(d *dump, of []string) func(what string, says any) {
	return func(what string, says any) { d.say(says, append(of[:len(of):len(of)], what)...) }
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
