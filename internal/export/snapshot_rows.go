package export

import (
	"cairn/internal/fold"
	"cairn/internal/report"
	"cairn/internal/table"
)

// learnerRows are the rows of learners.
type learnerRows struct {
	attempts   []table.Attempt
	progress   []table.Progressed
	identities []table.Identity
}

// add adds the rows of a learner whose key is given.
func (s *learnerRows) add(l *report.LearnerProgress, key string) {
	for _, identity := range l.Identities {
		s.identities = append(s.identities, table.Identity{Key: key, Identity: identity, Name: l.Name})
	}
	for _, c := range l.Courses {
		if c.State.Course.First == 0 || c.Course.ID == "" {
			continue // about no Activity, or nothing that counts any more
		}
		s.track(key, c.Course, report.Activity{}, &c.State.Course)
		s.progress[len(s.progress)-1].Sessions = &c.State.Sessions
		for i, module := range c.Modules {
			m := &c.State.Modules[i]
			if module.ID == "" || m.First == 0 {
				continue
			}
			s.track(key, c.Course, module, &m.Track)
			if m.Video != nil {
				seen, known := m.Video.Seen()
				s.progress[len(s.progress)-1].Seen = told(seen, known)
			}
		}
	}
}

func (s *learnerRows) track(key string, course, module report.Activity, t *fold.Track) {
	p := table.Progressed{
		Learner: key, Course: course.ID, CourseName: course.Name.English(), Module: module.ID, ModuleName: module.Name.English(), First: micros(t.First), Last: micros(t.Last),
		Passed: t.Passed, Failing: t.Failing, Attempts: t.Attempts, Failures: t.Failures, Score: scored(t.Score), Best: scored(t.Best), Seconds: float64(t.Millis) / 1000,
	}
	if t.Ended != 0 {
		ended := micros(t.Ended)
		p.Ended = &ended
	}
	s.progress = append(s.progress, p)
	for i, a := range t.Recent {
		s.attempts = append(s.attempts, table.Attempt{
			Learner: key, Course: course.ID, CourseName: course.Name.English(), Module: module.ID, ModuleName: module.Name.English(), Number: t.Attempts - int64(len(t.Recent)-1-i),
			Began: micros(a.Began), Last: micros(a.Last), Completed: a.Completed, Passed: judged(a), Score: scored(a.Score),
		})
	}
}

// figuresOf are the rows of a course's days.
func figuresOf(c *report.CourseDays) []table.DayFigures {
	rows := make([]table.DayFigures, len(c.Days))
	for i, d := range c.Days {
		n := &d.Counts
		rows[i] = table.DayFigures{
			Date: d.Day.String(), Course: c.Course.ID, CourseName: c.Course.Name.English(), Platform: d.Platform, Modality: d.Modality.String(), Statements: n[fold.Statements],
			Learners: int64(d.Learners), Sessions: n[fold.Sessions], Seconds: float64(n[fold.Millis]) / 1000, Attempts: n[fold.Attempts], Completions: n[fold.Completions],
			Passes: n[fold.Passes], Failures: n[fold.Failures], Scores: n[fold.Scores], ScoreSum: float64(n[fold.ScoreSum]) / 10_000,
		}
	}
	return rows
}

func micros(ms int64) int64 { return ms * 1000 }

// scored is a score from 0 to 1.
func scored(score int32) *float64 { return told(float64(score)/10_000, score != fold.NoScore) }

func told(n float64, known bool) *float64 {
	if !known {
		return nil
	}
	return &n
}

func judged(a fold.Attempt) *bool {
	if !a.Judged {
		return nil
	}
	return &a.Passed
}
