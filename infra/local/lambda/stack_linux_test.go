package lambda

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
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
	"cairn/internal/report"
)

// stack is the functions over the real parts, as the template puts them together.
type stack struct {
	template              template
	api, index, aggregate *emulator
	db                    *dynamodb.Client
	names                 map[kv.Table]string
	store                 *dynamo.Store
	dynamoDB              string // its address
	objects               *parts.Part
	calls                 calls
	running               []*emulator
}

// newStack starts the parts, and the functions that serve from morning to night. look, unless it is nil, stands before DynamoDB.
func newStack(t *testing.T, look func(w http.ResponseWriter, r *http.Request, body []byte) bool) *stack {
	t.Helper()
	db := startDynamoDB(t)
	s := &stack{db: dynamodb.NewFromConfig(db.Config()), dynamoDB: db.Endpoint, objects: startS3(t)}
	if look != nil {
		s.dynamoDB = between(t, db.Endpoint, look)
	}
	s.deploy(t, nil)
	s.api, s.index, s.aggregate = s.run(t, "api"), s.run(t, "index"), s.run(t, "aggregate")
	return s
}

// deploy reads the template with these parameters, and makes the tables that are not there.
func (s *stack) deploy(t *testing.T, parameters map[string]string) {
	t.Helper()
	all := map[string]string{"FlushSeconds": "0", "CorsOrigins": "https://course.example.com", "KeyArn": ownKey, "Tracing": "Active", "LogShards": "4", "LogLevel": "debug"}
	maps.Copy(all, parameters)
	s.template, s.names = readTemplate(t, all), map[kv.Table]string{}
	for _, table := range kv.Tables {
		s.names[table] = s.template.environment("api")["TABLE_"+strings.ToUpper(string(table))]
	}
	if err := dynamo.CreateTables(t.Context(), s.db, s.names); err != nil {
		t.Fatal(err)
	}
	s.store = dynamo.New(s.db, s.names)
}

// run starts a function with what the template gives it.
func (s *stack) run(t *testing.T, function string) *emulator {
	t.Helper()
	environment, allowed := s.template.environment(function), s.template.role(t, function)
	environment["AWS_ENDPOINT_URL_DYNAMODB"] = s.calls.guard(t, function, allowed, s.dynamoDB, dynamoActions)
	environment["AWS_ENDPOINT_URL_S3"] = s.calls.guard(t, function, allowed, s.objects.Endpoint, s3Actions)
	environment["AWS_ENDPOINT_URL_SQS"] = s.calls.queues(t, function, allowed)
	environment["AWS_REGION"] = s.objects.Config().Region
	environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"] = s.objects.Access, s.objects.Secret
	e := start(t, function, environment)
	s.running = append(s.running, e)
	return e
}

// startDynamoDB starts one for a stack alone: the tables of all stacks have the same names.
func startDynamoDB(t *testing.T) *parts.Part {
	t.Helper()
	db, err := parts.DynamoDB(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	return db
}

// startS3 starts a server with the stack's buckets.
func startS3(t *testing.T) *parts.Part {
	t.Helper()
	server, err := parts.S3(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	for _, name := range []string{bucket, exportBucket} {
		if _, err := objectsOf(server).CreateBucket(t.Context(), &s3sdk.CreateBucketInput{Bucket: aws.String(name)}); err != nil {
			t.Fatal(err)
		}
	}
	return server
}

// What these tests call the template's buckets.
const (
	bucket       = "bucket"
	exportBucket = "exportbucket"
)

func objectsOf(server *parts.Part) *s3sdk.Client {
	return s3sdk.NewFromConfig(server.Config(), func(o *s3sdk.Options) { o.UsePathStyle = true })
}

// ask posts an event to the api function and returns the answer with its body as bytes.
func (s *stack) ask(t *testing.T, event []byte) events.APIGatewayV2HTTPResponse {
	t.Helper()
	return ask(t, s.api, event)
}

// ask posts an event to a function behind the gateway.
func ask(t *testing.T, function *emulator, event []byte) (answer events.APIGatewayV2HTTPResponse) {
	t.Helper()
	function.invoke(t, event, &answer)
	if answer.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body = string(body)
	}
	if answer.Headers["Content-Encoding"] == "gzip" {
		unzipped, err := gzip.NewReader(strings.NewReader(answer.Body))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(unzipped)
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
	return expect(t, s.api, name, event, status, contains)
}

// expect posts an event to a function behind the gateway and looks at what it is answered.
func expect(t *testing.T, function *emulator, name string, event []byte, status int, contains string) events.APIGatewayV2HTTPResponse {
	t.Helper()
	answer := ask(t, function, event)
	if answer.StatusCode != status || !strings.Contains(answer.Body, contains) {
		t.Errorf("%s: %d, want %d; the body has no %.100q:\n%.1000q", name, answer.StatusCode, status, contains, answer.Body)
	}
	return answer
}

// makeKey makes the key that the events are sent by.
func (s *stack) makeKey(t *testing.T) {
	t.Helper()
	key := auth.NewKey{ID: "events", Secret: "only-for-the-events", Scopes: auth.All | auth.ReportsRead, HomePage: "https://lrs.example.com"}
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

// untilIndexed rings and ticks until the checkpoints are past what was posted: no sooner than the horizon is.
func (s *stack) untilIndexed(t *testing.T) {
	t.Helper()
	s.untilThrough(t, s.index, "index", index.Name)
	s.untilThrough(t, s.aggregate, "aggregate", report.ProjectionName)
}

func (s *stack) untilThrough(t *testing.T, function *emulator, event, name string) {
	t.Helper()
	newest := s.newest(t)
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(500 * time.Millisecond) {
		var nothing any
		function.invoke(t, readEvent(t, "log-stream"), &nothing)
		checkpoint := s.checkpoint(t, name)
		if function.invoke(t, readEvent(t, event+"-tick"), &nothing); nothing != nil {
			t.Fatalf("the function %s answers %v", event, nothing)
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

// checkpoint is that of the generation of a projection that answers.
func (s *stack) checkpoint(t *testing.T, name string) projection.Checkpoint {
	t.Helper()
	g, err := projection.ReadGenerations(t.Context(), s.store, name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := projection.Read(t.Context(), s.store, name, g.Current)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
