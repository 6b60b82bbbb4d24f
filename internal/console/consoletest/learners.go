package consoletest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cairn/internal/report"
)

var people = []string{"Ada Moreau", "Ben Okafor", "Chloé Lefèvre", "Dmitri Petrov", "Eleni Papadaki", "Farid Benali", "Grace O’Neill", "Hugo Martin",
	"Inès Garnier", "Jonas Weber", "Kenza Haddad", "Liam Byrne", "Maja Nowak", "Noah Klein", "Olivia Rossi", ""}

// start of every learner's path: so that it does not depend on when it is asked for.
func start(i int) time.Time { return time.Now().UTC().Truncate(time.Hour).AddDate(0, 0, -70+2*i) }

func lineOf(i int) report.LearnerLine {
	mail := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(people[i], "’", ""), " ", "."))
	l := report.LearnerLine{
		Key: strconv.Itoa(1000 + i), Name: people[i], Identity: "mbox:mailto:" + mail + "@stmary.example", Last: start(i).AddDate(0, 0, 40),
		Courses: 3 + i%4, Completed: 2 + i%3, Failing: i % 5 / 4, Seconds: int64(3*3600 + 1700*i), Statements: int64(180 + 31*i), Score: 71.5 + float64(i), Scores: 6,
	}
	if l.Name == "" {
		l.Identity = "account:https://sim.stmary.example nurse-4711"
	}
	return l
}

// Learners implements report.Questions.
func (h Hospital) Learners(_ context.Context, f report.Filter, course, state string, p report.Page) (report.LearnerList, error) {
	list := report.LearnerList{Scope: h.scope(f), Learners: []report.LearnerLine{}}
	if state != "" && course == "" {
		return list, fmt.Errorf("%w: a state is one in a course", report.ErrFilter)
	}
	for i := range people {
		if !h.Empty && (state == "" || i%4 == len(state)%4) && (p.Next == "") == (i < 12) {
			list.Learners = append(list.Learners, lineOf(i))
		}
	}
	if p.Next == "" && !h.Empty {
		list.Next = "12"
	}
	return list, nil
}

// FindLearner implements report.Questions.
func (h Hospital) FindLearner(_ context.Context, identity string) (string, error) {
	for i := range people {
		if l := lineOf(i); l.Identity == identity && !h.Empty {
			return l.Key, nil
		}
	}
	return "", report.ErrUnknown
}

// Learner implements report.Questions.
func (h Hospital) Learner(_ context.Context, key string, f report.Filter) (report.LearnerReport, error) {
	i, err := strconv.Atoi(key)
	if i -= 1000; err != nil || i < 0 || i >= len(people) || h.Empty {
		return report.LearnerReport{}, report.ErrUnknown
	}
	l := report.LearnerReport{Scope: h.scope(f), LearnerLine: lineOf(i), Streak: 4, Longest: 11}
	l.Days, l.Total = h.days(f, 8)
	for c := range 4 {
		l.Path = append(l.Path, progress(i, c))
	}
	l.Weak = []report.WeakSpot{
		{Activity: questions(2)[1].Activity, Course: courseAt(2), Kind: "question", Wrong: 3, Of: 4},
		{Activity: moduleAt(2, 2), Course: courseAt(2), Kind: "module", Wrong: 2, Of: 2},
	}
	return l, nil
}

func progress(i, c int) report.Progress {
	first := start(i).AddDate(0, 0, 11*c)
	score, watched := 84.0-6*float64(c), 0.93
	p := report.Progress{Activity: courseAt(c), State: []string{"passed", "completed", "failing", "begun"}[c], First: first, Seconds: int64(2400 + 900*c), Sessions: 3, Score: &score}
	for m := range courses[c].modules {
		at := first.AddDate(0, 0, 3*m+1)
		module := report.ModuleProgress{Activity: moduleAt(c, m), State: "completed", First: at, Last: at.Add(25 * time.Minute), Ended: &at, Seconds: 900, Attempts: int64(1 + m%2), Score: &score, Best: &score}
		if p.Last = module.Last; strings.Contains(module.Name["en-US"], "film") {
			module.Watched = &watched
		}
		if c > 1 && m == 2 {
			module.State, module.Ended = p.State, nil
			p.Modules = append(p.Modules, module)
			return p
		}
		p.Modules = append(p.Modules, module)
	}
	p.Ended = &p.Last
	return p
}
