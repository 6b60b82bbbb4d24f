package consoletest

import (
	"context"
	"strconv"
	"time"

	"cairn/internal/report"
)

// Sessions implements report.Questions: in each of a learner's courses there is a long session with questions, and one of a few minutes without.
func (h Hospital) Sessions(_ context.Context, key, course string, f report.Filter) (report.SessionList, error) {
	i, err := strconv.Atoi(key)
	if i -= 1000; err != nil || i < 0 || i >= len(people) || h.Empty {
		return report.SessionList{}, report.ErrUnknown
	}
	list := report.SessionList{Scope: h.scope(f), Learner: lineOf(i), Course: report.Activity{ID: course}, Sessions: []report.Session{}}
	c, m, err := find(course)
	if err != nil || m >= 0 {
		return list, nil
	}
	list.Course = courseAt(c)
	if c > 3 {
		return list, nil
	}
	list.Older = c == 2
	first := start(i).AddDate(0, 0, 11*c)
	list.Sessions = []report.Session{deck(c, first.AddDate(0, 0, 4).Add(7*time.Hour+12*time.Minute)), {
		Start: first, End: first.Add(6 * time.Minute), Seconds: 360, Modality: "vr", Minutes: []report.Minute{
			{Minute: 1, Events: []report.Event{{At: first.Add(80 * time.Second), Verb: verbs[0], Object: moduleAt(c, 1)}}},
			{Minute: 6, Events: []report.Event{{At: first.Add(6 * time.Minute), Verb: verbs[3], Object: moduleAt(c, 1)}}},
		}}}
	return list, nil
}

// deck is a session of cards and questions on a phone, with a test at its end.
func deck(c int, at time.Time) report.Session {
	s := report.Session{Start: at, End: at.Add(26*time.Minute + 40*time.Second), Seconds: 26*60 + 40, Platform: platforms[1], Modality: "mobile"}
	asked, score := questions(c), 82.5
	for minute := range 26 {
		r := random(c, minute)
		m := report.Minute{Minute: minute}
		for n := range r.IntN(5) {
			e := report.Event{At: at.Add(time.Duration(minute)*time.Minute + time.Duration(9*n+5)*time.Second), Verb: verbs[0], Object: moduleAt(c, n%2)}
			if right := r.IntN(4) > 0; minute%3 == 1 {
				e.Verb, e.Object, e.Right = verbs[1], asked[n%3].Activity, &right
			}
			m.Events = append(m.Events, e)
		}
		if m.Events != nil {
			s.Minutes = append(s.Minutes, m)
		}
	}
	s.Minutes = append(s.Minutes, report.Minute{Minute: 26, Events: []report.Event{{At: s.End, Verb: verbs[4], Object: moduleAt(c, 2), Score: &score}}})
	return s
}
