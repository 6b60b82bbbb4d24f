package roster

import (
	"encoding/json"
	"errors"
	"strings"

	"cairn/internal/fold"
	"cairn/internal/xapi"
)

// ParseIdentity reads what identifies a learner, as JSON: an Agent as statements have it, or a string such as "mbox:mailto:ada@example.com",
// which is what reports tell. What it returns is the same for all that name the same Agent. The error is a *Refused.
func ParseIdentity(raw []byte) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return ParseText(text)
	}
	var o struct{ ObjectType string }
	if json.Unmarshal(raw, &o) == nil && o.ObjectType == "Group" {
		return "", refused("/objectType", "a Group is no learner: its members are")
	}
	return identityOf(raw)
}

// ParseText reads an identity from a text alone.
func ParseText(text string) (string, error) {
	kind, value, _ := strings.Cut(text, ":")
	var agent any
	switch kind {
	case "mbox":
		agent = map[string]string{"mbox": value}
	case "sha1":
		agent = map[string]string{"mbox_sha1sum": value}
	case "openid":
		agent = map[string]string{"openid": value}
	case "account":
		home, name, _ := strings.Cut(value, " ")
		agent = map[string]any{"account": map[string]string{"homePage": home, "name": name}}
	default:
		return "", refused("", "an identity is an Agent, or begins with mbox:mailto:, sha1:, openid: or account:, which has a home page, a space and a name behind it")
	}
	raw, err := json.Marshal(agent)
	if err != nil {
		return "", err
	}
	identity, err := identityOf(raw)
	var bad *Refused
	if errors.As(err, &bad) {
		bad.Pointer = "" // which was into the Agent that we made
	}
	return identity, err
}

func identityOf(agent []byte) (string, error) {
	id, err := xapi.ParseAgent(agent, xapi.V2)
	var problem *xapi.Problem
	switch {
	case errors.As(err, &problem):
		return "", refused(problem.Pointer, "%s (%s)", problem.Message, problem.Rule)
	case err != nil:
		return "", err
	case len(id.Identity()) > fold.MaxIdentity:
		return "", refused("", "what identifies a learner has at most %d bytes: a longer one is not counted", fold.MaxIdentity)
	}
	return id.Identity(), nil
}
