package fold

import (
	"strings"

	"cairn/internal/xapi"
)

// Act is what a statement means for the attempt at an activity.
type Act byte

// The acts; a statement may be several.
const (
	Begin Act = 1 << iota
	Complete
	Pass
	Fail
	End
	Judge // the verb itself says passed or failed
	Attend
)

// Acts of the verbs in use: ADL's, cmi5's, the video profile's, and those of Activity Streams that came before them.
var acts = map[string]Act{
	"http://adlnet.gov/expapi/verbs/attempted":    Begin,
	"http://adlnet.gov/expapi/verbs/initialized":  Begin,
	"http://adlnet.gov/expapi/verbs/launched":     Begin,
	"http://activitystrea.ms/schema/1.0/start":    Begin,
	"http://adlnet.gov/expapi/verbs/completed":    Complete,
	"http://activitystrea.ms/schema/1.0/complete": Complete,
	"https://w3id.org/xapi/adl/verbs/satisfied":   Complete,
	"https://w3id.org/xapi/adl/verbs/waived":      Complete,
	"http://adlnet.gov/expapi/verbs/attended":     Complete | Attend,
	"http://activitystrea.ms/schema/1.0/attend":   Complete | Attend,
	"http://adlnet.gov/expapi/verbs/passed":       Pass | Judge,
	"http://adlnet.gov/expapi/verbs/mastered":     Pass | Judge,
	"http://adlnet.gov/expapi/verbs/failed":       Fail | Judge,
	"http://adlnet.gov/expapi/verbs/terminated":   End,
	"http://adlnet.gov/expapi/verbs/exited":       End,
	"https://w3id.org/xapi/adl/verbs/abandoned":   End,
}

const answered = "http://adlnet.gov/expapi/verbs/answered"

// actsOf are those of a statement about a course or a module itself.
func actsOf(o *xapi.Outline) Act {
	a := acts[o.Verb]
	if o.Result.Completion == xapi.Yes {
		a |= Complete
	}
	if a&Judge == 0 {
		switch o.Result.Success {
		case xapi.Yes:
			a |= Pass
		case xapi.No:
			a |= Fail
		}
	}
	return a
}

// isCourse says whether an activity type is one of courses.
func isCourse(kind string) bool { return strings.HasSuffix(strings.TrimSuffix(kind, "/"), "/course") }
