package lambda

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/infra/local/parts"
	"cairn/infra/local/partstest"
	"cairn/internal/auth"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
	"cairn/internal/projection"
)

// The statements that the events post.
const (
	plainID    = "6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a01"
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
}

// every is the 256 bytes.
func every() string {
	var b strings.Builder
	for i := range 256 {
		b.WriteByte(byte(i))
	}
	return b.String()
}

// stack is both functions over the real parts, as the template puts them together.
type stack struct {
	api, index *emulator
	store      *dynamo.Store
}

func newStack(t *testing.T) *stack {
	t.Helper()
	tm := readTemplate(t)
	tm.Parameters["FlushSeconds"] = parameter{"0"}
	tm.Parameters["CorsOrigins"] = parameter{"https://course.example.com"}
	names := map[kv.Table]string{}
	for _, table := range kv.Tables {
		names[table] = tm.environment("api")["TABLE_"+strings.ToUpper(string(table))]
	}
	db := partstest.DynamoDB(t)
	client := dynamodb.NewFromConfig(db.Config())
	if err := dynamo.CreateTables(t.Context(), client, names); err != nil {
		t.Fatal(err)
	}
	objects := startS3(t, tm.environment("api")["BUCKET"])
	run := func(function string) *emulator {
		environment, allowed := tm.environment(function), tm.role(t, function)
		environment["AWS_ENDPOINT_URL_DYNAMODB"] = guard(t, function, allowed, db.Endpoint, dynamoActions)
		environment["AWS_ENDPOINT_URL_S3"] = guard(t, function, allowed, objects.Endpoint, s3Actions)
		environment["AWS_REGION"] = objects.Config().Region
		environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"] = objects.Access, objects.Secret
		return start(t, function, environment)
	}
	return &stack{api: run("api"), index: run("index"), store: dynamo.New(client, names)}
}

func startS3(t *testing.T, bucket string) *parts.Part {
	t.Helper()
	server, err := parts.S3(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	client := s3sdk.NewFromConfig(server.Config(), func(o *s3sdk.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(t.Context(), &s3sdk.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	return server
}

// ask posts an event to the api function and returns the answer with its body as bytes.
func (s *stack) ask(t *testing.T, event []byte) (answer events.APIGatewayV2HTTPResponse) {
	t.Helper()
	s.api.invoke(t, event, &answer)
	if answer.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body = string(body)
	}
	return answer
}

func TestFunctionsAnswerTheirEvents(t *testing.T) {
	s := newStack(t)
	key := auth.NewKey{ID: "events", Secret: "only-for-the-events", Scopes: auth.All, HomePage: "https://lrs.example.com"}
	if _, _, err := auth.New(s.store).Make(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	posted := map[string]bool{"index-stream": true, "index-tick": true}
	for _, e := range apiEvents {
		posted[e.event] = true
		s.expect(t, e.event, readEvent(t, e.event), e.status, e.contains)
	}
	for _, x := range breadth(t) {
		s.expect(t, x.name, requestEvent(t, x.method, x.target, x.body), x.status, x.contains)
	}
	s.untilIndexed(t)
	s.expect(t, "once indexed", readEvent(t, "api-get-statements"), 200, attachedID)
	s.expect(t, "once indexed, by verb", requestEvent(t, "GET", "/xapi/statements?verb=http://example.com/tied", nil), 200, "/knot/6")

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

func (s *stack) expect(t *testing.T, name string, event []byte, status int, contains string) {
	t.Helper()
	answer := s.ask(t, event)
	if answer.StatusCode != status || !strings.Contains(answer.Body, contains) {
		t.Errorf("%s: %d, want %d; the body has no %.100q:\n%.1000q", name, answer.StatusCode, status, contains, answer.Body)
	}
	if strings.Contains(name, "-head-") && (answer.Body != "" || answer.Headers["Etag"] == "") {
		t.Errorf("%s: the body is %q, the headers %v", name, answer.Body, answer.Headers)
	}
}

// newest is when the newest statement was stored.
func (s *stack) newest(t *testing.T) time.Time {
	t.Helper()
	var list struct{ Statements []struct{ Stored time.Time } }
	answer := s.ask(t, requestEvent(t, "GET", "/xapi/statements?limit=1", nil))
	if err := json.Unmarshal([]byte(answer.Body), &list); err != nil || len(list.Statements) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	return list.Statements[0].Stored
}

// untilIndexed rings and ticks until the index's checkpoint is past what was posted: no sooner than the horizon is.
func (s *stack) untilIndexed(t *testing.T) {
	t.Helper()
	newest := s.newest(t)
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(500 * time.Millisecond) {
		var nothing any
		s.index.invoke(t, readEvent(t, "index-stream"), &nothing)
		checkpoint, err := projection.Read(t.Context(), s.store, index.Name, 1)
		if err != nil {
			t.Fatal(err)
		}
		if s.index.invoke(t, readEvent(t, "index-tick"), &nothing); nothing != nil {
			t.Fatalf("the index function answers %v", nothing)
		}
		if checkpoint.Through.Time().After(newest) {
			if len(checkpoint.Pending) > 0 {
				t.Errorf("pending: %v", checkpoint.Pending)
			}
			return
		}
	}
	t.Fatal("after 20 seconds of rings the checkpoint is not past what was posted")
}
