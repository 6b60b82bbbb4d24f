package console

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"cairn/internal/report"
)

// statement is what of a stored statement pages show. What does not fit is left out: the text itself stands beside it.
type statement struct {
	ID     string `json:"id"`
	Actor  agent  `json:"actor"`
	Verb   verb   `json:"verb"`
	Object struct {
		agent
		ID         string `json:"id"`
		Definition struct {
			Name report.Name `json:"name"`
			Type string      `json:"type"`
		} `json:"definition"`
	} `json:"object"`
	Result struct {
		Score struct {
			Scaled *float64 `json:"scaled"`
		} `json:"score"`
		Success *bool `json:"success"`
	} `json:"result"`
	Context struct {
		Registration string `json:"registration"`
		Platform     string `json:"platform"`
	} `json:"context"`
	Timestamp time.Time `json:"timestamp"`
	Stored    time.Time `json:"stored"`
}

type verb struct {
	ID      string      `json:"id"`
	Display report.Name `json:"display"`
}

// agent is an Agent or Group (xAPI 1.0.3 Data 2.4.2).
type agent struct {
	Name    string   `json:"name,omitempty"`
	Mbox    string   `json:"mbox,omitempty"`
	SHA1    string   `json:"mbox_sha1sum,omitempty"`
	OpenID  string   `json:"openid,omitempty"`
	Account *account `json:"account,omitempty"`
}

type account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

// identity names an agent as answers do, such as "mbox:mailto:ada@example.com"; "" if it has no identifier.
func (a agent) identity() string {
	switch {
	case a.Mbox != "":
		return "mbox:" + a.Mbox
	case a.SHA1 != "":
		return "sha1:" + a.SHA1
	case a.OpenID != "":
		return "openid:" + a.OpenID
	case a.Account != nil:
		return "account:" + a.Account.HomePage + " " + a.Account.Name
	}
	return ""
}

// agentOf is the agent with an identity.
func agentOf(identity string) (a agent) {
	kind, value, _ := strings.Cut(identity, ":")
	switch kind {
	case "mbox":
		a.Mbox = value
	case "sha1":
		a.SHA1 = value
	case "openid":
		a.OpenID = value
	case "account":
		home, name, _ := strings.Cut(value, " ")
		a.Account = &account{home, name}
	}
	return a
}

// json is the agent as the parameter agent of GET /statements has it, its identifier alone.
func (a agent) json() string {
	a.Name = ""
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // strings always become JSON
	}
	return string(text)
}

// line is a statement in a list.
type line struct {
	ID                       string
	At, Stored               time.Time // when it happened, and when it was stored
	Actor, Verb, Object      string
	Result, Tone             string
	ActorURL, VerbURL        string // to the statements with the same
	ObjectURL, Registration  string
	RegistrationURL, Learner string

	text []byte
}

// Raw is the statement as JSON that people can read.
func (l line) Raw() string { return indented(l.text) }

// lines reads statements; one that cannot be read shows its text.
func (v *view) lines(texts [][]byte) (out []line) {
	for _, text := range texts {
		var s statement
		l := line{text: text}
		if err := json.Unmarshal(text, &s); err == nil {
			v.describe(&l, s)
		}
		out = append(out, l)
	}
	return out
}

func (v *view) describe(l *line, s statement) {
	filter := func(name, value string) string {
		if v.path == "/statements" {
			return v.Here(name, value)
		}
		return v.Link("/statements", name, value)
	}
	l.ID, l.At, l.Stored = s.ID, s.Timestamp, s.Stored
	if l.Actor = s.Actor.Name; l.Actor == "" {
		l.Actor = identityLabel(s.Actor.identity())
	}
	if identity := s.Actor.identity(); identity != "" {
		l.ActorURL, l.Learner = filter("agent", s.Actor.json()), v.Link("/learners", "who", identity)
	}
	l.Verb, l.VerbURL = v.verbOf(s.Verb.ID), filter("verb", s.Verb.ID)
	if name := s.Verb.Display; verbs[lastPart(s.Verb.ID)] == "" && len(name) > 0 {
		l.Verb = v.named(name, s.Verb.ID)
	}
	switch l.Object = v.named(s.Object.Definition.Name, s.Object.ID); {
	case s.Object.identity() != "":
		if l.Object = s.Object.Name; l.Object == "" {
			l.Object = identityLabel(s.Object.identity())
		}
	case s.Object.ID != "":
		l.ObjectURL = filter("activity", s.Object.ID)
	}
	if l.Registration = s.Context.Registration; l.Registration != "" {
		l.RegistrationURL = filter("registration", l.Registration)
	}
	l.Result, l.Tone = v.resultOf(s)
}

// resultOf says how it went: success, unless the verb says that already, and score.
func (v *view) resultOf(s statement) (text, tone string) {
	if success := s.Result.Success; success != nil {
		text, tone = v.Text("result.failure"), "bad"
		if *success {
			text, tone = v.Text("result.success"), "good"
		}
		if last := lastPart(s.Verb.ID); last == "passed" || last == "failed" {
			text = ""
		}
	}
	if scaled := s.Result.Score.Scaled; scaled != nil {
		text = strings.TrimSpace(text + " " + v.Percent(*scaled))
	}
	return text, tone
}

func indented(text []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, text, "", "  ") != nil {
		return string(text)
	}
	return out.String()
}
