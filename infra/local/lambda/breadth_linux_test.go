package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

const (
	voidingID  = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a03"
	stateQuery = "activityId=http%3A%2F%2Fexample.com%2Factivities%2Fknots&agent=%7B%22mbox%22%3A%22mailto%3Aada%40example.com%22%7D"
)

// exchange is a request, and what it is answered.
type exchange struct {
	name, method, target string
	body                 []byte
	status               int
	contains             string
}

// breadth is requests that have the functions make every kind of call to their storage, so that the guard sees whether the
// template's roles allow it. They go on from what the events left.
func breadth(t *testing.T) []exchange {
	many, large, larger := batch(t, 60), randomText(300<<10), randomText(300<<10)
	return []exchange{
		{"a batch in several parts, which voids", "POST", "/xapi/statements", many, 200, voidingID},
		{"the batch again", "POST", "/xapi/statements", many, 200, voidingID},
		{"the voided statement", "GET", "/xapi/statements?voidedStatementId=" + plainID, nil, 200, "Knoten"},
		{"the voided statement as if it were not", "GET", "/xapi/statements?statementId=" + plainID, nil, 404, ""},
		{"all statements", "GET", "/xapi/statements?limit=5", nil, 200, `"more":"/xapi/`},
		{"an activity", "GET", "/xapi/activities?activityId=http://example.com/activities/knots", nil, 200, "Knots"},
		{"an agent", "GET", "/xapi/agents?agent=%7B%22mbox%22%3A%22mailto%3Aada%40example.com%22%7D", nil, 200, "Person"},
		{"a document too large for an item", "PUT", "/xapi/activities/state?stateId=large&" + stateQuery, large, 204, ""},
		{"another in its place", "PUT", "/xapi/activities/state?stateId=large&" + stateQuery, larger, 204, ""},
		{"the document", "GET", "/xapi/activities/state?stateId=large&" + stateQuery, nil, 200, string(larger)},
		{"a document that is not there", "GET", "/xapi/activities/state?stateId=none&" + stateQuery, nil, 404, ""},
		{"deleting it", "DELETE", "/xapi/activities/state?stateId=large&" + stateQuery, nil, 204, ""},
		{"the documents", "GET", "/xapi/activities/state?" + stateQuery, nil, 200, `["sketch"]`},
		{"deleting all", "DELETE", "/xapi/activities/state?" + stateQuery, nil, 204, ""},
	}
}

// batch is n statements that compress badly; the last voids the one that the events posted, and one refers to another.
func batch(t *testing.T, n int) []byte {
	t.Helper()
	statement := func(id, verb string, object map[string]any) map[string]any {
		return map[string]any{
			"id": id, "actor": map[string]any{"mbox": "mailto:ada@example.com"}, "verb": map[string]any{"id": verb}, "object": object,
			"context": map[string]any{"extensions": map[string]any{"http://example.com/noise": string(randomText(1000))}},
		}
	}
	reference := func(id string) map[string]any { return map[string]any{"objectType": "StatementRef", "id": id} }
	list := []any{statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a04", "http://example.com/commented", reference(attachedID))}
	for i := range n - 2 {
		id := fmt.Sprintf("6f0e5c5e-6b1c-4b86-9b0e-%012d", i)
		list = append(list, statement(id, "http://example.com/tied", map[string]any{"id": fmt.Sprintf("http://example.com/knot/%d", i%7)}))
	}
	list = append(list, statement(voidingID, "http://adlnet.gov/expapi/verbs/voided", reference(plainID)))
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func randomText(n int) []byte {
	half := make([]byte, n/2)
	rand.Read(half)
	return []byte(hex.EncodeToString(half))
}

// requestEvent is an event of our own making.
func requestEvent(t *testing.T, method, target string, body []byte) []byte {
	t.Helper()
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(readEvent(t, "api-get-statement"), &event); err != nil {
		t.Fatal(err)
	}
	event.RequestContext.HTTP.Method = method
	event.RawPath, event.RawQueryString, _ = strings.Cut(target, "?")
	event.Body = string(body)
	event.Headers["content-type"] = "text/plain"
	if method == http.MethodPost {
		event.Headers["content-type"] = "application/json"
	}
	text, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
