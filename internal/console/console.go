// Package console is the dashboard: pages below /console/ that draw the answers of package report, show statements as they are stored,
// and let an administrator look after keys.
//
// Pages are made on the server with html/template: the console is a Lambda of its own, so its templates weigh on no other function, and a page is
// whole before any script runs. One stylesheet and a few small ES modules are embedded and served by us, with neither bundler nor npm, because
// `make run` asks for Go alone. Charts are SVG drawn by Go, each beside a table of the same figures. Every page works without script; scripts
// add tooltips, copying, and figures that follow new statements. The content security policy allows nothing inline and nothing from elsewhere.
//
// What a page asks for stands in its address: span, platform, modality and group are kept in every link.
package console

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"cairn/internal/auth"
	"cairn/internal/console/locale"
	"cairn/internal/report"
)

// Base is where the pages stand.
const Base = "/console"

// Viewer is who looks at a page. Whether somebody may look at all is settled before the console is asked.
type Viewer struct {
	Name  string
	Actor string // who he is in the audit trail
	From  string // the address that he asks from
	Admin bool   // may look after keys
	Token string // stands in each form as "csrf"; whoever lets viewers in sees to it that it comes back
}

// Statements lists what is stored, the newest first, and shows what was just written.
type Statements interface {
	// List returns the texts of at most Limit statements as they are stored. An error that is a *Refused is told to whoever asked;
	// any other is a fault of the storage.
	List(ctx context.Context, s Selection) (list [][]byte, next string, err error)
}

// Selection is which statements to list. An empty field does not select.
type Selection struct {
	Agent          string // JSON of an Agent or identified Group
	Verb, Activity string // IRIs
	Registration   string // UUID
	Since, Until   time.Time
	Next           string // of the page before
	Limit          int
}

// Refused says what is wrong with what somebody asked for, in words for him.
type Refused struct{ Message string }

func (e *Refused) Error() string { return e.Message }

// Keys looks after keys. Each call is written into the audit trail, in the viewer's name, before it takes place. Errors are those of package auth.
type Keys interface {
	ListKeys(ctx context.Context, who Viewer, after string, limit int) (list []auth.Key, next string, err error)
	MakeKey(ctx context.Context, who Viewer, n auth.NewKey) (id, secret string, err error)
	RotateKey(ctx context.Context, who Viewer, id string, overlap time.Duration) (secret string, err error)
	RevokeKey(ctx context.Context, who Viewer, id string) error
}

// Settings of the console.
type Settings struct {
	// SignOut is where a form posts to that ends the viewer's session; "" where there is none.
	SignOut string
}

// console answers requests.
type console struct {
	questions  report.Questions
	statements Statements
	keys       Keys
	who        func(*http.Request) Viewer
	settings   Settings
	mux        *http.ServeMux
}

// page fills a view with what its template shows; the view's Template may be changed.
type page func(c *console, v *view, r *http.Request) error

// New returns the handler of everything below Base.
func New(q report.Questions, s Statements, k Keys, who func(*http.Request) Viewer, o Settings) http.Handler {
	c := &console{questions: q, statements: s, keys: k, who: who, settings: o, mux: http.NewServeMux()}
	for pattern, p := range map[string]struct {
		template string
		fill     page
	}{
		"GET /{$}":          {"overview", overview},
		"GET /activities":   {"activities", activities},
		"GET /activity":     {"activity", activity},
		"GET /learners":     {"learners", learners},
		"GET /learner":      {"learner", learner},
		"GET /sessions":     {"sessions", sessions},
		"GET /statements":   {"statements", statements},
		"GET /keys":         {"keys", admins(listKeys)},
		"POST /keys":        {"keys", admins(makeKey)},
		"POST /keys/rotate": {"keys", admins(rotateKey)},
		"POST /keys/revoke": {"keys", admins(revokeKey)},
		"/":                 {"error", nowhere},
	} {
		method, path, _ := strings.Cut(pattern, "/")
		c.mux.HandleFunc(method+Base+"/"+path, c.serve(p.template, p.fill))
	}
	c.mux.HandleFunc("GET "+Base+"/live", c.live)
	c.mux.HandleFunc("GET "+Base+"/assets/{name}", serveAsset)
	return c
}

// ServeHTTP implements http.Handler.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	c.mux.ServeHTTP(w, r)
}

// guard says to browsers what they may do with a page, beside what whoever serves it says of all answers (session.Guarded).
func guard(h http.Header) {
	h.Set("Cache-Control", "no-store")      // pages tell of learners
	h.Set("Referrer-Policy", "same-origin") // so that a link to a report can lead back to its page, by way of the form
}

// serve answers with one page, whole or not at all.
func (c *console) serve(template string, fill page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if remember(w, r) {
			return
		}
		v, err := c.look(r, template)
		if err == nil {
			err = fill(c, v, r)
		}
		if err == nil && v.Filtered {
			err = v.suggest(r.Context(), c.questions)
		}
		switch {
		case err != nil:
			v.fail(w, r, err)
		case v.moved != "":
			http.Redirect(w, r, v.moved, http.StatusSeeOther)
		default:
			write(w, r, cmp.Or(v.status, http.StatusOK), v)
		}
	}
}

// look is the view of a request, before a page fills it.
func (c *console) look(r *http.Request, template string) (*view, error) {
	v := &view{
		Locale: localeOf(r), Theme: themeOf(r), Template: template, Viewer: c.who(r), SignOut: c.settings.SignOut,
		path: strings.TrimPrefix(r.URL.Path, Base), query: r.URL.Query(), Languages: locale.All(), Endpoint: endpointOf(r),
	}
	return v, v.readFilter(time.Now())
}
