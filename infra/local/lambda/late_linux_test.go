package lambda

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cairn/internal/index"
)

const lateID = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7b01"

// TestABellWithALatecomer: a head is put when its writer has long given up and the index has gone past its position. Lists do not have it
// until its ring is heard; from then on they have it, first as pending, then from the index.
func TestABellWithALatecomer(t *testing.T) {
	var delaying, refusing atomic.Bool
	var delayed atomic.Pointer[http.Request]
	s := newStack(t, func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		if refusing.Load() && strings.HasSuffix(dynamoActions(r, body)[0], "Insert indextable") {
			http.Error(w, `{"__type":"ResourceNotFoundException"}`, http.StatusBadRequest)
			return true
		}
		if !delaying.Load() || dynamoActions(r, body)[0] != "dynamodb:PutItem logtable" {
			return false
		}
		later := r.Clone(t.Context())
		later.Body = io.NopCloser(bytes.NewReader(body))
		delayed.CompareAndSwap(nil, later)
		<-r.Context().Done() // no answer: whether it takes effect is not known
		return true
	})
	s.makeKey(t)
	posting := func(id, verb string) []byte {
		return requestEvent(t, "POST", "/xapi/statements", jsonOf(t, statement(id, verb, object{"id": "http://example.com/knot/1"})))
	}
	const query = "/xapi/statements?verb=http://example.com/late"
	byVerb := requestEvent(t, "GET", query, nil)

	delaying.Store(true)
	answer := s.expect(t, "a statement that is not committed in time", posting(lateID, "http://example.com/late"), 503, "sending it again is safe")
	if answer.Headers["Retry-After"] == "" {
		t.Errorf("503 without Retry-After: %v", answer.Headers)
	}
	delaying.Store(false)
	s.expect(t, "one that is", posting("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7b02", "http://example.com/tied"), 200, "")
	s.untilIndexed(t)
	s.expect(t, "the first, by its id", requestEvent(t, "GET", "/xapi/statements?statementId="+lateID, nil), 404, "")

	ring := s.commitLate(t, delayed.Load())
	s.expect(t, "once committed, by its id", requestEvent(t, "GET", "/xapi/statements?statementId="+lateID, nil), 200, lateID)
	if list := s.expect(t, "before the ring", byVerb, 200, ""); strings.Contains(list.Body, lateID) {
		t.Fatal("the index has not gone past the late entry: this test shows nothing")
	}
	refusing.Store(true) // else it is pending no longer than the ring takes
	if failure := s.index.try(t, ring, new(any)); !strings.Contains(failure, "writing index rows") {
		t.Errorf("a run that cannot write fails with %q", failure)
	}
	refusing.Store(false)
	if pending := s.checkpoint(t, index.Name).Pending; len(pending) != 1 {
		t.Errorf("after the ring %d entries are pending, want 1", len(pending))
	}
	s.expect(t, "while it is pending", byVerb, 200, lateID)
	s.index.invoke(t, readEvent(t, "index-tick"), new(any))
	if pending := s.checkpoint(t, index.Name).Pending; len(pending) != 0 {
		t.Errorf("after a tick are pending: %v", pending)
	}
	s.expect(t, "once indexed", byVerb, 200, lateID)
}

// commitLate lets a head that was held back take effect, and returns the ring that the stream makes of it.
func (s *stack) commitLate(t *testing.T, put *http.Request) (ring []byte) {
	t.Helper()
	if put == nil {
		t.Fatal("no head was held back")
	}
	var item struct {
		Item map[string]struct{ B []byte }
	}
	body := new(bytes.Buffer)
	if _, err := body.ReadFrom(put.Body); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body.Bytes(), &item); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.dynamoDB, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = put.Header
	res, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the late commit: %s", res.Status)
	}
	var event struct{ Records []object }
	if err := json.Unmarshal(readEvent(t, "log-stream"), &event); err != nil {
		t.Fatal(err)
	}
	record := event.Records[0]["dynamodb"].(object)
	record["ApproximateCreationDateTime"] = time.Now().Unix()
	record["Keys"] = object{"p": object{"B": item.Item["p"].B}, "s": object{"B": item.Item["s"].B}}
	return jsonOf(t, object{"Records": event.Records[:1]})
}
