package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cairn/internal/fold"
)

// mostWeak is how many weak spots are told.
const mostWeak = 20

// path is a learner's progress, the course with the newest statement first, and where there is trouble.
func (q *question) path(ctx context.Context, all []*progress) ([]Progress, []WeakSpot, error) {
	called, err := q.calledIn(ctx, all)
	if err != nil {
		return nil, nil, err
	}
	courses, weak := []Progress{}, []WeakSpot{}
	for _, p := range all {
		s := p.state
		if s.Course.First == 0 {
			continue
		}
		course := called[courseName][p.course]
		t := &s.Course
		out := Progress{
			Activity: course, State: stateOf(t), First: timeOf(t.First), Last: timeOf(t.Last), Ended: endOf(t), Seconds: t.Millis / 1000,
			Sessions: s.Sessions, Score: courseScore(s), Modules: []ModuleProgress{},
		}
		for i := range s.Modules {
			m := &s.Modules[i]
			if m.Module != fold.None {
				out.Modules = append(out.Modules, moduleProgress(m, called[moduleName][m.Module]))
			}
			if m.Failing {
				weak = append(weak, WeakSpot{called[moduleName][m.Module], course, "module", m.Failures, m.Attempts})
			}
			for _, question := range m.Questions {
				if question.Wrong {
					weak = append(weak, WeakSpot{called[questionName][question.Question], course, "question", question.Judged - question.Right, question.Judged})
				}
			}
		}
		courses = append(courses, out)
	}
	slices.SortStableFunc(courses, func(a, b Progress) int { return b.Last.Compare(a.Last) })
	slices.SortStableFunc(weak, func(a, b WeakSpot) int { return cmp.Compare(b.Wrong, a.Wrong) })
	return courses, weak[:min(len(weak), mostWeak)], nil
}

// calledIn tells of all activities in a learner's progress.
func (q *question) calledIn(ctx context.Context, all []*progress) (map[nameKind]map[fold.Number]Activity, error) {
	numbers := map[nameKind][]fold.Number{}
	for _, p := range all {
		numbers[courseName] = append(numbers[courseName], p.course)
		for i := range p.state.Modules {
			m := &p.state.Modules[i]
			numbers[moduleName] = append(numbers[moduleName], m.Module)
			for _, question := range m.Questions {
				if question.Wrong {
					numbers[questionName] = append(numbers[questionName], question.Question)
				}
			}
		}
	}
	called := map[nameKind]map[fold.Number]Activity{}
	for kind, list := range numbers {
		var err error
		if called[kind], err = q.called(ctx, kind, list); err != nil {
			return nil, err
		}
	}
	return called, nil
}

// courseScore is the newest score of the course itself, or else the mean of its modules' newest.
func courseScore(s *fold.State) *float64 {
	if s.Course.Score != fold.NoScore {
		return scoreOrNone(s.Course.Score)
	}
	sum, n := 0.0, 0
	for i := range s.Modules {
		if score := s.Modules[i].Score; score != fold.NoScore {
			sum, n = sum+percent(score), n+1
		}
	}
	if n == 0 {
		return nil
	}
	sum /= float64(n)
	return &sum
}

func moduleProgress(m *fold.Module, called Activity) ModuleProgress {
	t := &m.Track
	out := ModuleProgress{
		Activity: called, State: stateOf(t), First: timeOf(t.First), Last: timeOf(t.Last), Ended: endOf(t), Seconds: t.Millis / 1000,
		Attempts: t.Attempts, Score: scoreOrNone(t.Score), Best: scoreOrNone(t.Best),
	}
	if m.Video != nil {
		if seen, known := m.Video.Seen(); known {
			out.Watched = &seen
		}
	}
	return out
}

func stateOf(t *fold.Track) string {
	switch {
	case t.Passed:
		return "passed"
	case t.Failing:
		return "failing"
	case t.Ended != 0:
		return "completed"
	}
	return "begun"
}

func endOf(t *fold.Track) *time.Time {
	if t.Ended == 0 {
		return nil
	}
	at := timeOf(t.Ended)
	return &at
}

func scoreOrNone(score int32) *float64 {
	if score == fold.NoScore {
		return nil
	}
	p := percent(score)
	return &p
}
