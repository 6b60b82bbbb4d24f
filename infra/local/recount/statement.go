package recount

import "encoding/json"

// statement is what is read of a statement's JSON.
type statement struct {
	ID     string
	Actor  agent
	Verb   struct{ ID string }
	Object struct {
		ObjectType string
		activity
	}
	Result struct {
		Success    *bool
		Completion *bool
		Response   string
		Duration   string
		Score      struct{ Scaled, Raw, Min, Max *float64 }
		Extensions map[string]json.RawMessage
	}
	Context struct {
		Registration      string
		Platform          string
		Team              agent
		ContextActivities struct{ Parent, Grouping activities }
		Extensions        map[string]json.RawMessage
	}
	Timestamp string
}

type agent struct {
	ObjectType  string
	Name        string
	Mbox        string
	MboxSHA1Sum string `json:"mbox_sha1sum"`
	OpenID      string
	Account     *struct{ HomePage, Name string }
	Member      []agent
}

type activity struct {
	ID         string
	Definition struct{ Type, InteractionType string }
}

// activities are one or several: both are allowed (Data 2.4.6.2).
type activities []activity

func (a *activities) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		return json.Unmarshal(text, (*[]activity)(a))
	}
	*a = make(activities, 1)
	return json.Unmarshal(text, &(*a)[0])
}

const (
	adl    = "http://adlnet.gov/expapi/verbs/"
	cmi5   = "https://w3id.org/xapi/adl/verbs/"
	stream = "http://activitystrea.ms/schema/1.0/"
	video  = "https://w3id.org/xapi/video/extensions/"
)

// voids is the id of what the statement voids, if it voids.
func (s *statement) voids() (id string, ok bool) {
	return s.Object.ID, s.Verb.ID == adl+"voided" && s.Object.ObjectType == "StatementRef"
}

func (s *statement) aboutActivity() bool {
	return s.Object.ObjectType == "" || s.Object.ObjectType == "Activity"
}
