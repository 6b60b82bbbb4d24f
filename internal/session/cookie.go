package session

import (
	"net"
	"net/http"
	"time"
)

// The cookies: who is in, and a sign-in at a provider that is under way.
const (
	visitCookie = "cairn"
	flowCookie  = "cairn-signin"
)

// secure says whether cookies go over TLS alone: always, but for a browser on this machine that came without.
func secure(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return isTLS(r) || host != "localhost" && !net.ParseIP(host).IsLoopback()
}

// isTLS says whether a request came over TLS, perhaps to a gateway before us.
func isTLS(r *http.Request) bool { return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" }

// nameOf is what a cookie is called. A browser takes one with the prefix from this very host alone, and over TLS (RFC 6265bis, 4.1.3).
func nameOf(r *http.Request, name string) string {
	if secure(r) {
		return "__Host-" + name
	}
	return name
}

// setCookie writes a cookie, or with no time takes it away.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, lasts time.Duration) {
	age := int(lasts.Seconds())
	if age <= 0 {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: nameOf(r, name), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteLaxMode})
}
