package report

import (
	"encoding/json"
	"time"
)

// Answers to the questions that people ask of a record: what the report API writes as JSON, and the dashboard draws. All counts are exact.
// A share is between 0 and 1; a time is in seconds; a score is scaled to 0 to 100. A list that has nothing in it is empty, never null.

// Filter narrows a question. An empty field does not narrow.
type Filter struct {
	From, To Day    // both days are in; at most MaxDays
	Platform string // context.platform as sent
	Modality string // as fold.Modality names it
	Group    string // id of a group of learners
}

// Group is learners whose figures can be asked for together: those whom an operator lists, or the team of statements.
type Group struct {
	ID    string `json:"id"` // as Filter has it
	Label string `json:"label"`
	Team  bool   `json:"team"` // statements name it, and nobody keeps it
}

// MaxDays is how many days a question may span: what it reads is bounded by it.
const MaxDays = 400

// Scope of an answer: what it was asked about, and as of when it stands.
type Scope struct {
	// AsOf is the instant up to which every statement is counted.
	AsOf     time.Time `json:"asOf"`
	From     Day       `json:"from"`
	To       Day       `json:"to"`
	Platform string    `json:"platform,omitempty"`
	Modality string    `json:"modality,omitempty"`
	Group    string    `json:"group,omitempty"`
}

// Figures are what is counted of some statements.
type Figures struct {
	Learners    int   `json:"learners"` // distinct, over the whole span
	Statements  int64 `json:"statements"`
	Sessions    int64 `json:"sessions"`
	Seconds     int64 `json:"seconds"` // time spent
	Attempts    int64 `json:"attempts"`
	Completions int64 `json:"completions"`
	Passes      int64 `json:"passes"`
	Failures    int64 `json:"failures"`
	Score       Score `json:"score"`
}

// Score tells how scores are spread; Mean and Deviation are 0 when there is none.
type Score struct {
	Count        int64     `json:"count"`
	Mean         float64   `json:"mean"`
	Deviation    float64   `json:"deviation"`
	Distribution [10]int64 `json:"distribution"` // 0 to below 10, ..., 90 to 100
}

// Name is what an activity or a verb is called, by language tag, as its definition says; it may be empty.
type Name map[string]string

// Activity names an activity.
type Activity struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
	Type string `json:"type,omitempty"`

	interaction string // its interactionType, when it is a question
}

// DayFigures are those of one day.
type DayFigures struct {
	Day Day `json:"day"`
	Figures
}

// ActivityFigures are those of one activity.
type ActivityFigures struct {
	Activity
	Figures
}

// NamedFigures are those of one verb (its IRI), platform or modality.
type NamedFigures struct {
	Name string `json:"name"` // empty for statements without
	Figures
}

// Overview is what an organisation does, altogether.
type Overview struct {
	Scope
	Total  Figures      `json:"total"`
	Before Figures      `json:"before"` // the same of the span of equal length before this one, to compare with
	Days   []DayFigures `json:"days"`   // each day of the span, in order
	// Activities are the courses with most statements, at most ten. A course is what fold.Fact says.
	Activities []ActivityFigures `json:"activities"`
	Verbs      []VerbFigures     `json:"verbs"`
	Platforms  []NamedFigures    `json:"platforms"`
	Modalities []NamedFigures    `json:"modalities"`
	Notices    []Notice          `json:"notices"` // what needs a look, the most learners first
}

// VerbFigures count one verb's statements; and in an overview its learners.
type VerbFigures struct {
	Verb       string `json:"verb"`
	Learners   int    `json:"learners,omitempty"`
	Statements int64  `json:"statements"`
}

// Notice is something that needs a look.
type Notice struct {
	// Kind is "inactive" (began the course, did not complete it, did nothing for 14 days before the span's end), "drop-off" (of those
	// who began the module less than half ended it) or "failing" (failed, and never passed).
	Kind     string   `json:"kind"`
	Course   Activity `json:"course"`
	Module   Activity `json:"module,omitzero"` // for a drop-off
	Learners int      `json:"learners"`
	Of       int      `json:"of"` // how many began
}

// ActivityList is a page of courses, in the order in which they were first heard of, or those with most statements first.
type ActivityList struct {
	Scope
	Activities []ActivityFigures `json:"activities"`
	Next       string            `json:"next,omitempty"` // asks for the page after this; empty at the end
}

// ActivityReport is one course, or one module of it.
type ActivityReport struct {
	Scope
	Activity Activity  `json:"activity"`
	Course   *Activity `json:"course,omitempty"` // whose module it is
	Total    Figures   `json:"total"`
	Before   Figures   `json:"before"`

	Days       []DayFigures   `json:"days"`
	Verbs      []VerbFigures  `json:"verbs"`
	Platforms  []NamedFigures `json:"platforms"`
	Modalities []NamedFigures `json:"modalities"`

	// What follows is of all time, and of the group alone when one is asked for.

	Standing Standing `json:"standing"`
	// Funnel are a course's modules in the order in which most learners begin them.
	Funnel []Step `json:"funnel"`
	// TimeToComplete counts learners by the days from their first statement in the course to its completion.
	TimeToComplete []Bucket   `json:"timeToComplete"`
	Questions      []Question `json:"questions"` // of the module, or of the course's modules
	Video          *Video     `json:"video,omitempty"`
}

// Standing is how many learners stand where.
type Standing struct {
	Began     int `json:"began"`
	Completed int `json:"completed"` // completed, or passed
	Passed    int `json:"passed"`
	Failing   int `json:"failing"`  // failed, and never passed
	Inactive  int `json:"inactive"` // began, did not complete, did nothing in the 14 days before the span's end
}

// Step is one module of a funnel.
type Step struct {
	Activity
	Began   int   `json:"began"`   // learners
	Ended   int   `json:"ended"`   // learners who completed or passed it
	Seconds int64 `json:"seconds"` // all together, in the span
}

// Bucket counts learners for whom a measure was from From to below To.
type Bucket struct {
	From     int `json:"from"`
	To       int `json:"to"` // 0: no end
	Learners int `json:"learners"`
}

// Question is how an interaction fares (xAPI 1.0.3 Appendix C).
type Question struct {
	Activity
	Kind    string `json:"kind"`             // interactionType
	Answers int64  `json:"answers"`          // in all
	Right   int64  `json:"right"`            // of those that were judged
	Judged  int64  `json:"judged"`           // with a result.success
	Seconds int64  `json:"seconds"`          // time taken to answer, altogether
	Module  string `json:"module,omitempty"` // id of the activity that it was asked in
	// Discrimination is the correlation of a right answer with the score of the attempt it was given in; null when too little is known.
	Discrimination *float64          `json:"discrimination"`
	Attempts       []QuestionAttempt `json:"attempts"`  // the first five attempts of each learner
	Responses      []Response        `json:"responses"` // the most frequent first, at most twenty; none for free text
}

// QuestionAttempt counts the n-th answers that learners gave.
type QuestionAttempt struct {
	Attempt int   `json:"attempt"`
	Judged  int64 `json:"judged"`
	Right   int64 `json:"right"`
}

// Response is one answer that was given.
type Response struct {
	Response string `json:"response"` // as sent
	Count    int64  `json:"count"`
	Right    int64  `json:"right"`
}

// Video is how a video is watched, by the played segments that players tell (video profile 1.0).
type Video struct {
	Length    int       `json:"length"` // seconds; the longest that was told
	Learners  int       `json:"learners"`
	Stretches []Stretch `json:"stretches"` // from the start, without gaps; at most 600
}

// Stretch is a part of a video.
type Stretch struct {
	From    int   `json:"from"` // seconds
	To      int   `json:"to"`
	Views   int64 `json:"views"`   // how often it was played
	Viewers int64 `json:"viewers"` // learners who saw it for the first time; the other views are repeats
}

// LearnerList is a page of learners.
type LearnerList struct {
	Scope
	Learners []LearnerLine `json:"learners"`
	Next     string        `json:"next,omitempty"`
}

// LearnerLine is a learner in a list. Its counts are of all time.
type LearnerLine struct {
	Key        string    `json:"key"`       // names the learner in links; says nothing of who it is
	Name       string    `json:"name"`      // as the newest statement has it; may be empty
	Identity   string    `json:"identity"`  // such as "mbox:mailto:ada@example.com"
	Last       time.Time `json:"last"`      // timestamp of the newest statement
	Courses    int       `json:"courses"`   // begun
	Completed  int       `json:"completed"` // of those
	Failing    int       `json:"failing"`
	Seconds    int64     `json:"seconds"`
	Statements int64     `json:"statements"`
	Score      float64   `json:"score"`  // mean
	Scores     int64     `json:"scores"` // how many scores the mean is of
}

// LearnerReport is one learner. Days are of the span; what follows is of all time.
type LearnerReport struct {
	Scope
	LearnerLine
	Total   Figures      `json:"total"` // of the span
	Days    []DayFigures `json:"days"`
	Streak  int          `json:"streak"`  // days in a row with statements, up to the last such day
	Longest int          `json:"longest"` // the longest such row
	Path    []Progress   `json:"progress"`
	Weak    []WeakSpot   `json:"weak"` // questions answered wrong last, and modules failed; at most twenty
}

// Progress is how far a learner has come in a course.
type Progress struct {
	Activity
	State    string           `json:"state"` // "begun", "completed", "passed" or "failing"
	First    time.Time        `json:"first"`
	Last     time.Time        `json:"last"`
	Ended    *time.Time       `json:"ended,omitempty"` // when it was first completed or passed
	Seconds  int64            `json:"seconds"`
	Sessions int64            `json:"sessions"`
	Score    *float64         `json:"score,omitempty"` // the newest; the mean of its modules' when the course itself has none
	Modules  []ModuleProgress `json:"modules"`         // in the order in which they were begun
}

// ModuleProgress is how far a learner has come in a module.
type ModuleProgress struct {
	Activity
	State    string     `json:"state"`
	First    time.Time  `json:"first"`
	Last     time.Time  `json:"last"`
	Ended    *time.Time `json:"ended,omitempty"`
	Seconds  int64      `json:"seconds"`
	Attempts int64      `json:"attempts"`
	Score    *float64   `json:"score,omitempty"` // the newest
	Best     *float64   `json:"best,omitempty"`
	Watched  *float64   `json:"watched,omitempty"` // share of a video that was seen
}

// WeakSpot is where a learner has trouble.
type WeakSpot struct {
	Activity
	Course Activity `json:"course"`
	Kind   string   `json:"kind"`  // "question" or "module"
	Wrong  int64    `json:"wrong"` // wrong answers, or failures
	Of     int64    `json:"of"`
}

// Day is a day in UTC, counted from 1970-01-01.
type Day int32

// DayOf is the day of an instant.
func DayOf(at time.Time) Day {
	const day = 24 * 60 * 60
	s := at.Unix()
	if s < 0 {
		s -= day - 1
	}
	return Day(s / day)
}

// Time is the day's beginning.
func (d Day) Time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// String writes the day as 2006-01-02.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// ParseDay reads what String wrote.
func ParseDay(s string) (Day, error) {
	at, err := time.Parse(time.DateOnly, s)
	return DayOf(at), err
}

// MarshalJSON writes the day as String does.
func (d Day) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Day) UnmarshalJSON(text []byte) (err error) {
	var s string
	if err = json.Unmarshal(text, &s); err == nil {
		*d, err = ParseDay(s)
	}
	return err
}

// SessionList is what a learner did in a course lately, minute by minute: of the newest statements, as many as MaxTold, whatever the scope.
type SessionList struct {
	Scope
	Learner  LearnerLine `json:"learner"`
	Course   Activity    `json:"course"`
	Sessions []Session   `json:"sessions"` // the newest first
	Older    bool        `json:"older"`    // there are older statements, so the last session may have begun before
}

// Session is a run of statements without a gap, as fold counts them.
type Session struct {
	Start    time.Time `json:"start"` // of the first statement, less its duration
	End      time.Time `json:"end"`
	Seconds  int64     `json:"seconds"`
	Platform string    `json:"platform,omitempty"` // of the first statement
	Modality string    `json:"modality"`
	Minutes  []Minute  `json:"minutes"` // those in which something happened, in order
}

// Minute is what happened in one.
type Minute struct {
	Minute int     `json:"minute"` // from 0, since the session's start
	Events []Event `json:"events"`
}

// Event is one statement.
type Event struct {
	At     time.Time `json:"at"`
	Verb   string    `json:"verb"`
	Object Activity  `json:"object"`
	Right  *bool     `json:"right,omitempty"` // of an answer, when it was judged
	Score  *float64  `json:"score,omitempty"`
}
