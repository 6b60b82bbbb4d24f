package admin

import (
	"net/http"
	"time"

	"cairn/internal/answer"
)

func lookAtStatus(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	status, err := a.office.Status(r.Context(), who)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, status)
}

// verifyStack asks for a verification, which upkeep takes up when it ticks next.
func verifyStack(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	var asked struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
		Mend bool      `json:"mend"`
	}
	if _, err := decode(r, &asked); err != nil {
		return err
	}
	if !asked.To.IsZero() && !asked.From.Before(asked.To) {
		return badRequest("/to", "a span ends after it begins")
	}
	if err := a.office.Verify(r.Context(), who, asked.From, asked.To, asked.Mend); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func stopVerifying(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	if err := a.office.StopVerifying(r.Context(), who); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// rebuildIndex begins a rebuild of index and reports, with which their functions go on when they tick.
func rebuildIndex(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	if _, err := decode(r, &struct{}{}); err != nil {
		return err
	}
	if err := a.office.Rebuild(r.Context(), who); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
