package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"cairn/internal/auth"
	"cairn/internal/report"
)

// Errors of the console's own.
var (
	errNowhere   = errors.New("console: there is no such page")
	errForbidden = errors.New("console: the viewer may not do that")
)

// failure is what the error page shows.
type failure struct {
	Status       int
	Told, Detail string
}

func nowhere(*console, *view, *http.Request) error { return errNowhere }

// failureOf is what to say of an error.
func (v *view) failureOf(err error) failure {
	var (
		refused *Refused
		invalid *auth.Invalid
	)
	switch {
	case errors.As(err, &refused):
		return failure{http.StatusBadRequest, v.Text("error.refused"), refused.Message}
	case errors.As(err, &invalid):
		return failure{http.StatusBadRequest, v.Text("error.refused"), invalid.Message}
	case errors.Is(err, report.ErrFilter):
		return failure{http.StatusBadRequest, v.Text("error.refused"), strings.TrimPrefix(err.Error(), report.ErrFilter.Error()+": ")}
	case errors.Is(err, report.ErrUnknown), errors.Is(err, auth.ErrNoKey):
		return failure{http.StatusNotFound, v.Text("error.unknown"), v.Text("error.unknownDetail")}
	case errors.Is(err, errNowhere):
		return failure{http.StatusNotFound, v.Text("error.nowhere"), v.Text("error.nowhereDetail")}
	case errors.Is(err, errForbidden):
		return failure{http.StatusForbidden, v.Text("error.forbidden"), v.Text("error.forbiddenDetail")}
	case errors.Is(err, auth.ErrRevoked):
		return failure{http.StatusConflict, v.Text("error.refused"), v.Text("keys.alreadyRevoked")}
	}
	return failure{http.StatusInternalServerError, v.Text("error.fault"), v.Text("error.faultDetail")}
}

// noted is what to say of an error. A fault of ours is logged, and says nothing of itself.
func (v *view) noted(r *http.Request, err error) failure {
	f := v.failureOf(err)
	if f.Status >= 500 && !errors.Is(r.Context().Err(), context.Canceled) { // else whoever asked has gone
		slog.ErrorContext(r.Context(), "page failed", "page", v.Template, "error", err.Error())
	}
	return f
}

// fail answers with the error page.
func (v *view) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := v.noted(r, err)
	v.Template, v.Title, v.Page, v.Filtered, v.CSV = "error", f.Told, f, false, ""
	write(w, r, f.Status, v)
}
