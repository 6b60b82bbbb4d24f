package lambda

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/admin"
	"cairn/internal/report"
)

// The statements that the events post.
const (
	plainID    = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a01"
	looseID    = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a08"
	attachedID = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a02"
)

// apiEvents are the api function's events in the order in which they make sense, with what each is answered.
var apiEvents = []struct {
	event    string
	status   int
	contains string // of the answer's body
}{
	{"api-get-about", 200, `"1.0.3"`},
	{"api-options-preflight", 204, ""},
	{"api-get-unauthorized", 401, ""},
	{"api-post-statement", 200, plainID},
	{"api-get-statement", 200, "Knoten für Anfänger"},
	{"api-post-statement", 200, plainID}, // sent again, it is stored already
	{"api-post-alternate", 200, plainID},
	{"api-post-multipart", 200, attachedID},
	{"api-get-attachments", 200, every()},
	{"api-get-statements", 200, plainID},
	{"api-get-statements", 200, attachedID},
	{"api-put-state", 204, ""},
	{"api-get-state", 200, every()},
	{"api-head-state", 200, ""},
	{"api-get-nowhere", 404, "resource"},
}

// every is the 256 bytes.
func every() string {
	var b strings.Builder
	for i := range 256 {
		b.WriteByte(byte(i))
	}
	return b.String()
}

// TestFunctionsAnswerTheirEvents posts every event to its function, and then asks for whatever else has the functions call their storage:
// a call that the template's roles do not allow fails it, and so does one that they allow and nobody makes.
func TestFunctionsAnswerTheirEvents(t *testing.T) {
	var unmarked atomic.Bool // the api function's writes to the ids fail, as if it died before them
	s := newStack(t, func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		fails := unmarked.Load() && dynamoActions(r, body)[0] == "dynamodb:PutItem idstable"
		if fails {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return fails
	})
	s.makeKey(t)
	posted := map[string]bool{"log-stream": true, "index-tick": true, "aggregate-tick": true, "keys-first": true, "upkeep-tick": true, "upkeep-lost-rings": true}
	for _, e := range apiEvents {
		posted[e.event] = true
		answer := s.expect(t, e.event, readEvent(t, e.event), e.status, e.contains)
		if strings.Contains(e.event, "-head-") && (answer.Body != "" || answer.Headers["Etag"] == "") {
			t.Errorf("%s: the body is %q, the headers %v", e.event, answer.Body, answer.Headers)
		}
	}
	for _, x := range breadth(t) {
		s.expect(t, x.name, requestEvent(t, x.method, x.target, x.body), x.status, x.contains)
	}
	s.untilIndexed(t)
	s.expect(t, "once indexed", readEvent(t, "api-get-statements"), 200, attachedID)
	s.expect(t, "once indexed, by verb", requestEvent(t, "GET", "/xapi/statements?verb=http://example.com/tied", nil), 200, "/knot/6")

	unmarked.Store(true)
	s.expect(t, "a batch whose marks are not set, which stores what was referred to", requestEvent(t, "POST", "/xapi/statements", jsonOf(t, unmarking())), 503, "")
	unmarked.Store(false)
	s.expect(t, "what it voids", requestEvent(t, "GET", "/xapi/statements?statementId="+attachedID, nil), 200, attachedID)
	s.untilIndexed(t)
	s.expect(t, "what it voids, once indexed", requestEvent(t, "GET", "/xapi/statements?statementId="+attachedID, nil), 404, "")
	unmarked.Store(true)
	s.expect(t, "another", requestEvent(t, "POST", "/xapi/statements", jsonOf(t, unmarkingToo())), 503, "")
	unmarked.Store(false)
	s.untilThrough(t, s.aggregate, "aggregate", report.ProjectionName)
	s.expect(t, "what that voids, once counted", requestEvent(t, "GET", "/xapi/statements?statementId="+looseID, nil), 404, "")
	s.expect(t, "who referred to the other, by its verb", requestEvent(t, "GET", "/xapi/statements?verb=http://example.com/untied", nil), 200, "commented")

	first := s.firstKey(t)
	for _, x := range operators() {
		s.expect(t, x.name, by(t, first, requestEvent(t, x.method, x.target, x.body)), x.status, x.contains)
	}
	s.expectTheDashboard(t, first, posted)
	s.untilKeptUp(t, first)
	unmarked.Store(true)
	s.expect(t, "a batch whose marks are not set, for the export", requestEvent(t, "POST", "/xapi/statements", jsonOf(t, unmarkingForExports())), 503, "")
	unmarked.Store(false)
	s.expectExports(t, posted)
	s.expect(t, "what that voids, once exported", requestEvent(t, "GET", "/xapi/statements?statementId="+voidedID, nil), 404, "")
	s.expect(t, "revoking a key", by(t, first, requestEvent(t, "DELETE", "/admin/keys/events", nil)), 204, "")
	s.expect(t, "by the key that is revoked", readEvent(t, "api-get-statements"), 401, "")
	s.expectNothingOfLearners(t)
	s.calls.expectNothingNeedless(t, s.template)

	files, err := filepath.Glob(filepath.Join(root, "events", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".json"); !posted[name] {
			t.Errorf("events/%s.json is posted to no function", name)
		}
	}
}

// consoleEvents are the console function's.
var consoleEvents = []struct {
	event    string
	status   int
	contains string // of the answer's body
}{
	{"console-get-signin", 200, `value="/console/learners"`},
	{"console-post-signin", 303, ""},
	{"console-get-overview", 200, `"total"`},
}

// expectTheDashboard has the console function answer its events, and somebody sign in by a key with a limit and sign out.
func (s *stack) expectTheDashboard(t *testing.T, operator admin.Made, posted map[string]bool) {
	t.Helper()
	console := s.run(t, "console")
	for _, e := range consoleEvents {
		posted[e.event] = true
		expect(t, console, e.event, readEvent(t, e.event), e.status, e.contains)
	}
	var manager admin.Made
	asked := []byte(`{"label":"A manager","scopes":"reports/read","limits":{"requestsPerMinute":99}}`)
	made := s.expect(t, "making a manager's key", by(t, operator, requestEvent(t, "POST", "/admin/keys", asked)), 201, "secret")
	if err := json.Unmarshal([]byte(made.Body), &manager); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"key": {manager.ID}, "secret": {manager.Secret}}.Encode()
	in := expect(t, console, "signing in", posting(t, "/console/signin", form, ""), 303, "")
	if len(in.Cookies) != 1 {
		t.Fatalf("signing in gives the cookies %q", in.Cookies)
	}
	cookie, _, _ := strings.Cut(in.Cookies[0], ";")
	page := expect(t, console, "a page", getting(t, "/console/", cookie), 200, manager.ID)
	_, token, _ := strings.Cut(page.Body, `name="csrf" value="`)
	token, _, _ = strings.Cut(token, `"`)
	s.expectPages(t, console, operator, cookie)
	out := expect(t, console, "signing out", posting(t, "/console/signout", url.Values{"csrf": {token}}.Encode(), cookie), 303, "")
	if len(out.Cookies) != 1 || !strings.Contains(out.Cookies[0], "Max-Age=0") {
		t.Errorf("signing out gives the cookies %q", out.Cookies)
	}
}

// expectPages looks at every page and asks every report, while a statement that refers to another is not indexed yet.
func (s *stack) expectPages(t *testing.T, console *emulator, operator admin.Made, cookie string) {
	t.Helper()
	comment := statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a11", "http://example.com/commented", referenceTo(tiedID(31)))
	s.expect(t, "a statement that refers to another", requestEvent(t, "POST", "/xapi/statements", jsonOf(t, comment)), 200, "")

	const knot = "http%3A%2F%2Fexample.com%2Fknot%2F1"
	var ada struct{ Key string }
	told := expect(t, console, "a learner", getting(t, "/reports/learner?identity=mbox%3Amailto%3Aada%40example.com", cookie), 200, knotOf(1)).Body
	if err := json.Unmarshal([]byte(told), &ada); err != nil || ada.Key == "" {
		t.Fatalf("the learner has the key %q, %v: %s", ada.Key, err, told)
	}
	for _, x := range []struct{ path, contains string }{
		{"/console/", "tied"},
		{"/console/live", ""},
		{"/console/activities", "knot%2F1"},
		{"/console/activity?id=" + knot, knotOf(1)},
		{"/console/learners", "ada@example.com"},
		{"/console/learners?course=" + knot, "ada@example.com"},
		{"/console/learner?key=" + ada.Key, "knot%2F1"},
		{"/console/sessions?key=" + ada.Key + "&course=" + knot, "session-1"},
		{"/console/statements", "commented"},
		{"/console/statements?verb=http%3A%2F%2Fexample.com%2Fcommented", "commented"},
		{"/console/statements?agent=mailto%3Aada%40example.com&activity=" + knot, knotOf(1)},
		{"/console/statements?registration=5d2a0c1e-0000-4000-8000-000000000001", ""},
		{"/reports/activities?platform=phone", `"activities"`},
		{"/reports/sessions?key=" + ada.Key + "&course=" + knot, knotOf(1)},
		{"/reports/overview?group=knots", `"learners":1`},
		{"/reports/learners?state=begun&course=" + knot + "&group=knots&modality=e-learning", "ada@example.com"},
	} {
		expect(t, console, x.path, getting(t, x.path, cookie), 200, x.contains)
	}
	form := url.Values{"key": {operator.ID}, "secret": {operator.Secret}}.Encode()
	in := expect(t, console, "signing in as an operator", posting(t, "/console/signin", form, ""), 303, "")
	cookie, _, _ = strings.Cut(in.Cookies[0], ";")
	page := expect(t, console, "the keys", getting(t, "/console/keys", cookie), 200, "A manager")
	_, token, _ := strings.Cut(page.Body, `name="csrf" value="`)
	token, _, _ = strings.Cut(token, `"`)
	for path, form := range map[string]url.Values{
		"/console/keys":        {"label": {"Another course"}, "scope": {"statements/write"}},
		"/console/keys/rotate": {"id": {"events"}},
	} {
		form.Set("csrf", token)
		expect(t, console, path, posting(t, path, form.Encode(), cookie), 200, "secret")
	}
}

// knotOf is what one of the batch's statements is about.
func knotOf(i int) string { return fmt.Sprintf("http://example.com/knot/%d", i) }

// posting is a form that a browser sends, and getting a page that it asks for.
func posting(t *testing.T, path, form, cookie string) []byte {
	t.Helper()
	return browsing(t, "console-post-signin", path, base64.StdEncoding.EncodeToString([]byte(form)), cookie)
}

func getting(t *testing.T, path, cookie string) []byte {
	t.Helper()
	return browsing(t, "console-get-signin", path, "", cookie)
}

func browsing(t *testing.T, like, path, body, cookie string) []byte {
	t.Helper()
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(readEvent(t, like), &event); err != nil {
		t.Fatal(err)
	}
	event.RawPath, event.RawQueryString, _ = strings.Cut(path, "?")
	event.Body = body
	if cookie != "" {
		event.Cookies = []string{cookie}
	}
	delete(event.Headers, "accept-encoding")
	return jsonOf(t, event)
}

// untilKeptUp hands upkeep what rang in vain, and ticks until what the operators asked for is done.
func (s *stack) untilKeptUp(t *testing.T, operator admin.Made) {
	t.Helper()
	upkeep := s.run(t, "upkeep")
	var failed events.SQSEventResponse
	upkeep.invoke(t, readEvent(t, "upkeep-lost-rings"), &failed)
	if len(failed.BatchItemFailures) != 1 || failed.BatchItemFailures[0].ItemIdentifier != "no-ring" {
		t.Errorf("of the lost rings come again: %v", failed)
	}
	var nothing any
	upkeep.invoke(t, readEvent(t, "upkeep-tick"), &nothing)
	s.index.invoke(t, readEvent(t, "index-tick"), &nothing) // which rebuilds
	s.aggregate.invoke(t, readEvent(t, "aggregate-tick"), &nothing)
	status := s.expect(t, "the status, kept up", by(t, operator, requestEvent(t, "GET", "/admin/status", nil)), 200, `"count":4`).Body
	for _, part := range []string{`"last":{`, `"lostRings":3`, `"unheardRings":3`, `"generation":2`} {
		if !strings.Contains(status, part) {
			t.Errorf("the status has no %s: %s", part, status)
		}
	}
	from := time.Now().UTC().Format(time.RFC3339Nano)
	comment := statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a09", "http://example.com/commented", referenceTo(plainID))
	for _, x := range []exchange{{"a comment", "POST", "/xapi/statements", jsonOf(t, comment), 200, ""},
		{"a verification of it", "POST", "/admin/verification", jsonOf(t, object{"from": from}), 202, ""}} {
		s.expect(t, x.name, by(t, operator, requestEvent(t, x.method, x.target, x.body)), x.status, x.contains)
	}
	s.untilIndexed(t)
	upkeep.invoke(t, readEvent(t, "upkeep-tick"), &nothing)
	status = s.expect(t, "the status, once more", by(t, operator, requestEvent(t, "GET", "/admin/status", nil)), 200, `"from":"`+from[:19]).Body
	if strings.Contains(status, `"running"`) || strings.Contains(status, `"wanted"`) {
		t.Errorf("upkeep is not through: %s", status)
	}
}

// expectNothingOfLearners stops the functions, and looks through all that they said for what the events hold of learners, and for secrets.
func (s *stack) expectNothingOfLearners(t *testing.T) {
	t.Helper()
	for _, f := range s.running {
		f.stop()
		for line := range strings.Lines(f.said.String()) {
			for _, secret := range []string{"ada@", "Ada", "only-for-the-events", "Knoten", "Knots", "uthorization", "sketch"} {
				if strings.Contains(line, secret) {
					t.Errorf("a function said %q: %s", secret, line)
				}
			}
		}
	}
}
