package recount

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/traffic"
	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/report"
)

// TestAWalkTellsWhatTheRecountCounts holds what a walk tells of attempts and of days to the recount: neither says what the other does not.
func TestAWalkTellsWhatTheRecountCounts(t *testing.T) {
	t.Parallel()
	w := newTestWorld(t, 0)
	for s := range traffic.Sendings(traffic.Settings{Seed: 3, Statements: 600, Days: 12, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		must(t, Append(t.Context(), w.Ledger, s.Statements...))
	}
	random := rand.New(rand.NewPCG(3, 3))
	odd := &small{draw: func(_ string, n int) int { return random.IntN(n) }}
	for range 400 {
		must(t, Append(t.Context(), w.Ledger, odd.statement()))
	}
	must(t, w.catchUp(t.Context()))
	log, err := ReadLog(t.Context(), w.Ledger)
	must(t, err)
	counted, err := Count(log)
	must(t, err)

	walk, err := report.New(w.Store, w.Ledger, index.New(w.Store, w.Ledger)).Walk(t.Context())
	must(t, err)
	told := walked{Tables{}, map[string]int64{}}
	must(t, walk.Learners(t.Context(), 0, told.learner))
	must(t, walk.Courses(t.Context(), 0, told.course))
	for of, n := range told.days {
		told.says[of] = fmt.Sprint(n)
	}
	for of, says := range counted {
		if !inWalk(of) {
			delete(counted, of)
		} else if strings.Contains(of, " | learners | ") {
			counted[of] = fmt.Sprint(strings.Count(says, ", ") + 1)
		}
	}
	differences := compare(told.says, counted)
	for _, d := range differences[:min(len(differences), 20)] {
		t.Error(d)
	}
	t.Logf("%d lines, %d differences", len(told.says), len(differences))
	if len(told.says) < 2000 {
		t.Error("too few to say anything")
	}
}

// walked is what a walk tells, as the recount says it.
type walked struct {
	says Tables
	days map[string]int64 // sums over all courses
}

var walkedFigures = map[string]fold.Figure{
	"statements": fold.Statements, "sessions": fold.Sessions, "milliseconds": fold.Millis, "attempts": fold.Attempts, "completions": fold.Completions,
	"passes": fold.Passes, "failures": fold.Failures, "scores": fold.Scores, "score sum": fold.ScoreSum,
}

// inWalk says whether a line of the recount is of those that walked writes.
func inWalk(of string) bool {
	words := strings.Split(of, " | ")
	switch kind, _, _ := strings.Cut(of, " "); kind {
	case "progress":
		return slices.Contains(words, "attempts") && len(words) <= 3 || strings.HasPrefix(words[len(words)-2], "attempt ")
	case "course", "day":
		_, figure := walkedFigures[words[1]]
		return len(words) == 4 && (figure || kind == "course" && words[1] == "learners" && words[2] != "verb")
	}
	return false
}

func called(a report.Activity) string {
	if a.ID == "" && len(a.Name) > 0 {
		return "(other)"
	}
	return a.ID
}

func platformOf(name string) string {
	if name == "…" {
		return "(other)"
	}
	return name
}

func (w *walked) learner(l *report.LearnerProgress) error {
	for _, c := range l.Courses {
		if c.State.Course.First == 0 {
			continue
		}
		of := "progress of " + c.State.Identity + " in " + called(c.Course)
		w.track(of, &c.State.Course)
		for i, m := range c.State.Modules {
			if m.Module != fold.None {
				w.track(of+" | module "+called(c.Modules[i]), &m.Track)
			}
		}
	}
	return nil
}

func (w *walked) track(of string, t *fold.Track) {
	w.says[of+" | attempts"] = fmt.Sprint(t.Attempts)
	for i, a := range t.Recent {
		one := &attempt{begun: &event{at: a.Began}}
		if a.Completed {
			one.completed = one.begun
		}
		if a.Judged {
			one.judged = &event{verdict: map[bool]string{true: "passed", false: "failed"}[a.Passed]}
		}
		if a.Score != fold.NoScore {
			score := int64(a.Score)
			one.scored = &event{score: &score}
		}
		one.tell(&event{at: a.Last}, func(says any, what string) {
			w.says[fmt.Sprintf("%s | attempt %d | %s", of, i+1, what)] = fmt.Sprint(says)
		})
	}
}

func (w *walked) course(c *report.CourseDays) error {
	for _, d := range c.Days {
		for name, figure := range walkedFigures {
			n, of := d.Counts[figure], line(name, platformOf(d.Platform), d.Modality)
			if n == 0 {
				continue
			}
			w.days["day "+d.Day.String()+" | "+of] += n
			if c.Number != fold.None {
				w.says["course "+called(c.Course)+" "+d.Day.String()+" | "+of] = fmt.Sprint(n)
			}
		}
		if d.Learners > 0 {
			w.says[line("course "+called(c.Course)+" "+d.Day.String(), "learners", platformOf(d.Platform), d.Modality)] = fmt.Sprint(d.Learners)
		}
	}
	return nil
}
