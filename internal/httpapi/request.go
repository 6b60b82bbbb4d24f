package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// request is an http.Request with what xAPI reads off it.
type request struct {
	*http.Request
	query     url.Values
	version   xapi.Version
	principal auth.Principal
	alternate bool // it came in the alternate request syntax
	limit     int64
}

func (r *request) readQuery() (err error) {
	if r.query, err = parseQuery(r.URL.RawQuery); err != nil {
		return parameterProblem("", "the query string cannot be decoded")
	}
	return nil
}

const believed = 256 << 10

// parseQuery reads a query or a form. A semicolon is a character like others, which the standard library refuses.
func parseQuery(s string) (url.Values, error) {
	return url.ParseQuery(strings.ReplaceAll(s, ";", "%3B"))
}

// body reads the whole body, up to the limit.
func (r *request) body() ([]byte, error) {
	// What a client says of its length is believed up to a point: it may send nothing.
	b := bytes.NewBuffer(make([]byte, 0, min(max(r.ContentLength, 0), believed)+bytes.MinRead))
	_, err := b.ReadFrom(http.MaxBytesReader(nil, r.Body, r.limit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &answer.Refusal{Status: http.StatusRequestEntityTooLarge, Message: "the request body is too large"}
	case err != nil:
		return nil, &answer.Refusal{Status: http.StatusBadRequest, Message: "the request body ended early"}
	}
	return b.Bytes(), nil
}

func (r *request) setBody(b []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
}

func parameterProblem(name, message string) *answer.Refusal {
	if name != "" {
		message = "the parameter " + name + " " + message
	}
	return &answer.Refusal{Status: http.StatusBadRequest, Rule: answer.ParameterRule, Message: message}
}

// only refuses parameters of other names, and any that is given twice.
func (r *request) only(names ...string) error {
	for name, values := range r.query {
		if !slices.Contains(names, name) {
			return parameterProblem("", "this resource has no parameter of that name: "+excerpt(name))
		}
		if len(values) > 1 {
			return parameterProblem(name, "is given more than once")
		}
	}
	return nil
}

// excerpt is what an error may quote of what was sent: enough to find it by.
func excerpt(s string) string {
	const most = 40
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (r *request) has(name string) bool { return r.query.Has(name) }

// required returns a parameter that must be there.
func (r *request) required(name string) (string, error) {
	if v := r.query.Get(name); v != "" {
		return v, nil
	}
	return "", parameterProblem(name, "is missing")
}

func (r *request) iri(name string) (string, error) {
	v := r.query.Get(name)
	if !r.has(name) {
		return "", nil
	}
	if err := xapi.ParseIRI(v); err != nil {
		return "", parameterProblem(name, "is not an absolute IRI")
	}
	return v, nil
}

func (r *request) uuid(name string) (uuid.UUID, error) {
	if !r.has(name) {
		return uuid.Nil, nil
	}
	id, err := xapi.ParseUUID(r.query.Get(name))
	if err != nil || id == uuid.Nil {
		return uuid.Nil, parameterProblem(name, "is not a UUID")
	}
	return id, nil
}

func (r *request) time(name string) (time.Time, error) {
	if !r.has(name) {
		return time.Time{}, nil
	}
	// A plus sign that was not encoded arrives as a space; no timestamp has one elsewhere.
	t, err := xapi.ParseTimestamp(strings.ReplaceAll(r.query.Get(name), " ", "+"))
	if err != nil {
		return t, parameterProblem(name, "is not a timestamp of RFC 3339")
	}
	return t, nil
}

func (r *request) bool(name string) (bool, error) {
	switch v := r.query.Get(name); {
	case !r.has(name) || v == "false":
		return false, nil
	case v == "true":
		return true, nil
	}
	return false, parameterProblem(name, "is neither true nor false")
}

// agent returns the agent that a parameter names; nil when it is not given.
func (r *request) agent(name string) (*xapi.AgentID, error) {
	if !r.has(name) {
		return nil, nil
	}
	id, err := xapi.ParseAgent([]byte(r.query.Get(name)), r.version)
	if err != nil {
		var p *xapi.Problem
		if errors.As(err, &p) {
			return nil, &answer.Refusal{Status: http.StatusBadRequest, Rule: p.Rule, Pointer: p.Pointer,
				Message: "the parameter " + name + ": " + p.Message}
		}
		return nil, parameterProblem(name, "is not an agent")
	}
	return &id, nil
}

func formatInstant(i ledger.Instant) string { return i.Time().Format(xapi.StoredLayout) }
