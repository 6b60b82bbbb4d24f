package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/documents"
	"cairn/internal/kv"
	"cairn/internal/lrs"
	"cairn/internal/xapi"
)

// refusal is an answer other than success that this package decides on itself.
type refusal struct {
	status                 int
	message, pointer, rule string
}

func (e *refusal) Error() string { return e.message }

// errorBody is what a refusal says: what is wrong, where (a JSON pointer into the body), and which rule it breaks.
type errorBody struct {
	Error   string `json:"error"`
	Pointer string `json:"pointer,omitempty"`
	Rule    string `json:"rule,omitempty"`
}

const concurrencyRule = "xAPI 1.0.3 Communication 3.1"

// statuses is the one table from errors to status codes.
var statuses = []struct {
	err     error
	status  int
	message string // instead of the error's own, which may name internals
	rule    string
}{
	{auth.ErrUnauthorized, http.StatusUnauthorized, "a key and its secret are needed, by Basic authentication", ""},
	{lrs.ErrAbsent, http.StatusNotFound, "there is no such statement", ""},
	{lrs.ErrTooLarge, http.StatusRequestEntityTooLarge, "a request holds at most 20,000 statements", parameterRule},
	{lrs.ErrBusy, http.StatusServiceUnavailable, "not stored in time; sending it again is safe", ""},
	{documents.ErrAbsent, http.StatusNotFound, "there is no such document", ""},
	{documents.ErrPreconditionFailed, http.StatusPreconditionFailed, "the document is not as the precondition says: look at its current state, and name its current ETag in If-Match", concurrencyRule},
	{documents.ErrTooLarge, http.StatusRequestEntityTooLarge, "the document is too large", ""},
	{documents.ErrConflict, http.StatusConflict, "the document exists: look at its current state, and name its current ETag in If-Match to replace it", concurrencyRule},
	{documents.ErrPreconditionRequired, http.StatusBadRequest, "a profile is put with If-None-Match: * when it is new, and with If-Match and its current ETag to replace it", concurrencyRule},
	{kv.ErrUnavailable, http.StatusServiceUnavailable, "the storage is not available; try again", ""},
	{blob.ErrUnavailable, http.StatusServiceUnavailable, "the storage is not available; try again", ""},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "not answered in time; try again", ""},
	{context.Canceled, http.StatusServiceUnavailable, "the client has gone", ""},
}

// retryAfter is how many seconds a 503 asks for.
const retryAfter = "1"

// writeError answers with the status that an error stands for. A fault of ours is logged, and says nothing of itself.
func writeError(w http.ResponseWriter, r *request, err error) {
	status, body := http.StatusInternalServerError, errorBody{Error: "internal error"}
	var (
		refused *refusal
		problem *xapi.Problem
		content *documents.Problem
		taken   *lrs.Conflict
		large   *lrs.TooLarge
	)
	switch {
	case errors.As(err, &refused):
		status, body = refused.status, errorBody{refused.message, refused.pointer, refused.rule}
	case errors.As(err, &problem):
		status, body = http.StatusBadRequest, errorBody{problem.Message, problem.Pointer, problem.Rule}
	case errors.As(err, &content):
		status, body = http.StatusBadRequest, errorBody{content.Message, content.Pointer, content.Rule}
	case errors.As(err, &taken):
		status, body = http.StatusConflict, errorBody{Error: taken.Error(), Rule: "xAPI 1.0.3 Communication 2.1.1"}
	case errors.As(err, &large):
		status, body = http.StatusRequestEntityTooLarge, errorBody{
			Error: fmt.Sprintf("statement %d of the request is larger than can be kept: 350 KB when compressed", large.Ordinal+1), Rule: parameterRule}
	default:
		for _, s := range statuses {
			if errors.Is(err, s.err) {
				status, body = s.status, errorBody{Error: s.message, Rule: s.rule}
				break
			}
		}
	}
	if status >= 500 && !errors.Is(r.Context().Err(), context.Canceled) { // else whoever asked has gone
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "status", status, "error", err.Error())
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="xAPI", charset="UTF-8"`)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	text, _ := json.Marshal(body)
	writeJSON(w, status, text)
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}
