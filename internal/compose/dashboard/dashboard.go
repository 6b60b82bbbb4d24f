// Package dashboard puts the console function together: the pages under /console behind their sign-in, and the report API beside them.
package dashboard

import (
	"fmt"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/console"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/report"
	"cairn/internal/reportapi"
	"cairn/internal/session"
)

// New is the console function over an open ledger: everything below session.Base and reportapi.Base.
func New(store kv.Store, l *ledger.Ledger, c config.Console) (http.Handler, error) {
	verifier := compose.Verifier(c.Issuers)
	gate, x := compose.Gate(store, verifier), index.New(store, l)
	questions := report.New(store, l, x)
	office := compose.Office(store, gate.Keys)
	pages := console.New(questions, statements{lrs.New(l, x, nil)}, keys{office}, viewer, console.Settings{SignOut: session.SignOut})
	var provider *session.Provider
	if c.SignIn.ID != "" {
		provider = session.NewProvider(verifier, c.SignIn.Issuer, c.SignIn.ID, c.SignIn.Secret)
	}
	door, err := session.New(gate, office.Trail, l.Secret(), provider, pages, form)
	if err != nil {
		return nil, fmt.Errorf("the sign-in: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle(session.Base, door)
	mux.Handle(session.Base+"/", door)
	mux.Handle("/", reportapi.New(door, questions, func() time.Time { return l.Now().Time() }))
	return compose.Observed(session.Guarded(gzhttp.GzipHandler(mux))), nil
}

// Beside serves what is the dashboard's by dashboard, and everything else by api: one address for both.
func Beside(api, dashboard http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, base := range []string{session.Base, reportapi.Base} {
		mux.Handle(base, dashboard)
		mux.Handle(base+"/", dashboard)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, pattern := mux.Handler(r); pattern != "" {
			h.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r) // whose paths no mux may clean
	})
}
