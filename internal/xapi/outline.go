package xapi

import (
	"strconv"
	"time"
)

// Outline is what reports and exports ask of a statement: the parts that people count by, as plain values.
type Outline struct {
	Actors       []Person // the actor; of a Group, its members
	Verb         string
	Object       ActivityRef // its ID is empty when the object is no Activity
	Parent       []ActivityRef
	Grouping     []ActivityRef
	Category     []ActivityRef
	Registration string // in lower case
	Platform     string
	Language     string
	Team         Person // context.team
	Result       Result
	Timestamp    time.Time
}

// Person is an Agent, by what identifies it and what it is called.
type Person struct{ Identity, Name string }

// ActivityRef names an Activity, with what its definition says of its kind.
type ActivityRef struct{ ID, Type, InteractionType string }

// Result is a statement's result (xAPI 1.0.3 Data 2.4.5).
type Result struct {
	Success, Completion   Truth
	Response              string
	Scaled, Raw, Min, Max float64
	HasScaled, HasRaw     bool
	HasMin, HasMax        bool
	Duration              time.Duration // a year is 365 days, a month 30
	HasDuration           bool
}

// Truth is a boolean that may be missing.
type Truth byte

// The values of a Truth.
const (
	Unsaid Truth = iota
	No
	Yes
)

// Outline reads the statement's outline.
func (s *Statement) Outline() Outline {
	t, context := s.t, s.t.get(s.root, "context")
	o := Outline{
		Verb:         string(t.text(t.get(t.get(s.root, "verb"), "id"))),
		Registration: string(appendLower(nil, t.text(t.get(context, "registration")))),
		Platform:     string(t.text(t.get(context, "platform"))),
		Language:     string(t.text(t.get(context, "language"))),
		Team:         t.person(t.get(context, "team")),
		Result:       t.result(t.get(s.root, "result")),
		Actors:       t.people(t.get(s.root, "actor")),
	}
	if object := t.get(s.root, "object"); t.isActivity(object) {
		o.Object = t.activityRef(object)
	}
	activities := t.get(context, "contextActivities")
	o.Parent = t.activityRefs(t.get(activities, "parent"))
	o.Grouping = t.activityRefs(t.get(activities, "grouping"))
	o.Category = t.activityRefs(t.get(activities, "category"))
	o.Timestamp, _ = s.Timestamp()
	return o
}

// ContextExtension is the JSON of a context's extension, nil when there is none of that name.
func (s *Statement) ContextExtension(name string) []byte { return s.extension("context", name) }

// ResultExtension is the JSON of a result's extension, nil when there is none of that name.
func (s *Statement) ResultExtension(name string) []byte { return s.extension("result", name) }

func (s *Statement) extension(of, name string) []byte {
	return s.t.raw(s.t.get(s.t.get(s.t.get(s.root, of), "extensions"), name))
}

func (t *tree) people(n int32) []Person {
	if !t.is(n, "objectType", "Group") {
		return []Person{t.person(n)}
	}
	var all []Person
	for m := t.first(t.get(n, "member")); m != 0; m = t.next(m) {
		all = append(all, t.person(m))
	}
	return all
}

func (t *tree) person(n int32) Person {
	return Person{Identity: string(t.appendIdentity(nil, n)), Name: string(t.text(t.get(n, "name")))}
}

func (t *tree) activityRef(n int32) ActivityRef {
	definition := t.get(n, "definition")
	return ActivityRef{
		ID:              string(t.text(t.get(n, "id"))),
		Type:            string(t.text(t.get(definition, "type"))),
		InteractionType: string(t.text(t.get(definition, "interactionType"))),
	}
}

// activityRefs reads one Activity or an array of them.
func (t *tree) activityRefs(n int32) (all []ActivityRef) {
	if t.kind(n) == '{' {
		return []ActivityRef{t.activityRef(n)}
	}
	for m := t.first(n); m != 0; m = t.next(m) {
		all = append(all, t.activityRef(m))
	}
	return all
}

func (t *tree) result(n int32) (r Result) {
	r.Success, r.Completion = t.truth(t.get(n, "success")), t.truth(t.get(n, "completion"))
	r.Response = string(t.text(t.get(n, "response")))
	r.Duration, r.HasDuration = duration(t.text(t.get(n, "duration")))
	score := t.get(n, "score")
	r.Scaled, r.HasScaled = t.number(t.get(score, "scaled"))
	r.Raw, r.HasRaw = t.number(t.get(score, "raw"))
	r.Min, r.HasMin = t.number(t.get(score, "min"))
	r.Max, r.HasMax = t.number(t.get(score, "max"))
	return r
}

func (t *tree) truth(n int32) Truth {
	switch t.kind(n) {
	case 't':
		return Yes
	case 'f':
		return No
	}
	return Unsaid
}

func (t *tree) number(n int32) (float64, bool) {
	if t.kind(n) != '0' {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(t.raw(n)), 64)
	return f, err == nil
}
