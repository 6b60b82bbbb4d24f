// Package httpapi is xAPI over net/http: resources, parameters, headers and status codes. What they mean is lrs's and documents'
// business; here stands only how they are said.
package httpapi

import (
	"cmp"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/documents"
	"cairn/internal/lrs"
	"cairn/internal/telemetry"
	"cairn/internal/xapi"
)

// Settings of the API.
type Settings struct {
	// Fallback is the version that answers a request that names none, with 400 (xAPI 1.0.3 Communication 3.3); 0 for 1.0.3.
	Fallback xapi.Version
	// Origins that browsers may call from; "*" for any. Empty: none.
	Origins []string
	// MaxBody is the largest request body in bytes; 0 for 6 MB, what Lambda takes. Larger ones are answered with 413.
	MaxBody int64
}

// Base is where the xAPI resources stand.
const Base = "/xapi"

const maxBody = 6 << 20

// API answers requests.
type API struct {
	lrs       *lrs.LRS
	documents *documents.Documents
	gate      *auth.Gate
	settings  Settings
	resources map[string]resource
}

// resource is what one path answers, by method. Open ones need neither version nor key.
type resource struct {
	methods map[string]action
	open    bool
}

// action answers one request; what it returns as an error becomes a status by the one table in errors.go.
type action func(a *API, w http.ResponseWriter, r *request) error

// New returns the handler of all xAPI resources, and of /health.
func New(l *lrs.LRS, d *documents.Documents, gate *auth.Gate, s Settings) *API {
	s.Fallback = cmp.Or(s.Fallback, xapi.V1)
	s.MaxBody = cmp.Or(s.MaxBody, maxBody)
	return &API{lrs: l, documents: d, gate: gate, settings: s, resources: map[string]resource{
		"/health":                    {open: true, methods: methods(map[string]action{"GET": health})},
		Base + "/about":              {open: true, methods: methods(map[string]action{"GET": about})},
		Base + "/statements":         {methods: methods(map[string]action{"GET": getStatements, "PUT": putStatement, "POST": postStatements})},
		Base + "/activities":         {methods: methods(map[string]action{"GET": getActivity})},
		Base + "/agents":             {methods: methods(map[string]action{"GET": getPerson})},
		Base + "/activities/state":   documentResource(stateKind),
		Base + "/activities/profile": documentResource(activityProfileKind),
		Base + "/agents/profile":     documentResource(agentProfileKind),
	}}
}

// methods adds HEAD wherever there is GET: the same answer without its body (xAPI 1.0.3 Communication 1.2).
func methods(m map[string]action) map[string]action {
	if get, ok := m["GET"]; ok {
		m["HEAD"] = get
	}
	return m
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	telemetry.Note(hr.Context(), slog.String("resource", a.nameOf(hr)))
	a.allowOrigin(w, hr)
	if isPreflight(hr) {
		a.preflight(w, hr)
		return
	}
	r := &request{Request: hr, limit: a.settings.MaxBody}
	if hr.Method == http.MethodHead {
		head := &headWriter{ResponseWriter: w}
		defer head.end()
		w = head
	}
	a.nameVersion(w, r)
	if err := a.serve(w, r); err != nil {
		answer.Error(r.answer(w), r.Request, err)
	}
}

func pathOf(r *http.Request) string { return strings.TrimSuffix(r.URL.Path, "/") }

// nameOf is what the log calls what a request asks for: a path that is none of ours may hold anything.
func (a *API) nameOf(r *http.Request) string {
	path := pathOf(r)
	if _, ok := a.resources[path]; !ok {
		return "other"
	}
	return path
}

func (a *API) serve(w http.ResponseWriter, r *request) error {
	path := pathOf(r.Request)
	res, ok := a.resources[path]
	if !ok {
		return &answer.Refusal{Status: http.StatusNotFound, Message: "there is no such resource"}
	}
	if strings.HasSuffix(path, "/statements") {
		w.Header().Set("X-Experience-API-Consistent-Through", formatInstant(a.lrs.Horizon()))
	}
	if err := r.readQuery(); err != nil {
		return err
	}
	if err := r.unwrapAlternate(); err != nil {
		return err
	}
	a.nameVersion(w, r) // which a form may name
	if r.version != 0 {
		telemetry.Note(r.Context(), slog.String("version", r.version.String()))
	}
	w = r.answer(w)
	act, ok := res.methods[r.Method]
	if !ok {
		w.Header().Set("Allow", allowed(res))
		return &answer.Refusal{Status: http.StatusMethodNotAllowed, Message: "this resource has no method " + r.Method}
	}
	if !res.open {
		if err := a.admit(r); err != nil {
			return err
		}
	}
	return act(a, w, r)
}

// nameVersion reads the version that the request speaks, none if it names none that is known, and answers in it, whatever the
// answer (xAPI 1.0.3 Communication 3.3).
func (a *API) nameVersion(w http.ResponseWriter, r *request) {
	r.version, _ = xapi.ParseVersion(r.Header.Get("X-Experience-API-Version"))
	w.Header().Set("X-Experience-API-Version", cmp.Or(r.version, a.settings.Fallback).String())
}

// admit settles whose the request is, and refuses it when its version is not known.
func (a *API) admit(r *request) error {
	principal, err := a.gate.Admit(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	r.principal = principal
	telemetry.Note(r.Context(), slog.String("key", principal.Key))
	if r.version == 0 {
		return &answer.Refusal{Status: http.StatusBadRequest, Rule: "xAPI 1.0.3 Communication 3.3",
			Message: "the header X-Experience-API-Version must name 1.0, 1.0.x, 2.0 or 2.0.x"}
	}
	if r.alternate && r.version != xapi.V1 {
		return &answer.Refusal{Status: http.StatusBadRequest, Rule: "xAPI 1.0.3 Communication 1.3",
			Message: "only 1.0.x has the alternate request syntax"}
	}
	return nil
}

// caller is what storing and asking need to know of whose request this is.
func (r *request) caller() lrs.Caller {
	return lrs.Caller{
		Version: r.version, Authority: r.principal.Authority,
		Defines: r.principal.Define(), OnlyMine: r.principal.OnlyMine(),
	}
}

func allowed(res resource) string {
	return strings.Join(slices.Sorted(maps.Keys(res.methods)), ", ")
}

// answer is where the request is answered: to HEAD, without a body.
func (r *request) answer(w http.ResponseWriter) http.ResponseWriter {
	if r.Method == http.MethodHead && r.alternate {
		return bodiless{w} // it came as POST, whose answer must not claim a length that it does not have
	}
	return w
}

type bodiless struct{ http.ResponseWriter }

func (bodiless) Write(b []byte) (int, error) { return len(b), nil }

// headWriter drops the body of an answer, and keeps its headers, its length too.
type headWriter struct {
	http.ResponseWriter
	status, length int
}

func (w *headWriter) WriteHeader(status int) { w.status = status }

func (w *headWriter) Write(b []byte) (int, error) {
	w.length += len(b)
	return len(b), nil
}

func (w *headWriter) end() {
	if w.status == http.StatusOK {
		w.Header().Set("Content-Length", strconv.Itoa(w.length))
	}
	w.ResponseWriter.WriteHeader(w.status)
}
