package report_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"cairn/internal/fold"
	"cairn/internal/kv/kvtest"
	"cairn/internal/report"
)

// walk begins one that knows nothing yet.
func (w *world) walk() *report.Walk {
	w.t.Helper()
	walk, err := w.reports.Walk(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return walk
}

func (w *world) walkLearners(from fold.Number) (all []*report.LearnerProgress) {
	w.t.Helper()
	err := w.walk().Learners(w.t.Context(), from, func(l *report.LearnerProgress) error {
		all = append(all, l)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) walkCourses(from fold.Number) (all []*report.CourseDays) {
	w.t.Helper()
	err := w.walk().Courses(w.t.Context(), from, func(c *report.CourseDays) error {
		all = append(all, c)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// passed is a statement of one who passed a course of a number.
func passed(who, course int) string {
	return fmt.Sprintf(`{"actor":{"mbox":"mailto:l%d@example.com","name":"L%[1]d"},"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"},"result":{"score":{"scaled":0.9}},
		"object":{"id":"https://example.com/c%d","definition":{"type":"http://adlnet.gov/expapi/activities/course","name":{"fr":"Cours","en-GB":"Course %[2]d"}}},
		"context":{"platform":"Web"},"timestamp":"2026-03-0%[2]dT08:00:00Z"}`, who, course)
}

const aboutNobody = `{"actor":{"mbox":"mailto:l1@example.com"},"verb":{"id":"http://example.com/met"},"object":{"objectType":"Agent","mbox":"mailto:l2@example.com"},"timestamp":"2026-03-02T08:00:00Z"}`

func TestWalk(t *testing.T) {
	w := newWorld(t)
	if _, err := w.people.PutPerson(t.Context(), []string{"mbox:mailto:ada@example.com", "account:https://phone.example.com nurse-7"}); err != nil {
		t.Fatal(err)
	}
	w.store(card("08:00:00", ada, "one", "PT5S"), card("08:01:00", nurse, "two", "PT5S"), passed(1, 2), passed(1, 3), passed(2, 2), aboutNobody)
	w.count()

	learners := w.walkLearners(0)
	if len(learners) != 3 {
		t.Fatalf("%d learners", len(learners))
	}
	for _, l := range learners {
		if l.Identity == "account:https://phone.example.com nurse-7" {
			if want := []string{l.Identity, "mbox:mailto:ada@example.com"}; !reflect.DeepEqual(l.Identities, want) || len(l.Courses) != 1 {
				t.Errorf("%+v", l)
			}
			c := l.Courses[0]
			if c.Course.ID != deck || c.Course.Name.English() != "Sepsis" || len(c.Modules) != 2 || c.Modules[0].ID != deck+"/one" || c.Modules[0].Name.English() != "one" || c.State.Modules[1].Last != c.State.Last {
				t.Errorf("%+v", c)
			}
		}
		if l.Identity == "mbox:mailto:l1@example.com" && (l.Name != "L1" || len(l.Courses) != 3 || l.Courses[0].Course.ID != "" || l.Courses[0].State.Course.First != 0 ||
			l.Courses[1].Course.Name.English() != "Course 2" || len(l.Courses[1].State.Course.Recent) != 1) {
			t.Errorf("%+v", l)
		}
	}
	if rest := w.walkLearners(learners[0].Number + 1); !reflect.DeepEqual(rest, learners[1:]) {
		t.Errorf("from the second on there are %d", len(rest))
	}

	courses := w.walkCourses(0)
	if len(courses) != 4 {
		t.Fatalf("%d courses", len(courses))
	}
	if c := courses[0]; c.Number != fold.None || c.Course.ID != "" || len(c.Days) != 1 || c.Days[0].Day.String() != "2026-03-02" || c.Days[0].Counts != (fold.Counts{fold.Statements: 1}) || c.Days[0].Platform != "" {
		t.Errorf("%+v", c)
	}
	for _, c := range courses[1:] {
		if d := c.Days[0]; c.Course.ID == "https://example.com/c2" && (len(c.Days) != 1 || d.Day.String() != "2026-03-02" || d.Platform != "Web" || d.Learners != 2 || d.Counts[fold.Passes] != 2 || d.Counts[fold.ScoreSum] != 18_000) {
			t.Errorf("%+v", c)
		}
	}
	if rest := w.walkCourses(courses[1].Number + 1); !reflect.DeepEqual(rest, courses[2:]) {
		t.Errorf("from the second on there are %d", len(rest))
	}
}

// TestAWalkStops where it is told to.
func TestAWalkStops(t *testing.T) {
	w := newWorld(t)
	w.store(passed(1, 1), passed(2, 2))
	w.count()
	enough, told := errors.New("enough"), 0
	err := w.walk().Learners(t.Context(), 0, func(*report.LearnerProgress) error { told++; return enough })
	if !errors.Is(err, enough) || told != 1 {
		t.Errorf("%v after %d learners", err, told)
	}
	err = w.walk().Courses(t.Context(), fold.First, func(*report.CourseDays) error { told++; return enough })
	if !errors.Is(err, enough) || told != 2 {
		t.Errorf("%v after %d courses", err, told-1)
	}
}

// TestWhatAWalkReads: each learner costs a request, so does each course and each day; all others together hardly any.
func TestWhatAWalkReads(t *testing.T) {
	const learners, courses, days = 180, 9, 9
	w := newWorld(t)
	var texts []string
	for i := range learners {
		texts = append(texts, passed(i, 1+i%courses))
	}
	w.store(texts...)
	w.store(aboutNobody)
	w.count()
	for _, c := range []struct {
		what string
		walk func()
		want map[kvtest.Op]int
	}{
		// Beside them: how far the tables and the index have come, and what lies behind; the names of all courses, and what they are called, once; of each block of
		// 64 learners who is the same person.
		{"learners", func() { w.walkLearners(0) }, map[kvtest.Op]int{kvtest.OpQuery: learners + 4, kvtest.OpGet: 5, kvtest.OpGetMany: 2 + 3}},
		// Beside them: the list of courses, those that have no number, the end of the days; the courses of the one day that has statements of none.
		{"courses", func() { w.walkCourses(0) }, map[kvtest.Op]int{kvtest.OpQuery: courses + days + 3 + 4, kvtest.OpGet: 2, kvtest.OpGetMany: 3}},
	} {
		w.meter.Reset()
		c.walk()
		if got := w.meter.Snapshot().Calls; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}
