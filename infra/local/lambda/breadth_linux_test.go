package lambda

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/admin"
)

const (
	voidingID  = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a03"
	laterID    = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a04"
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
	list := batch()
	again := append([]object{statement(looseID, "http://example.com/tied", object{"id": "http://example.com/knot/8"})}, list[1:3]...)
	many, large, larger := jsonOf(t, list), randomText(300<<10), randomText(300<<10)
	return []exchange{
		{"a batch in several parts, which voids", "POST", "/xapi/statements", many, 200, voidingID},
		{"the batch again", "POST", "/xapi/statements", many, 200, voidingID},
		{"some of the batch again, and one more", "POST", "/xapi/statements", jsonOf(t, again), 200, ""},
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

// operators is what an operator's key is used for.
func operators() []exchange {
	return []exchange{
		{"making a key", "POST", "/admin/keys", []byte(`{"label":"A course","scopes":"statements/write","limits":{"requestsPerMinute":9}}`), 201, "secret"},
		{"the keys", "GET", "/admin/keys", nil, 200, "A course"},
		{"the trail", "GET", "/admin/audit", nil, 200, "list keys"},
		{"a key", "GET", "/admin/keys/events", nil, 200, "events"},
		{"changing it", "PATCH", "/admin/keys/events", []byte(`{"label":"Events"}`), 200, "Events"},
		{"rotating it", "POST", "/admin/keys/events/rotation", []byte(`{}`), 200, "secret"},
		{"a group", "PUT", "/admin/groups/knots", []byte(`{"label":"Who ties knots","members":["mbox:mailto:ada@example.com","mbox:mailto:nobody@example.com"]}`), 200, "nobody"},
		{"another group", "PUT", "/admin/groups/ships", []byte(`{"members":[]}`), 200, "ships"},
		{"taking it away", "DELETE", "/admin/groups/ships", nil, 204, ""},
		{"the groups", "GET", "/admin/groups", nil, 200, "Who ties knots"},
		{"the group", "GET", "/admin/groups/knots", nil, 200, "nobody"},
		{"a person", "PUT", "/admin/people", []byte(`{"identities":["mbox:mailto:ada@example.com","openid:http://example.com/ada"]}`), 200, "rebuild"},
		{"the person", "GET", "/admin/people?identity=openid:http://example.com/ada", nil, 200, "mbox"},
		{"rules", "PUT", "/admin/modalities", []byte(`{"modalities":[{"platform":"tablet","modality":"mobile"}]}`), 200, "tablet"},
		{"a verification", "POST", "/admin/verification", []byte(`{"mend":true}`), 202, ""},
		{"a rebuild", "POST", "/admin/rebuild", []byte(`{}`), 202, ""},
		{"the status", "GET", "/admin/status", nil, 200, `"wanted"`},
	}
}

// by is an event sent by another key.
func by(t *testing.T, key admin.Made, event []byte) []byte {
	t.Helper()
	var request events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(event, &request); err != nil {
		t.Fatal(err)
	}
	request.Headers["authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(key.ID+":"+key.Secret))
	return jsonOf(t, request)
}

type object = map[string]any

func statement(id, verb string, of object) object {
	return object{
		"id": id, "actor": object{"mbox": "mailto:ada@example.com"}, "verb": object{"id": verb}, "object": of,
		"context": object{"extensions": object{"http://example.com/noise": string(randomText(1000))}},
	}
}

func referenceTo(id string) object { return object{"objectType": "StatementRef", "id": id} }

func voiding(id, target string) object {
	return statement(id, "http://adlnet.gov/expapi/verbs/voided", referenceTo(target))
}

// batch is 60 statements that compress badly. The last voids one that the events posted. 23 refer to one that comes later: with the voided
// one, 26 rows of who refers to whom, of which the index inserts 25 together and the last by itself.
func batch() (list []object) {
	for i := range 60 - 1 {
		id, verb, of := tiedID(i), "http://example.com/tied", object{"id": fmt.Sprintf("http://example.com/knot/%d", i%7)}
		if i < 23 {
			verb, of = "http://example.com/commented", referenceTo(laterID)
		}
		list = append(list, statement(id, verb, of))
	}
	return append(list, voiding(voidingID, plainID))
}

func tiedID(i int) string { return fmt.Sprintf("6f0e5c5e-6b1c-4b86-9b0e-%012d", i) }

// unmarking is the statement that was referred to, one that voids the other that the events posted, and one that refers to a third.
func unmarking() []object {
	return []object{
		statement(laterID, "http://example.com/untied", object{"id": "http://example.com/knot/1"}),
		voiding("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a05", attachedID),
		statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a06", "http://example.com/commented", referenceTo(tiedID(30))),
	}
}

// unmarkingToo voids one that the index is not told of before it is counted: two statements, since one alone is claimed by a write to the ids.
func unmarkingToo() []object {
	return []object{
		voiding("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a10", looseID),
		statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a12", "http://example.com/tied", object{"id": "http://example.com/knot/2"}),
	}
}

func jsonOf(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
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
	if method == http.MethodPost || method == http.MethodPatch || strings.HasPrefix(target, "/admin/") {
		event.Headers["content-type"] = "application/json"
	}
	return jsonOf(t, event)
}
