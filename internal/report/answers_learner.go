package report

import "time"

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
