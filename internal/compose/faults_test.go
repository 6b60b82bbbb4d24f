package compose

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// exchange is a request to the API, without a network between.
type exchange struct {
	method, path, kind, body string
	headers                  []string
}

func (x exchange) do(h http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequest(x.method, "/xapi"+x.path, strings.NewReader(x.body))
	r.SetBasicAuth("key", "secret")
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	if x.kind != "" {
		r.Header.Set("Content-Type", x.kind)
	}
	for i := 0; i < len(x.headers); i += 2 {
		r.Header.Set(x.headers[i], x.headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func sent(method, path, body string, headers ...string) exchange {
	return exchange{method, path, "application/json", body, headers}
}

func asked(path string) exchange { return exchange{method: http.MethodGet, path: path} }

func statementOf(n int, object string) string {
	return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-%012d","actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":%s,`+
		`"timestamp":"2026-01-01T00:00:00Z"}`, n, object)
}

func voidingOf(n, target int) string {
	return strings.Replace(statementOf(n, fmt.Sprintf(`{"objectType":"StatementRef","id":"00000000-0000-4000-8000-%012d"}`, target)),
		"http://example.com/did", "http://adlnet.gov/expapi/verbs/voided", 1)
}

// withAttachment is a multipart body of a statement with an attachment.
func withAttachment(n int, content string) exchange {
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	statement := strings.TrimSuffix(statementOf(n, `{"id":"http://example.com/thing"}`), "}") + fmt.Sprintf(
		`,"attachments":[{"usageType":"http://example.com/file","display":{"en":"file"},"contentType":"text/plain","length":%d,"sha2":%q}]}`, len(content), hash)
	return exchange{http.MethodPost, "/statements", `multipart/mixed; boundary=b`, "--b\r\nContent-Type: application/json\r\n\r\n" + statement +
		"\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: " + hash + "\r\n\r\n" + content + "\r\n--b--\r\n", nil}
}

var (
	thing = `{"id":"http://example.com/thing","definition":{"name":{"en":"Thing"}}}`
	ada   = url.QueryEscape(`{"mbox":"mailto:ada@example.com"}`)
	state = "/activities/state?activityId=http://example.com/thing&agent=" + ada
	large = fmt.Sprintf(`{"large":%q}`, strings.Repeat("x", 400<<10)) // beyond an item: it goes to the blobs
	many  = func() string {                                           // several parts
		var all []string
		for i := range 40 {
			all = append(all, statementOf(100+i, fmt.Sprintf(`{"id":"http://example.com/%x"}`, sha512.Sum512(fmt.Append(nil, i, large)))))
		}
		return "[" + strings.Join(all, ",") + "]"
	}()
)

// operations are the requests that are made to fail, each on top of what before stored.
var operations = map[string]struct {
	before []exchange
	do     exchange
}{
	"put a statement":      {nil, sent("PUT", "/statements?statementId=00000000-0000-4000-8000-000000000001", statementOf(1, thing))},
	"post a statement":     {nil, sent("POST", "/statements", statementOf(1, thing))},
	"post several parts":   {nil, sent("POST", "/statements", many)},
	"post with attachment": {nil, withAttachment(1, "content")},
	"post what is partly stored": {[]exchange{sent("POST", "/statements", statementOf(1, thing))},
		sent("POST", "/statements", "["+statementOf(1, thing)+","+statementOf(2, thing)+"]")},
	"post another under a stored id": {[]exchange{sent("POST", "/statements", statementOf(1, thing))}, sent("POST", "/statements", statementOf(1, `{"id":"http://example.com/other"}`))},
	"void":                           {[]exchange{sent("POST", "/statements", statementOf(1, thing))}, sent("POST", "/statements", voidingOf(2, 1))},
	"void what is to come":           {nil, sent("POST", "/statements", voidingOf(2, 1))},
	"store what was voided before":   {[]exchange{sent("POST", "/statements", voidingOf(2, 1))}, sent("POST", "/statements", statementOf(1, thing))},
	"get a statement":                {[]exchange{sent("POST", "/statements", statementOf(1, thing))}, asked("/statements?statementId=00000000-0000-4000-8000-000000000001")},
	"get with attachments":           {[]exchange{withAttachment(1, "content")}, asked("/statements?attachments=true")},
	"list everything":                {[]exchange{sent("POST", "/statements", many)}, asked("/statements?limit=5")},
	"list by two filters":            {[]exchange{sent("POST", "/statements", many)}, asked("/statements?limit=5&verb=http://example.com/did&agent=" + ada)},
	"list in canonical form":         {[]exchange{sent("POST", "/statements", statementOf(1, thing))}, asked("/statements?format=canonical&agent=" + ada)},
	"get an activity":                {[]exchange{sent("POST", "/statements", statementOf(1, thing))}, asked("/activities?activityId=http://example.com/thing")},
	"get a person":                   {nil, asked("/agents?agent=" + ada)},
	"put a state":                    {nil, sent("PUT", state+"&stateId=s", `{"a":1}`)},
	"put a large state":              {[]exchange{sent("PUT", state+"&stateId=s", `{"a":1}`)}, sent("PUT", state+"&stateId=s", large)},
	"merge into a state":             {[]exchange{sent("PUT", state+"&stateId=s", large)}, sent("POST", state+"&stateId=s", `{"b":2}`)},
	"get a large state":              {[]exchange{sent("PUT", state+"&stateId=s", large)}, asked(state + "&stateId=s")},
	"list states":                    {[]exchange{sent("PUT", state+"&stateId=s", `{}`)}, asked(state)},
	"delete a state":                 {[]exchange{sent("PUT", state+"&stateId=s", large)}, sent("DELETE", state+"&stateId=s", "")},
	"delete all states":              {[]exchange{sent("PUT", state+"&stateId=s", large), sent("PUT", state+"&stateId=t", `{}`)}, sent("DELETE", state, "")},
	"put an agent profile":           {nil, sent("PUT", "/agents/profile?profileId=p&agent="+ada, `{"a":1}`, "If-None-Match", `"other"`)},
	"merge into an activity profile": {nil, sent("POST", "/activities/profile?profileId=p&activityId=http://example.com/thing", `{"a":1}`)},
}

// visible is all that the operations can change, as a client sees it.
var visible = []exchange{
	asked("/statements?ascending=true"), asked("/statements?agent=" + ada), asked("/statements?statementId=00000000-0000-4000-8000-000000000001"),
	asked("/statements?voidedStatementId=00000000-0000-4000-8000-000000000001"), asked("/statements?attachments=true"),
	asked("/activities?activityId=http://example.com/thing"), asked(state), asked(state + "&stateId=s"),
	asked("/agents/profile?profileId=p&agent=" + ada), asked("/activities/profile?profileId=p&activityId=http://example.com/thing"),
}

// fault is how a call to one of the ports fails.
type fault struct {
	name string
	wrap func(store kv.Store, blobs blob.Store, nth int) (kv.Store, blob.Store, func() bool)
}

func kvFault(name string, plan kvtest.Plan) fault {
	return fault{name, func(store kv.Store, blobs blob.Store, nth int) (kv.Store, blob.Store, func() bool) {
		plan.Nth = nth
		failing := kvtest.Fail(store, plan)
		return failing, blobs, failing.Fired
	}}
}

func blobFault(name string, effect bool) fault {
	return fault{name, func(store kv.Store, blobs blob.Store, nth int) (kv.Store, blob.Store, func() bool) {
		failing := blobtest.Fail(blobs, nth, effect)
		return store, failing, failing.Fired
	}}
}

var faults = []fault{
	kvFault("a table fails", kvtest.Plan{}),
	kvFault("a table fails half way", kvtest.Plan{Effect: kvtest.Half}),
	kvFault("a table fails after its effect", kvtest.Plan{Effect: kvtest.Whole}),
	kvFault("a table is slow", kvtest.Plan{Effect: kvtest.Whole, Slow: time.Second}),
	kvFault("a table hangs", kvtest.Plan{Effect: kvtest.Whole, Slow: time.Minute}),
	kvFault("all tables fail from then on", kvtest.Plan{Forever: true}),
	blobFault("the objects fail", false),
	blobFault("the objects fail after their effect", true),
}

// TestEveryOperationUnderEveryFault has each call of each operation fail in each way. The operation then succeeds all the same, or says 503;
// sent again it succeeds; and in both cases what a client sees in the end is what one undisturbed request leaves.
func TestEveryOperationUnderEveryFault(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // thousands of faults are no news
	t.Cleanup(func() { slog.SetDefault(before) })
	embedded(t, nil) // what a process has one of, such as the codec, must be made outside of the bubbles
	count := 0
	for name, op := range operations {
		var clean *httptest.ResponseRecorder
		var wanted string
		inWorld(t, op.before, func(t *testing.T, w *faultWorld) {
			clean = op.do.do(w.healthy())
			wanted = w.seen()
		})
		for _, f := range faults {
			fired := true
			for nth := 1; fired; nth++ {
				inWorld(t, op.before, func(t *testing.T, w *faultWorld) {
					store, blobs, done := f.wrap(w.store, w.blobs, nth)
					first := op.do.do(w.api(store, blobs))
					if fired = done(); fired {
						count++
					}
					where := fmt.Sprintf("%s, %s at call %d", name, f.name, nth)
					if first.Code != clean.Code && (first.Code != http.StatusServiceUnavailable || !fired) {
						t.Errorf("%s: status %d: %s", where, first.Code, first.Body)
					}
					if first.Code == http.StatusServiceUnavailable && first.Header().Get("Retry-After") == "" {
						t.Errorf("%s: 503 without Retry-After", where)
					}
					if again := op.do.do(w.healthy()); again.Code != clean.Code {
						t.Errorf("%s: sent again: status %d, want %d: %s", where, again.Code, clean.Code, again.Body)
					}
					if got := w.seen(); got != wanted {
						t.Errorf("%s: a client sees\n%s\nwant\n%s", where, got, wanted)
					}
				})
			}
		}
	}
	t.Logf("%d operations, %d faults", len(operations), count)
	if count < 10*len(operations) {
		t.Errorf("only %d faults came to pass", count)
	}
}

// faultWorld is an embedded Cairn within a bubble, in which time passes at once.
type faultWorld struct {
	t     *testing.T
	store kv.Store
	blobs blob.Store
}

func inWorld(t *testing.T, before []exchange, do func(t *testing.T, w *faultWorld)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(dir, "cairn.db"), bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		blobs, err := files.Open(filepath.Join(dir, "blobs"), files.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		w := &faultWorld{t: t, store: db, blobs: blobs}
		key := auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: "http://localhost/xapi"}
		if _, _, err := auth.New(db).Make(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		for _, x := range before {
			if answer := x.do(w.healthy()); answer.Code >= 300 {
				t.Fatalf("before: status %d: %s", answer.Code, answer.Body)
			}
		}
		if err := Index(db, w.open(db), config.Index{}).Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		do(t, w)
	})
}

func (w *faultWorld) open(store kv.Store) *ledger.Ledger {
	w.t.Helper()
	l, err := ledger.Open(w.t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *faultWorld) healthy() http.Handler { return w.api(w.store, w.blobs) }

// api is the handler over stores that may fail; what it reads when it starts does not.
func (w *faultWorld) api(store kv.Store, blobs blob.Store) http.Handler {
	behind := &replaced{w.store}
	l := w.open(behind)
	behind.Store = store
	return API(behind, blobs, l, config.API{Fallback: xapi.V1})
}

// replaced is a store in whose place another is put.
type replaced struct{ kv.Store }

var passing = regexp.MustCompile(`"(stored|timestamp|more)":"[^"]*"`)

// seen is what a client sees, but for the times, and the place where a list goes on.
func (w *faultWorld) seen() string {
	var b bytes.Buffer
	for _, x := range visible {
		answer := x.do(w.healthy())
		body := answer.Body.Bytes()
		if kind := answer.Header().Get("Content-Type"); strings.HasPrefix(kind, "multipart/") {
			_, boundary, _ := strings.Cut(kind, "boundary=")
			body = bytes.ReplaceAll(body, []byte(boundary), []byte("boundary"))
		}
		body = passing.ReplaceAll(body, nil)
		if len(body) > 500 { // enough to see what it is, and whether it is the same
			body = fmt.Appendf(nil, "%.100s… (%d bytes, %x)", body, len(body), sha256.Sum256(body))
		}
		fmt.Fprintf(&b, "%s: %d %s\n", x.path, answer.Code, body)
	}
	return b.String()
}
