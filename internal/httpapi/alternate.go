package httpapi

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"cairn/internal/answer"
)

const alternateRule = "xAPI 1.0.3 Communication 1.3"

// formHeaders are the fields of a form that stand for headers.
var formHeaders = []string{
	"Authorization", "X-Experience-API-Version", "Content-Type", "Content-Length", "If-Match", "If-None-Match",
}

// unwrapAlternate turns a request in the alternate syntax, POST ?method=M with everything else in a form, into the one that it
// stands for (xAPI 1.0.3 Communication 1.3). Others it leaves as they are.
func (r *request) unwrapAlternate() error {
	if !r.has("method") {
		return nil
	}
	refused := func(message string) error {
		return &answer.Refusal{Status: http.StatusBadRequest, Rule: alternateRule, Message: message}
	}
	method := r.query.Get("method")
	switch {
	case r.Method != http.MethodPost:
		return refused("the parameter method goes with POST alone")
	case len(r.query) > 1 || len(r.query["method"]) > 1:
		return refused("beside method, every parameter goes into the form")
	case !slices.Contains([]string{"GET", "HEAD", "PUT", "POST", "DELETE"}, method):
		return refused("the parameter method names none of GET, HEAD, PUT, POST and DELETE")
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	r.Request = r.Clone(r.Context()) // the server goes by its own: to what came as POST it answers with a body's end, even to HEAD
	own := *r.Request                // the server keeps the one that came, and frames its answer by that one's method
	r.Request = &own
	r.Method, r.alternate = method, true
	r.Header.Del("Content-Type")
	for _, name := range formHeaders {
		if len(form[name]) > 1 {
			return refused("the form has more than one " + name)
		}
		if form.Has(name) {
			r.Header.Set(name, form.Get(name))
			form.Del(name)
		}
	}
	if err := r.unwrapContent(form); err != nil {
		return err
	}
	r.query = form
	return nil
}

func (r *request) form() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &answer.Refusal{Status: http.StatusBadRequest, Rule: alternateRule,
			Message: "the alternate request syntax is a form: application/x-www-form-urlencoded"}
	}
	body, err := r.body()
	if err != nil {
		return nil, err
	}
	form, err := parseQuery(string(body))
	if err != nil {
		return nil, &answer.Refusal{Status: http.StatusBadRequest, Rule: alternateRule, Message: "the form cannot be decoded"}
	}
	return form, nil
}

// unwrapContent takes the body out of the form. Attachments cannot be sent this way.
func (r *request) unwrapContent(form url.Values) error {
	writes := r.Method == http.MethodPut || r.Method == http.MethodPost
	switch content := form["content"]; {
	case writes && len(content) != 1:
		return &answer.Refusal{Status: http.StatusBadRequest, Rule: alternateRule, Message: "the form must have one content"}
	case writes && !utf8.ValidString(content[0]):
		return &answer.Refusal{Status: http.StatusBadRequest, Rule: alternateRule, Message: "the content of the form is not UTF-8"}
	}
	if form.Has("content") && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.setBody([]byte(form.Get("content")))
	form.Del("content")
	return nil
}
