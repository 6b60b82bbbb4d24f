package query

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/recount"
)

// figures are what package recount counts, from the statements' JSON and without the code of the reports.
type figures struct {
	progress []*progress // of courses, and of modules
	days     map[dayKey]map[string]int64
	learners map[dayKey][]string // of a day, by platform and modality
}

type dayKey struct{ day, platform, modality string }

// progress of a learner in a course, or in a module of it.
type progress struct {
	learner, course, module string
	first, last             time.Time
	ended                   *time.Time
	milliseconds, sessions  int64
	attempts, failures      int64
	passed, failing         bool
	score, best             *float64 // from 0 to 1
	attempted               []*attempt
}

// attempt is one.
type attempt struct {
	n           int
	began, last time.Time
	completed   bool
	passed      *bool
	score       *float64
}

func (w *world) figures(t *testing.T) *figures {
	t.Helper()
	lines, err := recount.Count(w.log)
	must(t, err)
	f := &figures{days: map[dayKey]map[string]int64{}, learners: map[dayKey][]string{}}
	all := map[[3]string]*progress{}
	for _, of := range slices.Sorted(maps.Keys(lines)) {
		words, says := strings.Split(of, " | "), lines[of]
		kind, rest, _ := strings.Cut(words[0], " ")
		switch {
		case kind == "day" && len(words) == 4 && words[1] == "learners":
			f.learners[dayKey{rest, words[2], words[3]}] = strings.Split(says, ", ")
		case kind == "day" && len(words) == 4:
			k := dayKey{rest, words[2], words[3]}
			if f.days[k] == nil {
				f.days[k] = map[string]int64{}
			}
			f.days[k][words[1]] = number(t, says)
		case kind == "progress":
			learner, course, _ := strings.Cut(strings.TrimPrefix(rest, "of "), " in ")
			module, words := "", words[1:]
			if len(words) > 1 && strings.HasPrefix(words[0], "module ") {
				module, words = strings.TrimPrefix(words[0], "module "), words[1:]
			}
			k := [3]string{learner, course, module}
			if all[k] == nil {
				all[k] = &progress{learner: learner, course: course, module: module}
			}
			all[k].take(t, words, says)
		}
	}
	for _, p := range all {
		if !p.first.IsZero() { // else it is of statements about no Activity
			f.progress = append(f.progress, p)
		}
	}
	return f
}

func (p *progress) take(t *testing.T, words []string, says string) {
	switch {
	case len(words) == 5 && words[2] == "sessions": // day, module, figure, platform, modality
		p.sessions += number(t, says)
	case len(words) == 2 && strings.HasPrefix(words[0], "attempt "):
		p.attempt(int(number(t, strings.TrimPrefix(words[0], "attempt "))), func(a *attempt) { a.take(t, words[1], says) })
	case len(words) != 1:
	case words[0] == "first":
		p.first = instant(t, says)
	case words[0] == "last":
		p.last = instant(t, says)
	case words[0] == "ended":
		ended := instant(t, says)
		p.ended = &ended
	case words[0] == "milliseconds":
		p.milliseconds = number(t, says)
	case words[0] == "attempts":
		p.attempts = number(t, says)
	case words[0] == "failures":
		p.failures = number(t, says)
	case words[0] == "passed":
		p.passed = says == "true"
	case words[0] == "failing":
		p.failing = says == "true"
	case words[0] == "score":
		p.score = share(number(t, says))
	case words[0] == "best":
		p.best = share(number(t, says))
	}
}

// attempt gives the n-th, which is begun when it is not there yet; they stay in order.
func (p *progress) attempt(n int, to func(*attempt)) {
	i, there := slices.BinarySearchFunc(p.attempted, n, func(a *attempt, n int) int { return a.n - n })
	if !there {
		p.attempted = slices.Insert(p.attempted, i, &attempt{n: n})
	}
	to(p.attempted[i])
}

func (a *attempt) take(t *testing.T, word, says string) {
	switch word {
	case "began":
		a.began = instant(t, says)
	case "last":
		a.last = instant(t, says)
	case "completed":
		a.completed = says == "true"
	case "passed":
		passed := says == "true"
		a.passed = &passed
	case "score":
		a.score = share(number(t, says))
	}
}

func number(t *testing.T, says string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(says, 10, 64)
	must(t, err)
	return n
}

func instant(t *testing.T, says string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, says)
	must(t, err)
	return at
}

func share(hundredths int64) *float64 {
	s := float64(hundredths) / 10_000
	return &s
}

// standing is the word for it.
func (p *progress) standing() string {
	switch {
	case p.passed:
		return "passed"
	case p.failing:
		return "failing"
	case p.ended != nil:
		return "completed"
	}
	return "begun"
}

// ofCourses and ofModules are two halves of progress.
func (f *figures) ofCourses() (all []*progress) {
	for _, p := range f.progress {
		if p.module == "" {
			all = append(all, p)
		}
	}
	return all
}

func (f *figures) ofModules(of *progress) (all []*progress) {
	for _, p := range f.progress {
		if p.module != "" && (of == nil || p.learner == of.learner && p.course == of.course) {
			all = append(all, p)
		}
	}
	return all
}
