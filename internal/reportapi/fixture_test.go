package reportapi_test

import (
	"context"
	"fmt"
	"time"

	"cairn/internal/report"
)

// fixture is a small record with answers made by hand. It keeps what it was asked.
type fixture struct{ asked string }

const (
	course = "https://example.com/courses/first-aid"
	video  = "https://example.com/courses/first-aid/video"
)

var (
	asOf     = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	firstAid = report.Activity{ID: course, Name: report.Name{"en": "First aid", "fr-CA": "Premiers secours"}, Type: "http://adlnet.gov/expapi/activities/course"}
	module   = report.Activity{ID: video, Name: report.Name{"en-GB": "=SUM(A1)"}}
	some     = report.Figures{Learners: 2, Statements: 40, Sessions: 3, Seconds: 600, Attempts: 2, Completions: 1, Passes: 1, Failures: 1,
		Score: report.Score{Count: 2, Mean: 72.5, Deviation: 7.5, Distribution: [10]int64{6: 1, 8: 1}}}
	ada = report.LearnerLine{Key: "k1", Name: "+Ada", Identity: "mbox:mailto:ada@example.com", Last: asOf, Courses: 1, Completed: 1, Seconds: 300, Statements: 20, Score: 80, Scores: 1}
	bob = report.LearnerLine{Key: "k2", Identity: "mbox:mailto:bob@example.com", Last: asOf}
)

func scopeOf(f report.Filter) report.Scope {
	return report.Scope{AsOf: asOf, From: f.From, To: f.To, Platform: f.Platform, Modality: f.Modality, Group: f.Group}
}

func days(f report.Filter) []report.DayFigures {
	return []report.DayFigures{{Day: f.From, Figures: some}, {Day: f.To}}
}

func (q *fixture) note(format string, parts ...any) { q.asked = fmt.Sprintf(format, parts...) }

func (q *fixture) Overview(_ context.Context, f report.Filter) (report.Overview, error) {
	q.note("overview %+v", f)
	return report.Overview{Scope: scopeOf(f), Total: some, Days: days(f), Activities: []report.ActivityFigures{{Activity: firstAid, Figures: some}},
		Verbs: []report.VerbFigures{{Verb: "http://example.com/did", Learners: 2, Statements: 40}}, Platforms: []report.NamedFigures{{Name: "phone", Figures: some}},
		Modalities: []report.NamedFigures{}, Notices: []report.Notice{{Kind: "drop-off", Course: firstAid, Module: module, Learners: 1, Of: 2}, {Kind: "failing", Course: firstAid, Learners: 1, Of: 2}}}, nil
}

func (q *fixture) Activities(_ context.Context, f report.Filter, sort string, p report.Page) (report.ActivityList, error) {
	q.note("activities %q %+v", sort, p)
	next := "there+is more"
	if p.Next == next {
		next = ""
	}
	return report.ActivityList{Scope: scopeOf(f), Activities: []report.ActivityFigures{{Activity: firstAid, Figures: some}}, Next: next}, nil
}

func (q *fixture) Activity(_ context.Context, id string, f report.Filter) (report.ActivityReport, error) {
	if id == "unknown" {
		return report.ActivityReport{}, report.ErrUnknown
	}
	r := -0.25
	return report.ActivityReport{Scope: scopeOf(f), Activity: module, Course: &firstAid, Total: some, Days: days(f), Verbs: []report.VerbFigures{},
		Platforms: []report.NamedFigures{{Name: "@home", Figures: some}}, Modalities: []report.NamedFigures{{Figures: some}}, Standing: report.Standing{Began: 2, Completed: 1},
		Funnel: []report.Step{{Activity: module, Began: 2, Ended: 1, Seconds: 60}}, TimeToComplete: []report.Bucket{{From: 0, To: 1, Learners: 1}},
		Questions: []report.Question{{Activity: report.Activity{ID: "q1"}, Kind: "choice", Answers: 3, Right: 1, Judged: 2, Discrimination: &r, Module: video,
			Attempts: []report.QuestionAttempt{{Attempt: 1, Judged: 2, Right: 1}}, Responses: []report.Response{{Response: "=1+1", Count: 2, Right: 1}}},
			{Activity: report.Activity{ID: "q2"}, Kind: "other", Attempts: []report.QuestionAttempt{}, Responses: []report.Response{}}},
		Video: &report.Video{Length: 60, Learners: 2, Stretches: []report.Stretch{{From: 0, To: 30, Views: 3, Viewers: 2}}}}, nil
}

func (q *fixture) Learners(_ context.Context, f report.Filter, course, state string, p report.Page) (report.LearnerList, error) {
	q.note("learners %q %q %+v", course, state, p)
	if course == "wrong" {
		return report.LearnerList{}, fmt.Errorf("learners of a course: %w: that is no course", report.ErrFilter)
	}
	return report.LearnerList{Scope: scopeOf(f), Learners: []report.LearnerLine{ada, bob}}, nil
}

func (q *fixture) Learner(_ context.Context, key string, f report.Filter) (report.LearnerReport, error) {
	if key != ada.Key {
		return report.LearnerReport{}, report.ErrUnknown
	}
	score, watched := 80.0, 0.5
	return report.LearnerReport{Scope: scopeOf(f), LearnerLine: ada, Total: some, Days: days(f), Streak: 2, Longest: 3,
		Path: []report.Progress{{Activity: firstAid, State: "passed", First: asOf, Last: asOf, Ended: &asOf, Seconds: 300, Sessions: 2, Score: &score,
			Modules: []report.ModuleProgress{{Activity: module, State: "begun", First: asOf, Last: asOf, Seconds: 60, Watched: &watched}}}},
		Weak: []report.WeakSpot{{Activity: report.Activity{ID: "q1"}, Course: firstAid, Kind: "question", Wrong: 1, Of: 2}}}, nil
}

func (q *fixture) Sessions(_ context.Context, key, course string, f report.Filter) (report.SessionList, error) {
	q.note("sessions %q %q", key, course)
	if key != ada.Key {
		return report.SessionList{}, report.ErrUnknown
	}
	right, score := false, 80.0
	return report.SessionList{Scope: scopeOf(f), Learner: ada, Course: firstAid, Sessions: []report.Session{{Start: asOf, End: asOf.Add(time.Minute), Seconds: 60, Modality: "mobile",
		Minutes: []report.Minute{{Minute: 0, Events: []report.Event{{At: asOf, Verb: "http://example.com/did", Object: module}}},
			{Minute: 1, Events: []report.Event{{At: asOf.Add(time.Minute), Verb: "http://example.com/answered", Object: report.Activity{ID: "q1", Name: report.Name{}}, Right: &right, Score: &score}}}}}}}, nil
}

func (q *fixture) Mark(context.Context) (string, error) { return "", nil }
func (q *fixture) Groups(_ context.Context, limit int) ([]report.Group, error) {
	q.note("groups %d", limit)
	return []report.Group{{ID: "ward-3", Label: "=Ward 3"}, {ID: "team:account:https://example.com night", Label: "Night shift", Team: true}}, nil
}

func (q *fixture) Platforms(context.Context) ([]string, error) {
	return []string{"@home", "phone"}, nil
}

func (q *fixture) FindLearner(_ context.Context, identity string) (string, error) {
	if identity != ada.Identity {
		return "", report.ErrUnknown
	}
	return ada.Key, nil
}
