package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"cairn/internal/answer"
	"cairn/internal/auth"
)

// settable is what an operator gives a key.
type settable struct {
	Label   string    `json:"label"`
	Scopes  string    `json:"scopes"` // separated by spaces
	Expires time.Time `json:"expires,omitzero"`
	Limits  limits    `json:"limits,omitzero"`
}

type limits struct {
	RequestsPerMinute int64 `json:"requestsPerMinute,omitzero"`
	StatementsPerDay  int64 `json:"statementsPerDay,omitzero"`
}

// key is what is told of a key.
type key struct {
	ID    string `json:"id"`
	State string `json:"state"`
	settable
	Authority    json.RawMessage `json:"authority"`
	Created      time.Time       `json:"created"`
	Used         time.Time       `json:"used,omitzero"`
	Rotated      time.Time       `json:"rotated,omitzero"`
	OverlapUntil time.Time       `json:"overlapUntil,omitzero"`
	Revoked      time.Time       `json:"revoked,omitzero"`
}

func keyOf(k auth.Key) key {
	state := "active"
	switch {
	case !k.Revoked.IsZero():
		state = "revoked"
	case !k.Expires.IsZero() && !time.Now().Before(k.Expires):
		state = "expired"
	}
	return key{
		ID: k.ID, State: state, settable: settable{k.Label, k.Scopes.String(), k.Expires, limits(k.Limits)},
		Authority: k.Authority, Created: k.Created, Used: k.Used, Rotated: k.Rotated, OverlapUntil: k.OverlapUntil, Revoked: k.Revoked,
	}
}

func listKeys(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	q, err := answer.Parameters(r, "after", "limit")
	if err != nil {
		return err
	}
	limit, err := limitOf(q)
	if err != nil {
		return err
	}
	list, next, err := a.office.ListKeys(r.Context(), who, q.Get("after"), limit)
	if err != nil {
		return err
	}
	page := struct {
		Keys []key  `json:"keys"`
		More string `json:"more,omitempty"`
	}{Keys: make([]key, len(list))}
	for i, k := range list {
		page.Keys[i] = keyOf(k)
	}
	if next != "" {
		page.More = moreOf(r, q, "after", next)
	}
	return writeJSON(w, http.StatusOK, page)
}

// moreOf is the path of the page that follows: the same question from another place.
func moreOf(r *http.Request, q url.Values, parameter, place string) string {
	q.Set(parameter, place)
	return r.URL.Path + "?" + q.Encode()
}

func makeKey(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked settable
	if _, err := decode(r, &asked); err != nil {
		return err
	}
	made, err := a.office.make(r.Context(), who, asked, homePageOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/keys/"+url.PathEscape(made.ID))
	return writeJSON(w, http.StatusCreated, made)
}

// Made is a key's id and its secret, which is shown this once.
type Made struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
}

func (o *Office) make(ctx context.Context, who Operator, asked settable, homePage string) (m Made, err error) {
	scopes, err := scopesOf(asked.Scopes)
	if err != nil {
		return m, err
	}
	m.ID, m.Secret, err = o.MakeKey(ctx, who, auth.NewKey{
		Label: asked.Label, Scopes: scopes, Expires: asked.Expires, Limits: auth.Limits(asked.Limits), HomePage: homePage,
	})
	return m, err
}

// Invoked returns the function that makes a key as its event asks, in the words of the API: {"scopes": "all admin", "label": "First"}. Who
// may call it is settled before, by whoever runs it.
func (o *Office) Invoked(homePage string) func(context.Context, json.RawMessage) (Made, error) {
	return func(ctx context.Context, event json.RawMessage) (Made, error) {
		var asked settable
		if err := parse(event, &asked); err != nil {
			return Made{}, err
		}
		return o.make(ctx, Operator{By: "invocation"}, asked, homePage)
	}
}

func lookAtKey(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	k, err := a.office.LookAtKey(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, keyOf(k))
}

// changeKey changes what the body has; null takes away what need not be there.
func changeKey(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked settable
	members, err := decode(r, &asked)
	if err != nil {
		return err
	}
	c, err := changeOf(asked, members)
	if err != nil {
		return err
	}
	k, err := a.office.ChangeKey(r.Context(), who, r.PathValue("id"), c)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, keyOf(k))
}

func changeOf(asked settable, members map[string]jsontext.Value) (c auth.Change, err error) {
	for member := range members {
		switch member {
		case "label":
			c.Label = &asked.Label
		case "scopes":
			scopes, err := scopesOf(asked.Scopes)
			if err != nil {
				return c, err
			}
			c.Scopes = &scopes
		case "expires":
			c.Expires = &asked.Expires
		case "limits":
			limits := auth.Limits(asked.Limits)
			c.Limits = &limits
		}
	}
	return c, nil
}

func scopesOf(list string) (auth.Scopes, error) {
	scopes, err := auth.ParseScopes(list)
	if err != nil {
		return 0, badRequest("/scopes", err.Error())
	}
	return scopes, nil
}

func revokeKey(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	if err := a.office.RevokeKey(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// overlap is how long the secret before fits beside a new one, where nothing else is asked for.
const overlap = 24 * time.Hour

func rotateKey(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked struct {
		OverlapSeconds *int64 `json:"overlapSeconds"`
	}
	if _, err := decode(r, &asked); err != nil {
		return err
	}
	seconds := int64(overlap / time.Second)
	if asked.OverlapSeconds != nil {
		seconds = *asked.OverlapSeconds
	}
	if seconds < 0 || seconds > int64(auth.MaxOverlap/time.Second) {
		return badRequest("/overlapSeconds", "secrets overlap for 0 to 2592000 seconds, which is 30 days")
	}
	id := r.PathValue("id")
	secret, err := a.office.RotateKey(r.Context(), who, id, time.Duration(seconds)*time.Second)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, Made{id, secret})
}
