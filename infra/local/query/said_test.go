package query

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// said is what the tests read of a statement's JSON, without the code that makes tables of it.
type said struct {
	ID        string
	Actor     agent
	Verb      struct{ ID string }
	Object    object
	Timestamp time.Time
	Authority agent
	Result    struct {
		Success    *bool
		Completion *bool
		Response   string
		Duration   string
		Score      struct {
			Scaled, Raw, Max *float64
			Min              float64
		}
		Extensions map[string]json.RawMessage
	}
	Context struct {
		Registration      string
		Platform          string
		Extensions        map[string]json.RawMessage
		ContextActivities struct{ Parent, Grouping, Category objects }
	}

	stored   time.Time
	voided   bool
	position string
}

type agent struct {
	ObjectType, Name, Mbox, OpenID string
	SHA1                           string `json:"mbox_sha1sum"`
	Account                        *struct{ HomePage, Name string }
	Member                         []agent
}

type object struct {
	ObjectType, ID string
	Definition     struct {
		Type, InteractionType string
		Name                  map[string]string
	}
}

// objects are one or several.
type objects []object

func (o *objects) UnmarshalJSON(text []byte) error {
	if text[0] == '{' {
		text = slices.Concat([]byte{'['}, text, []byte{']'})
	}
	return json.Unmarshal(text, (*[]object)(o))
}

// said reads all statements of the log.
func (w *world) said(t *testing.T) []*said {
	t.Helper()
	var all []*said
	voided := map[string]bool{}
	for _, stored := range w.log {
		s := &said{stored: time.UnixMicro(stored.Stored).UTC(), position: string(stored.Position[:])}
		must(t, json.Unmarshal(stored.Text, s))
		s.Timestamp = s.Timestamp.UTC()
		all = append(all, s)
		if s.voids() {
			voided[s.Object.ID] = true
		}
	}
	for _, s := range all {
		s.voided = voided[s.ID] && !s.voids()
	}
	return all
}

func (s *said) voids() bool { return strings.HasSuffix(s.Verb.ID, "/voided") }

func (s *said) day() string { return s.Timestamp.Format(time.DateOnly) }

func (s *said) question() bool {
	return s.Object.Definition.InteractionType != "" || strings.HasSuffix(s.Object.Definition.Type, "cmi.interaction")
}

// course is its id; empty where the statement is about no Activity.
func (s *said) course() string {
	if s.Object.ObjectType != "" && s.Object.ObjectType != "Activity" {
		return ""
	}
	named := slices.Concat(objects{s.Object}, s.Context.ContextActivities.Grouping, s.Context.ContextActivities.Parent)
	for _, o := range named {
		if strings.HasSuffix(o.Definition.Type, "/course") {
			return o.ID
		}
	}
	return slices.Concat(named[1:], named)[0].ID
}

// module is its id; empty for the course itself, and for a question outside of any.
func (s *said) module() string {
	course, parents, module := s.course(), s.Context.ContextActivities.Parent, ""
	for _, p := range slices.Backward(parents) {
		if p.ID != course || s.question() {
			module = p.ID
		}
	}
	typed := strings.HasSuffix(s.Object.Definition.Type, "/course")
	switch {
	case course == "" || s.question():
	case s.Object.ID == course && typed:
		return ""
	case s.Object.ID == course || module == "":
		return s.Object.ID
	}
	return module
}

// score is what is scored, from 0 to 1.
func (s *said) score() *float64 {
	r := s.Result.Score
	if r.Scaled == nil && (r.Raw == nil || r.Max == nil) {
		return nil
	}
	var score float64
	if r.Scaled != nil {
		score = *r.Scaled
	} else {
		score = (*r.Raw - r.Min) / (*r.Max - r.Min)
	}
	score = math.Round(score*10_000) / 10_000
	return &score
}

// identity tells an agent from all others.
func (a *agent) identity() string {
	switch {
	case a.Mbox != "":
		name, domain, _ := strings.Cut(a.Mbox, "@")
		return "mbox:" + name + "@" + strings.ToLower(domain)
	case a.SHA1 != "":
		return "sha1:" + strings.ToLower(a.SHA1)
	case a.OpenID != "":
		return "openid:" + a.OpenID
	case a.Account != nil:
		return "account:" + a.Account.HomePage + " " + a.Account.Name
	}
	return ""
}

// learners are the identities of those who learnt.
func (s *said) learners() (all []string) {
	actors := []agent{s.Actor}
	if s.Actor.ObjectType == "Group" {
		actors = s.Actor.Member
	}
	for _, a := range actors {
		if id := a.identity(); id != "" && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// key is by which an export knows an identity.
func (w *world) key(identity string) any {
	if identity == "" {
		return nil
	}
	mac := hmac.New(sha256.New, w.Ledger.Secret())
	mac.Write([]byte("actor key " + identity))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
