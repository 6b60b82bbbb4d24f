package httpapi

import (
	"net/http"
	"time"

	"cairn/internal/answer"
	"cairn/internal/xapi"
)

// about tells which versions are spoken (xAPI 1.0.3 Communication 2.8).
func about(_ *API, w http.ResponseWriter, r *request) error {
	if err := r.only(); err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, []byte(`{"version":["`+xapi.V1.String()+`","`+xapi.V2.String()+`"]}`))
	return nil
}

// health says that requests are answered; it touches no storage.
func health(_ *API, w http.ResponseWriter, _ *request) error {
	answer.JSON(w, http.StatusOK, []byte(`{"status":"ok"}`))
	return nil
}

// getActivity answers with what is known of an activity (xAPI 1.0.3 Communication 2.5).
func getActivity(a *API, w http.ResponseWriter, r *request) error {
	if !r.principal.ReadActivitiesAndAgents() {
		return answer.Forbidden
	}
	if err := r.only("activityId"); err != nil {
		return err
	}
	if _, err := r.required("activityId"); err != nil {
		return err
	}
	id, err := r.iri("activityId")
	if err != nil {
		return err
	}
	activity, err := a.lrs.Activity(r.Context(), id)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, activity)
	return nil
}

// getPerson answers with what is known of an agent (xAPI 1.0.3 Communication 2.4).
func getPerson(_ *API, w http.ResponseWriter, r *request) error {
	if !r.principal.ReadActivitiesAndAgents() {
		return answer.Forbidden
	}
	if err := r.only("agent"); err != nil {
		return err
	}
	if _, err := r.required("agent"); err != nil {
		return err
	}
	agent, err := r.agent("agent")
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, agent.AppendPerson(nil))
	return nil
}

// setLastModified sets the header to a time cut to the second, as HTTP writes it (RFC 9110, 8.8.2).
func setLastModified(w http.ResponseWriter, t time.Time) {
	w.Header().Set("Last-Modified", t.UTC().Format(http.TimeFormat))
}
