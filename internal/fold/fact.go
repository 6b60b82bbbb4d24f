package fold

import (
	"cmp"
	"math"
	"strings"

	"github.com/go-json-experiment/json"

	"cairn/internal/xapi"
)

// Order is where a fact stands among those of its learner in its course: by timestamp, then as stored.
type Order struct {
	At     int64 // timestamp, in milliseconds, at most a day after Stored; never 0
	Stored int64 // in microseconds
	Tie    uint64
}

// Compare orders facts.
func (o Order) Compare(other Order) int {
	return cmp.Or(cmp.Compare(o.At, other.At), cmp.Compare(o.Stored, other.Stored), cmp.Compare(o.Tie, other.Tie))
}

// Fact is what one statement tells of one learner. Names are as sent; Names lists those that get numbers.
type Fact struct {
	Order
	Learner xapi.Person
	Names
	Object   string // id of the Activity that it is about
	TeamName string // what the statement calls the team
	Modality Modality
	Counts   bool // the statement itself; with the other members of a Group it does not count again
	// OnCourse and OnModule: the object is the course, the module. Elsewhere it is a part of the module.
	OnCourse, OnModule bool
	Acts               Act
	Score              int32 // hundredths of a per cent; NoScore for none
	Duration           int64 // milliseconds
	Answer             *Answer
	Watched            *Watched
}

// Names of a fact, by their kinds. Course is empty when the statement is about no Activity: then nobody learnt anything, and it is only counted.
type Names struct{ Course, Module, Question, Verb, Platform, Team string }

// Numbers stand for Names.
type Numbers struct{ Course, Module, Question, Verb, Platform, Team Number }

// MaxIdentity is how many bytes may identify somebody, or name him, for his progress to have room for it: with more he is not counted.
const MaxIdentity = 1000

// maxAhead is how far a timestamp may lie after stored, in milliseconds. A device that takes its own time for UTC is 14 hours ahead at most.
const maxAhead = day

// NoScore says that there is none.
const NoScore int32 = -1

// Answer is an answer to a question.
type Answer struct {
	Judged, Right bool
	Response      string // empty when it is not to be listed: too long, or free text, which may hold anything
}

// Watched is what a video player tells.
type Watched struct {
	Session  string
	Length   int32      // seconds; 0 when it was not told
	Told     bool       // Segments were told
	Segments [][2]int32 // played in this session so far, in milliseconds
}

// Facts are what a statement tells; of a voiding one, nothing. Stored is in microseconds.
func Facts(s *xapi.Statement, stored int64, tie uint64, rules []Rule) []Fact {
	if _, voids := s.Voids(); voids {
		return nil
	}
	o := s.Outline()
	f := Fact{
		Order: Order{At: cmp.Or(min(o.Timestamp.UnixMilli(), stored/1000+maxAhead), 1), Stored: stored, Tie: tie}, // 0 says "never" in a state
		Names: Names{Verb: o.Verb, Platform: o.Platform, Team: o.Team.Identity}, TeamName: o.Team.Name, Counts: true, Score: NoScore,
	}
	if o.Object.ID != "" {
		f.Object = o.Object.ID
		f.place(&o)
		f.tell(s, &o)
		f.Modality = modalityOf(rules, o.Platform, o.Verb, typesOf(&o))
	} else {
		f.Modality = modalityOf(rules, o.Platform, o.Verb, nil)
	}
	facts := make([]Fact, 0, len(o.Actors))
	told := map[string]bool{} // a Group may name somebody twice
	for _, who := range o.Actors {
		if who.Identity != "" && len(who.Identity) <= MaxIdentity && !told[who.Identity] {
			told[who.Identity] = true
			f.Learner = xapi.Person{Identity: who.Identity, Name: strings.ToValidUTF8(who.Name[:min(len(who.Name), MaxIdentity)], "")} // no part of a character
			facts = append(facts, f)
			f.Counts = false
		}
	}
	return facts
}

func typesOf(o *xapi.Outline) []string {
	types := []string{o.Object.Type}
	for _, p := range o.Parent {
		types = append(types, p.Type)
	}
	return types
}

// place finds course and module.
func (f *Fact) place(o *xapi.Outline) {
	f.Course = courseOf(o)
	if isQuestion(o.Object) {
		f.Question, f.Module = o.Object.ID, moduleOf(o, "")
		return
	}
	f.OnCourse = o.Object.ID == f.Course
	if !f.OnCourse {
		f.Module = moduleOf(o, f.Course)
	}
	if f.Module == "" && !isCourse(o.Object.Type) {
		f.Module = o.Object.ID
	}
	f.OnModule = o.Object.ID == f.Module
}

// moduleOf is the first parent that is not the course.
func moduleOf(o *xapi.Outline, course string) string {
	for _, p := range o.Parent {
		if p.ID != course {
			return p.ID
		}
	}
	return ""
}

func courseOf(o *xapi.Outline) string {
	if isCourse(o.Object.Type) {
		return o.Object.ID
	}
	for _, list := range [][]xapi.ActivityRef{o.Grouping, o.Parent} {
		for _, a := range list {
			if isCourse(a.Type) {
				return a.ID
			}
		}
	}
	for _, list := range [][]xapi.ActivityRef{o.Grouping, o.Parent} {
		if len(list) > 0 {
			return list[0].ID
		}
	}
	return o.Object.ID
}

func isQuestion(a xapi.ActivityRef) bool {
	return a.InteractionType != "" || a.Type == "http://adlnet.gov/expapi/activities/cmi.interaction"
}

// tell reads what the statement says of the attempt.
func (f *Fact) tell(s *xapi.Statement, o *xapi.Outline) {
	r := &o.Result
	if r.HasDuration {
		f.Duration = min(r.Duration.Milliseconds(), day)
	}
	switch {
	case f.Question != "":
		if o.Verb == answered || r.Response != "" || r.Success != xapi.Unsaid {
			f.Answer = &Answer{Judged: r.Success != xapi.Unsaid, Right: r.Success == xapi.Yes, Response: listed(o)}
		}
	case f.OnCourse || f.OnModule:
		f.Acts, f.Score = actsOf(o), Score(r)
		f.Watched = watched(s, o)
	case acts[o.Verb]&Attend != 0: // a date of a class
		f.Acts = Complete
	}
}

// listed is an answer as it may be shown among others.
func listed(o *xapi.Outline) string {
	switch o.Object.InteractionType {
	case "fill-in", "long-fill-in", "performance", "other", "": // of a performance each step may be a text (Data Appendix C)
		return ""
	}
	if len(o.Result.Response) > maxResponse {
		return ""
	}
	return o.Result.Response
}

// Score is a result's score in hundredths of a per cent, or NoScore.
func Score(r *xapi.Result) int32 {
	share := 0.0
	switch {
	case r.HasScaled:
		share = r.Scaled
	case r.HasRaw && r.HasMax && r.Max > r.Min:
		share = (r.Raw - r.Min) / (r.Max - r.Min)
		if math.IsInf(r.Max-r.Min, 0) { // the bounds are as far apart as float64 goes: their halves are not
			share = (r.Raw/2 - r.Min/2) / (r.Max/2 - r.Min/2)
		}
	default:
		return NoScore
	}
	return int32(math.Round(min(max(share, 0), 1) * 10_000))
}

// number reads an extension that should be a number.
func number(raw []byte) (float64, bool) {
	var n float64
	if len(raw) == 0 || json.Unmarshal(raw, &n) != nil {
		return 0, false
	}
	return n, true
}

// text reads an extension that should be a string.
func text(raw []byte) string {
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
