package admin

import (
	"errors"
	"net/http"
	"time"

	"cairn/internal/answer"
	"cairn/internal/audit"
)

func listTrail(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	q, err := answer.Parameters(r, "since", "until", "limit", "more")
	if err != nil {
		return err
	}
	limit, err := limitOf(q)
	if err != nil {
		return err
	}
	until, err := timeOf(q, "until", time.Now().Add(time.Minute))
	if err != nil {
		return err
	}
	if until.After(time.Now().Add(time.Minute)) { // nothing is there yet
		until = time.Now().Add(time.Minute)
	}
	since, err := timeOf(q, "since", until.AddDate(0, -1, 0))
	if err != nil {
		return err
	}
	q.Set("since", since.Format(time.RFC3339Nano)) // where a list goes on it must not end elsewhere
	list, next, err := a.office.ListTrail(r.Context(), who, since, until, q.Get("more"), limit)
	if errors.Is(err, audit.ErrMore) {
		return badRequest("", "the parameter more is not what a page gave")
	}
	if err != nil {
		return err
	}
	page := struct {
		Records []audit.Record `json:"records"`
		More    string         `json:"more,omitempty"`
	}{Records: append([]audit.Record{}, list...)}
	if next != "" {
		page.More = moreOf(r, q, "more", next)
	}
	return writeJSON(w, http.StatusOK, page)
}
