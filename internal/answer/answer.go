// Package answer says in HTTP what went wrong: the one table from errors to status codes. Whoever answers requests answers with it,
// so that the same fault has the same status, and the same words, wherever it shows.
package answer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/lrs"
	"cairn/internal/report"
	"cairn/internal/roster"
	"cairn/internal/xapi"
)

// Refusal is an answer other than success that whoever answers decides on: what is wrong, where (a JSON pointer into the body), and
// which rule it breaks.
type Refusal struct {
	Status  int    `json:"-"`
	Message string `json:"error"`
	Pointer string `json:"pointer,omitempty"`
	Rule    string `json:"rule,omitempty"`
}

func (e *Refusal) Error() string { return e.Message }

// Forbidden refuses what a key's scopes do not allow.
var Forbidden = &Refusal{Status: http.StatusForbidden, Message: "this key may not do that"}

// ParameterRule is the section about what a request may ask for.
const ParameterRule = "xAPI 1.0.3 Communication 3.2"

const concurrencyRule = "xAPI 1.0.3 Communication 3.1"

// statuses is the one table from errors to status codes.
var statuses = []struct {
	err     error
	status  int
	message string // instead of the error's own, which may name internals
	rule    string
}{
	{auth.ErrUnauthorized, http.StatusUnauthorized, "a key and its secret are needed, or a token that is good", ""},
	{auth.ErrUnavailable, http.StatusServiceUnavailable, "the issuer of the token is not available; try again", ""},
	{auth.ErrRevoked, http.StatusConflict, "the key is revoked, which is for good", ""},
	{auth.ErrNoKey, http.StatusNotFound, "there is no such key", ""},
	{lrs.ErrAbsent, http.StatusNotFound, "there is no such statement", ""},
	{lrs.ErrTooLarge, http.StatusRequestEntityTooLarge, "a request holds at most 20,000 statements", ParameterRule},
	{lrs.ErrBusy, http.StatusServiceUnavailable, "not stored in time; sending it again is safe", ""},
	{documents.ErrAbsent, http.StatusNotFound, "there is no such document", ""},
	{documents.ErrPreconditionFailed, http.StatusPreconditionFailed, "the document is not as the precondition says: look at its current state, and name its current ETag in If-Match", concurrencyRule},
	{documents.ErrTooLarge, http.StatusRequestEntityTooLarge, "the document is too large", ""},
	{documents.ErrConflict, http.StatusConflict, "the document exists: look at its current state, and name its current ETag in If-Match to replace it", concurrencyRule},
	{documents.ErrPreconditionRequired, http.StatusBadRequest, "a profile is put with If-None-Match: * when it is new, and with If-Match and its current ETag to replace it", concurrencyRule},
	{report.ErrUnknown, http.StatusNotFound, "there is no such activity or learner", ""},
	{roster.ErrNoGroup, http.StatusNotFound, "there is no such group", ""},
	{kv.ErrUnavailable, http.StatusServiceUnavailable, "the storage is not available; try again", ""},
	{blob.ErrUnavailable, http.StatusServiceUnavailable, "the storage is not available; try again", ""},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "not answered in time; try again", ""},
	{context.Canceled, http.StatusServiceUnavailable, "the client has gone", ""},
}

// retryAfter is how many seconds a 503 asks for.
const retryAfter = "1"

// Error answers with the status that an error stands for. A fault of ours is logged, and says nothing of itself.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	refusal := refusalOf(err)
	if refusal.Status >= 500 && !errors.Is(r.Context().Err(), context.Canceled) { // else whoever asked has gone
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "status", refusal.Status, "error", err.Error())
	}
	var (
		limited      *auth.Limited
		unauthorized *auth.Unauthorized
	)
	switch {
	case errors.As(err, &unauthorized):
		w.Header()["Www-Authenticate"] = unauthorized.Challenges
	case errors.As(err, &limited) && limited.RetryAfter > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(limited.RetryAfter.Seconds()))))
	case refusal.Status == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	text, _ := json.Marshal(refusal) // strings always become JSON
	JSON(w, refusal.Status, text)
}

// refusalOf is what to say of an error.
func refusalOf(err error) *Refusal {
	var (
		refused *Refusal
		problem *xapi.Problem
		content *documents.Problem
		taken   *lrs.Conflict
		large   *lrs.TooLarge
		invalid *auth.Invalid
		unkept  *roster.Refused
		limited *auth.Limited
	)
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &problem):
		return &Refusal{http.StatusBadRequest, problem.Message, problem.Pointer, problem.Rule}
	case errors.As(err, &content):
		return &Refusal{http.StatusBadRequest, content.Message, content.Pointer, content.Rule}
	case errors.As(err, &taken):
		return &Refusal{Status: http.StatusConflict, Message: taken.Error(), Rule: "xAPI 1.0.3 Communication 2.1.1"}
	case errors.As(err, &large):
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Rule: ParameterRule,
			Message: fmt.Sprintf("statement %d of the request is larger than can be kept: 350 KB when compressed", large.Ordinal+1)}
	case errors.As(err, &invalid):
		return &Refusal{Status: http.StatusBadRequest, Pointer: "/" + invalid.Member, Message: invalid.Message}
	case errors.As(err, &unkept):
		return &Refusal{Status: http.StatusBadRequest, Pointer: unkept.Pointer, Message: unkept.Message}
	case errors.As(err, &limited) && limited.RetryAfter == 0:
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Message: limited.Error()}
	case errors.As(err, &limited):
		return &Refusal{Status: http.StatusTooManyRequests, Message: limited.Error()}
	}
	if errors.Is(err, report.ErrFilter) {
		_, words, _ := strings.Cut(err.Error(), report.ErrFilter.Error()+": ")
		return BadRequest(cmp.Or(words, "it cannot be asked like that"))
	}
	for _, s := range statuses {
		if errors.Is(err, s.err) {
			return &Refusal{Status: s.status, Message: s.message, Rule: s.rule}
		}
	}
	return &Refusal{Status: http.StatusInternalServerError, Message: "internal error"}
}

// JSON answers with a body of JSON.
func JSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}
