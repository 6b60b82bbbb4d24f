// Package reportapi is the API under /reports: what is asked of the record, as JSON and as CSV. Every resource but the API's own description
// needs the scope reports/read, or admin.
package reportapi

import (
	_ "embed"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/report"
	"cairn/internal/telemetry"
)

// Base is where the resources stand.
const Base = "/reports"

// Door lets requests in: it tells whose one is, and may set headers of the answer. Errors are those of auth.Gate.Admit, and *answer.Refusal.
type Door interface {
	Admit(w http.ResponseWriter, r *http.Request) (auth.Principal, error)
}

// API answers requests below Base.
type API struct {
	door      Door
	questions report.Questions
	now       func() time.Time
	mux       *http.ServeMux
}

// resource is what one path tells.
type resource struct {
	parameters []string // besides those of every resource
	tables     []string // which tables of it there are as CSV; the first where none is asked for
	ask        func(*API, *http.Request, question) (reply, error)
	bare       bool // nothing narrows it
}

// resources by their paths.
var resources = map[string]resource{
	"/overview":   {nil, []string{"days"}, askOverview, false},
	"/activities": {[]string{"sort", "next", "limit"}, []string{"activities"}, askActivities, false},
	"/activity":   {[]string{"id"}, []string{"days", "funnel", "questions", "verbs", "platforms", "modalities", "video"}, askActivity, false},
	"/learners":   {[]string{"course", "state", "next", "limit"}, []string{"learners"}, askLearners, false},
	"/learner":    {[]string{"key", "identity"}, []string{"progress", "days"}, askLearner, false},
	"/sessions":   {[]string{"key", "course"}, []string{"events"}, askSessions, false},
	"/groups":     {nil, []string{"groups"}, askGroups, true},
	"/platforms":  {nil, []string{"platforms"}, askPlatforms, true},
}

// New returns the handler of everything below Base. Spans that are not given end on the day of now.
func New(door Door, questions report.Questions, now func() time.Time) *API {
	a := &API{door, questions, now, http.NewServeMux()}
	for path, of := range resources {
		a.mux.HandleFunc(Base+path, answer.Methods(map[string]http.HandlerFunc{http.MethodGet: a.tell(of)}))
	}
	a.mux.HandleFunc(Base+"/openapi.json", answer.Methods(map[string]http.HandlerFunc{http.MethodGet: describe}))
	a.mux.HandleFunc("/", answer.Absent)
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, pattern := a.mux.Handler(r)
	if pattern == "/" {
		pattern = "other" // the path may hold anything
	}
	telemetry.Note(r.Context(), slog.String("resource", pattern))
	a.mux.ServeHTTP(w, r)
}

// tell answers what one path has.
func (a *API) tell(of resource) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Add("Vary", "Accept, Accept-Language, Authorization, Cookie")
		if err := a.answer(w, r, of); err != nil {
			answer.Error(w, r, err)
		}
	}
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, of resource) error {
	principal, err := a.door.Admit(w, r)
	if err != nil {
		return err
	}
	telemetry.Note(r.Context(), slog.String("key", principal.Key))
	if !principal.ReadReports() {
		return answer.Forbidden
	}
	asked, err := a.read(r, of)
	if err != nil {
		return err
	}
	told, err := of.ask(a, r, asked)
	if err != nil {
		return err
	}
	if told.next != "" {
		following := url.Values{}
		for name, values := range asked.Values {
			following[name] = values
		}
		following.Set("next", told.next)
		w.Header().Set("Link", "<"+r.URL.Path+"?"+following.Encode()+`>; rel="next"`)
	}
	return write(w, r, asked, told)
}

//go:embed openapi.json
var description []byte

// describe answers with the API's description. It says nothing that is not public.
func describe(w http.ResponseWriter, _ *http.Request) { answer.JSON(w, http.StatusOK, description) }
