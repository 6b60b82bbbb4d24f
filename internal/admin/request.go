package admin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"cairn/internal/answer"
)

const maxBody = 64 << 10

func badRequest(pointer, message string) *answer.Refusal {
	return &answer.Refusal{Status: http.StatusBadRequest, Pointer: pointer, Message: message}
}

// bodyOf reads a body, which is of one of some kinds. The Content-Type is insisted upon: a form on a foreign page can send none of these with a
// browser's remembered password.
func bodyOf(r *http.Request, most int64, kinds ...string) (body []byte, kind string, err error) {
	body, err = io.ReadAll(http.MaxBytesReader(nil, r.Body, most))
	if err != nil {
		return nil, "", &answer.Refusal{Status: http.StatusRequestEntityTooLarge, Message: "the request body is too large, or ended early"}
	}
	kind, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if !slices.Contains(kinds, kind) {
		return nil, "", &answer.Refusal{Status: http.StatusUnsupportedMediaType, Message: "the Content-Type must be " + strings.Join(kinds, " or ")}
	}
	return body, kind, nil
}

// decode reads a body of JSON strictly, and returns which members it has. An empty body is {}.
func decode(r *http.Request, into any) (members map[string]jsontext.Value, err error) {
	body, _, err := bodyOf(r, maxBody, "application/json")
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	if err := parse(body, into); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return nil, badRequest("", "the body must be an object")
	}
	return members, nil
}

// parse reads JSON strictly; the error is a refusal.
func parse(text []byte, into any) error {
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		return problemOf(err)
	}
	return nil
}

// problemOf says what is wrong with a body, in words of ours.
func problemOf(err error) *answer.Refusal {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return badRequest(string(syntax.JSONPointer), "this is not valid JSON")
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &meaning):
		return badRequest(string(meaning.JSONPointer), "there is no such member")
	case errors.As(err, &meaning):
		return badRequest(string(meaning.JSONPointer), "this value is not of the kind that stands here")
	}
	return badRequest("", "the body cannot be read")
}

// limitOf is how many rows a page is to have.
func limitOf(q url.Values) (int, error) {
	const otherwise, most = 100, 1000
	if !q.Has("limit") {
		return otherwise, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > most {
		return 0, badRequest("", fmt.Sprintf("the parameter limit is not a whole number from 1 to %d", most))
	}
	return n, nil
}

// timeOf reads a parameter that is a time.
func timeOf(q url.Values, name string, otherwise time.Time) (time.Time, error) {
	if !q.Has(name) {
		return otherwise, nil
	}
	t, err := time.Parse(time.RFC3339Nano, q.Get(name))
	if err != nil {
		return t, badRequest("", "the parameter "+name+" is not a timestamp of RFC 3339")
	}
	return t, nil
}

// addressOf is where a request comes from.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// homePageOf is the address of the LRS, as whoever asks knows it: the home page of the accounts of keys that he makes.
func homePageOf(r *http.Request) string {
	scheme := "https"
	if r.TLS == nil && r.Header.Get("X-Forwarded-Proto") != "https" {
		scheme = "http"
	}
	return scheme + "://" + r.Host + "/xapi"
}
