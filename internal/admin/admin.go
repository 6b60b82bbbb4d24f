// Package admin is what operators do: keys, what they say of learners for the reports, the audit trail, the state of the stack, and repair; and
// the API under /admin in which they do it. Every resource but the API's own description needs the scope admin.
package admin

import (
	_ "embed"
	"encoding/json"
	"log/slog"
	"net/http"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/telemetry"
)

// Base is where the resources stand.
const Base = "/admin"

// API answers requests below Base.
type API struct {
	gate   *auth.Gate
	office *Office
	mux    *http.ServeMux
}

// action answers one request of an operator; what it returns as an error becomes a status by the one table in package answer.
type action func(a *API, w http.ResponseWriter, r *http.Request, who Operator) error

// New returns the handler of everything below Base.
func New(gate *auth.Gate, office *Office) *API {
	a := &API{gate: gate, office: office, mux: http.NewServeMux()}
	for path, methods := range map[string]map[string]action{
		"/keys":               {"GET": listKeys, "POST": makeKey},
		"/keys/{id}":          {"GET": lookAtKey, "PATCH": changeKey, "DELETE": revokeKey},
		"/keys/{id}/rotation": {"POST": rotateKey},
		"/groups":             {"GET": listGroups},
		"/groups/{id}":        {"GET": lookAtGroup, "PUT": putGroup, "DELETE": deleteGroup},
		"/people":             {"GET": lookAtPerson, "PUT": putPerson, "DELETE": partPerson},
		"/modalities":         {"GET": lookAtModalities, "PUT": putModalities},
		"/audit":              {"GET": listTrail},
		"/status":             {"GET": lookAtStatus},
		"/verification":       {"POST": verifyStack, "DELETE": stopVerifying},
		"/rebuild":            {"POST": rebuildIndex},
	} {
		a.mux.HandleFunc(Base+path, a.resource(methods))
	}
	a.mux.HandleFunc(Base+"/openapi.json", answer.Methods(map[string]http.HandlerFunc{"GET": describe}))
	a.mux.HandleFunc("/", answer.Absent)
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store") // secrets are shown once
	_, pattern := a.mux.Handler(r)
	if pattern == "/" {
		pattern = "other" // the path may hold anything
	}
	telemetry.Note(r.Context(), slog.String("resource", pattern))
	a.mux.ServeHTTP(w, r)
}

// resource answers what one path has, by method, to operators.
func (a *API) resource(methods map[string]action) http.HandlerFunc {
	handlers := map[string]http.HandlerFunc{}
	for method, act := range methods {
		handlers[method] = func(w http.ResponseWriter, r *http.Request) {
			who, err := a.admit(r)
			switch {
			case err != nil:
			case len(r.PathValue("id")) > auth.MaxID: // nor has it a place in the trail
				err = answer.NoResource
			default:
				err = act(a, w, r, who)
			}
			if err != nil {
				answer.Error(w, r, err)
			}
		}
	}
	return answer.Methods(handlers)
}

// admit settles who asks, and lets operators in.
func (a *API) admit(r *http.Request) (Operator, error) {
	principal, err := a.gate.Admit(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return Operator{}, err
	}
	telemetry.Note(r.Context(), slog.String("key", principal.Key))
	if !principal.Admin() {
		return Operator{}, answer.Forbidden
	}
	return Operator{By: principal.Actor(), From: addressOf(r)}, nil
}

//go:embed openapi.json
var description []byte

// describe answers with the API's description. It says nothing that is not public.
func describe(w http.ResponseWriter, _ *http.Request) { answer.JSON(w, http.StatusOK, description) }

func writeJSON(w http.ResponseWriter, status int, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	answer.JSON(w, status, text)
	return nil
}
