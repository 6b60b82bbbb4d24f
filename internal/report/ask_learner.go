package report

import (
	"context"
	"errors"
	"slices"
	"time"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/roster"
)

// line sums up a learner's courses.
func (q *question) line(all []*progress) *LearnerLine {
	newest := newestOf(all)
	l := &LearnerLine{Key: q.names.term(name{learnerName, newest.Identity}).text(), Name: newest.Name, Identity: newest.Identity}
	var counts fold.Counts
	for _, p := range all {
		for i := range p.state.Cells {
			for f, n := range p.state.Cells[i].Counts {
				counts[f] += n
			}
		}
		if p.state.Course.First == 0 {
			continue
		}
		l.Courses++
		if at := timeOf(p.state.Last); at.After(l.Last) {
			l.Last = at
		}
		if p.state.Course.Ended != 0 {
			l.Completed++
		}
		if failing(p.state) {
			l.Failing++
		}
	}
	f := figuresOf(&counts, 1)
	l.Seconds, l.Statements, l.Score, l.Scores = f.Seconds, f.Statements, f.Score.Mean, f.Score.Count
	return l
}

// newestOf is the state with the newest fact.
func newestOf(all []*progress) *fold.State {
	return slices.MaxFunc(all, func(a, b *progress) int { return a.state.Newest.Compare(b.state.Newest) }).state
}

// failing says whether the learner failed the course, or a module of it, last.
func failing(s *fold.State) bool {
	return s.Course.Failing || slices.ContainsFunc(s.Modules, func(m fold.Module) bool { return m.Failing })
}

// FindLearner implements Questions.
func (r *Reports) FindLearner(ctx context.Context, identity string) (key string, err error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return "", err
	}
	if identity, err = roster.ParseText(identity); err != nil { // as statements are told apart, in lower case where that makes no difference
		return "", ErrUnknown
	}
	x := name{learnerName, identity}
	found, _, err := r.names.look(ctx, cp.Generation, []name{x})
	if err == nil && found[x] == fold.None {
		err = ErrUnknown
	}
	return r.names.term(x).text(), err
}

// Learner implements Questions.
func (r *Reports) Learner(ctx context.Context, key string, f Filter) (LearnerReport, error) {
	q, err := r.ask(ctx, f)
	if err != nil {
		return LearnerReport{}, err
	}
	all, err := q.learner(ctx, key)
	if err != nil {
		return LearnerReport{}, err
	}
	report := LearnerReport{Scope: q.Scope, LearnerLine: *q.line(all)}
	report.Days, report.Total = q.daysOf(all)
	report.Streak, report.Longest = streaks(all)
	report.Path, report.Weak, err = q.path(ctx, all)
	return report, err
}

// learner reads all courses of a learner, by his key; there is one at least.
func (q *question) learner(ctx context.Context, key string) ([]*progress, error) {
	t, ok := parseTerm(key)
	if !ok {
		return nil, ErrUnknown
	}
	item, err := q.store.Get(ctx, lookupKey(q.generation, learnerName, t), kv.Eventual)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	number, _, err := readUvarint(item.Value)
	if err != nil {
		return nil, err
	}
	all, err := learnerProgress(ctx, q.store, q.generation, fold.Number(number), kv.Eventual)
	if err == nil && len(all) == 0 {
		err = ErrUnknown
	}
	return all, err
}

// daysOf are a learner's days.
func (q *question) daysOf(all []*progress) ([]DayFigures, Figures) {
	byDay := map[Day]*fold.Counts{}
	var total fold.Counts
	for _, p := range all {
		for _, c := range p.state.Cells {
			d := Day(c.Day)
			if d < q.From || d > q.To || !q.wants(fold.Key{A: uint32(c.Platform), B: uint32(c.Modality)}) {
				continue
			}
			if byDay[d] == nil {
				byDay[d] = &fold.Counts{}
			}
			for f, n := range c.Counts {
				byDay[d][f] += n
				total[f] += n
			}
		}
	}
	out := make([]DayFigures, 0, q.To-q.From+1)
	for d := q.From; d <= q.To; d++ {
		f := DayFigures{Day: d}
		if c := byDay[d]; c != nil {
			f.Figures = figuresOf(c, 1)
		}
		out = append(out, f)
	}
	return out, figuresOf(&total, min(len(byDay), 1))
}

// streaks are the last row of days with statements, and the longest.
func streaks(all []*progress) (last, longest int) {
	var days []int32
	for _, p := range all {
		for _, c := range p.state.Cells {
			days = append(days, c.Day)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	for i, d := range days {
		if i > 0 && days[i-1] == d-1 {
			last++
		} else {
			last = 1
		}
		longest = max(longest, last)
	}
	return last, longest
}

// firstTime and lastTime are those that JSON can tell, and that are not taken for none: by its offset a timestamp may lie beyond.
var (
	firstTime = time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC).UnixMilli()
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC).UnixMilli()
)

func timeOf(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(min(max(at, firstTime), lastTime)).UTC()
}
