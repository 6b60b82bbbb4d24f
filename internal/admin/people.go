package admin

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"cairn/internal/answer"
	"cairn/internal/fold"
	"cairn/internal/roster"
)

// holds is what is told with what the fold goes by.
const holds = "for what is counted from now on, and for everything after POST /admin/rebuild"

type person struct {
	Identities []string `json:"identities"`
	Holds      string   `json:"holds"`
}

func putPerson(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked struct {
		Identities []jsontext.Value `json:"identities"`
	}
	if _, err := decode(r, &asked); err != nil {
		return err
	}
	identities, err := identitiesOf("/identities", asked.Identities)
	if err != nil {
		return err
	}
	if identities, err = a.office.PutPerson(r.Context(), who, identities); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, person{identities, holds})
}

func lookAtPerson(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	identity, err := identityAsked(r)
	if err != nil {
		return err
	}
	identities, err := a.office.LookAtPerson(r.Context(), who, identity)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, person{identities, holds})
}

func partPerson(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	identity, err := identityAsked(r)
	if err != nil {
		return err
	}
	if err := a.office.PartPerson(r.Context(), who, identity); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// identityAsked is the parameter identity: a text, or an Agent as JSON.
func identityAsked(r *http.Request) (string, error) {
	q, err := answer.Parameters(r, "identity")
	if err != nil {
		return "", err
	}
	text := q.Get("identity")
	read := func() (string, error) { return roster.ParseText(text) }
	if strings.HasPrefix(text, "{") {
		read = func() (string, error) { return roster.ParseIdentity([]byte(text)) }
	}
	identity, err := read()
	var bad *roster.Refused
	if errors.As(err, &bad) {
		return "", answer.BadRequest("the parameter identity: " + bad.Message)
	}
	return identity, err
}

type modalities struct {
	Modalities []fold.Rule `json:"modalities"`
	Holds      string      `json:"holds"`
}

func lookAtModalities(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	rules, err := a.office.Modalities(r.Context(), who)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, modalities{rules, holds})
}

func putModalities(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked struct {
		Modalities []struct {
			Platform string `json:"platform"`
			Type     string `json:"type"`
			Modality string `json:"modality"`
		} `json:"modalities"`
	}
	if _, err := decode(r, &asked); err != nil {
		return err
	}
	if asked.Modalities == nil {
		return badRequest("/modalities", "the rules are a list, which may be empty")
	}
	rules := make([]fold.Rule, len(asked.Modalities))
	for i, rule := range asked.Modalities {
		rules[i] = fold.Rule{Platform: rule.Platform, Type: rule.Type}
		if err := rules[i].Modality.UnmarshalText([]byte(rule.Modality)); err != nil {
			return badRequest(fmt.Sprintf("/modalities/%d/modality", i), err.Error())
		}
	}
	if err := a.office.PutModalities(r.Context(), who, rules); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, modalities{rules, holds})
}
