package answer

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Methods answers what one path has, by method: HEAD wherever there is GET.
func Methods(methods map[string]http.HandlerFunc) http.HandlerFunc {
	if get, ok := methods[http.MethodGet]; ok {
		methods[http.MethodHead] = get
	}
	allowed := strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		handler, ok := methods[r.Method]
		if !ok {
			w.Header().Set("Allow", allowed)
			Error(w, r, &Refusal{Status: http.StatusMethodNotAllowed, Message: "this resource has no such method"})
			return
		}
		handler(w, r)
	}
}

// Parameters reads a request's parameters, of which there may be these, once each. The error is a *Refusal.
func Parameters(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, BadRequest("the query string cannot be decoded")
	}
	for name, values := range q {
		if !slices.Contains(names, name) {
			return nil, BadRequest("this resource has no such parameter: it has " + Listed(names))
		}
		if len(values) > 1 {
			return nil, BadRequest("the parameter " + name + " is given more than once")
		}
	}
	return q, nil
}

// Listed says names one after the other, as refusals do: "none", "a", "a and b", "a, b and c".
func Listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// BadRequest refuses how something is asked.
func BadRequest(message string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Message: message}
}

// NoResource refuses what no path names.
var NoResource = &Refusal{Status: http.StatusNotFound, Message: "there is no such resource"}

// Absent refuses a path that is none.
func Absent(w http.ResponseWriter, r *http.Request) {
	Error(w, r, NoResource)
}
