package lambda

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/infra/local/parts"
	"cairn/internal/admin"
	"cairn/internal/auth"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
	"cairn/internal/projection"
)

// stack is the functions over the real parts, as the template puts them together.
type stack struct {
	template   template
	api, index *emulator
	store      *dynamo.Store
	dynamoDB   string // its address
	objects    *parts.Part
	calls      calls
}

// newStack starts the parts, and the functions that serve from morning to night. look, unless it is nil, stands before DynamoDB.
func newStack(t *testing.T, look func(w http.ResponseWriter, r *http.Request, body []byte) bool) *stack {
	t.Helper()
	tm := readTemplate(t, map[string]string{"FlushSeconds": "0", "CorsOrigins": "https://course.example.com", "KeyArn": ownKey, "Tracing": "Active"})
	names := map[kv.Table]string{}
	for _, table := range kv.Tables {
		names[table] = tm.environment("api")["TABLE_"+strings.ToUpper(string(table))]
	}
	db, err := parts.DynamoDB(t.Context(), "") // tables of two stacks have the same names
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	client := dynamodb.NewFromConfig(db.Config())
	if err := dynamo.CreateTables(t.Context(), client, names); err != nil {
		t.Fatal(err)
	}
	s := &stack{template: tm, store: dynamo.New(client, names), objects: startS3(t, tm.environment("api")["BUCKET"])}
	s.dynamoDB = db.Endpoint
	if look != nil {
		s.dynamoDB = between(t, db.Endpoint, look)
	}
	s.api, s.index = s.run(t, "api"), s.run(t, "index")
	return s
}

// run starts a function with what the template gives it.
func (s *stack) run(t *testing.T, function string) *emulator {
	t.Helper()
	environment, allowed := s.template.environment(function), s.template.role(t, function)
	environment["AWS_ENDPOINT_URL_DYNAMODB"] = s.calls.guard(t, function, allowed, s.dynamoDB, dynamoActions)
	environment["AWS_ENDPOINT_URL_S3"] = s.calls.guard(t, function, allowed, s.objects.Endpoint, s3Actions)
	environment["AWS_REGION"] = s.objects.Config().Region
	environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"] = s.objects.Access, s.objects.Secret
	return start(t, function, environment)
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

// expect posts an event to the api function and looks at what it is answered.
func (s *stack) expect(t *testing.T, name string, event []byte, status int, contains string) events.APIGatewayV2HTTPResponse {
	t.Helper()
	answer := s.ask(t, event)
	if answer.StatusCode != status || !strings.Contains(answer.Body, contains) {
		t.Errorf("%s: %d, want %d; the body has no %.100q:\n%.1000q", name, answer.StatusCode, status, contains, answer.Body)
	}
	return answer
}

// makeKey makes the key that the events are sent by.
func (s *stack) makeKey(t *testing.T) {
	t.Helper()
	key := auth.NewKey{ID: "events", Secret: "only-for-the-events", Scopes: auth.All, HomePage: "https://lrs.example.com"}
	if _, _, err := auth.New(s.store).Make(t.Context(), key); err != nil {
		t.Fatal(err)
	}
}

// firstKey is made as the stack's outputs say: by the keys function.
func (s *stack) firstKey(t *testing.T) (made admin.Made) {
	t.Helper()
	s.run(t, "keys").invoke(t, readEvent(t, "keys-first"), &made)
	return made
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
		checkpoint := s.checkpoint(t)
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

func (s *stack) checkpoint(t *testing.T) projection.Checkpoint {
	t.Helper()
	c, err := projection.Read(t.Context(), s.store, index.Name, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
