package httpapi

import (
	"net/http"
	"slices"
)

// Every header that xAPI reads from a request, and every one that it sets on an answer, for browsers on other origins.
const (
	readHeaders = "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, X-Experience-API-Version"
	setHeaders  = "ETag, Last-Modified, Retry-After, WWW-Authenticate, X-Experience-API-Version, X-Experience-API-Consistent-Through"
)

// allowOrigin lets a page of an allowed origin read the answer, whatever it is.
func (a *API) allowOrigin(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if len(a.settings.Origins) == 0 || origin == "" {
		return
	}
	w.Header().Add("Vary", "Origin")
	if slices.Contains(a.settings.Origins, "*") {
		origin = "*"
	} else if !slices.Contains(a.settings.Origins, origin) {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", setHeaders)
}

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// preflight answers a browser that asks before it sends. It carries no credentials, so none are asked for.
func (a *API) preflight(w http.ResponseWriter, _ *http.Request) {
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE")
		w.Header().Set("Access-Control-Allow-Headers", readHeaders)
		w.Header().Set("Access-Control-Max-Age", "86400")
	}
	w.Header().Set("X-Experience-API-Version", a.settings.Fallback.String())
	w.WriteHeader(http.StatusNoContent)
}
