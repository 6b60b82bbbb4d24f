package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
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

// Languages are those that it is said in, English first.
func (n Name) Languages() []string {
	rank := func(tag string) int {
		if tag == "en" || strings.HasPrefix(tag, "en-") {
			return 0
		}
		return 1
	}
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// English is the name in English, or else in the first of its languages; empty when there is none.
func (n Name) English() string {
	for _, tag := range n.Languages() {
		return n[tag]
	}
	return ""
}

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
