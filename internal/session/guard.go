package session

import (
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"cairn/internal/answer"
)

// policy lets pages have what comes from here, and nothing inline; nobody may put them into a frame.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Guarded says to browsers what they may do with the answers of h.
func Guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if isTLS(r) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.ServeHTTP(w, r)
	})
}

var fromElsewhere = &answer.Refusal{Status: http.StatusForbidden, Message: "this does not come from a page of the dashboard"}

// sameOrigin refuses what a page from elsewhere has a browser send, by Sec-Fetch-Site or Origin. Programs send neither.
func sameOrigin(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if http.NewCrossOriginProtection().Check(r) != nil {
			answer.Error(w, r, fromElsewhere)
			return
		}
		h(w, r)
	}
}

// checkPost refuses what does not come from a page that the visitor was shown.
func (d *Door) checkPost(w http.ResponseWriter, r *http.Request, v *Visitor) error {
	token := r.Header.Get(tokenHeader)
	if token == "" && isForm(r) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		token = r.PostFormValue(tokenField)
	}
	id, ok := d.seal.open(tokenPurpose, token)
	if http.NewCrossOriginProtection().Check(r) != nil || !ok || string(id) != v.visit.ID {
		return fromElsewhere
	}
	return nil
}

func isForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

// local is a path of the dashboard's to go to, or its first page: nobody is sent elsewhere by a link to the form.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return home
	}
	escaped := u.EscapedPath()
	straight := path.Clean(escaped) == strings.TrimSuffix(escaped, "/")
	if !straight || !strings.HasPrefix(escaped, home) || strings.HasPrefix(escaped, signIn) || escaped == callback || escaped == SignOut {
		return home
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}).String()
}

// pageOf is the page that was asked for.
func pageOf(r *http.Request) string {
	if r.Method != http.MethodGet {
		return home
	}
	return r.URL.RequestURI()
}

// linkedFrom is the page of ours with the link that was followed.
func linkedFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return home
	}
	return local(from.RequestURI())
}

// formFor is the form, which leads to a page.
func formFor(page string) string {
	if page == home {
		return signIn
	}
	return signIn + "?to=" + url.QueryEscape(page)
}
