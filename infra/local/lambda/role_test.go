package lambda

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// role is what a function may do: "dynamodb:GetItem logtable", "s3:GetObject bucket/*".
type role map[string]bool

// role reads the statements of a function's role.
func (tm template) role(t *testing.T, function string) role {
	t.Helper()
	out := role{}
	reference, _ := at(tm.functions()[function], "Role", "GetAtt").(string)
	statements, _ := at(tm.Resources[strings.TrimSuffix(reference, ".Arn")].Properties,
		"Policies", 0, "PolicyDocument", "Statement").([]any)
	for _, statement := range statements {
		actions, _ := at(statement, "Action").([]any)
		for _, action := range actions {
			out[fmt.Sprint(action, " ", nameOf(at(statement, "Resource")))] = true
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no role", function)
	}
	return out
}

// calls are the actions that each function was seen to need: "api dynamodb:GetItem logtable".
type calls struct{ sync.Map }

func (c *calls) saw(function, action string) { c.Store(function+" "+action, true) }

// unseen are what roles allow although no function is seen to ask for it here, each with its reason.
var unseen = []struct{ action, because string }{
	{"logs:", "Lambda writes the log in the function's name; here the emulator prints it"},
	{"xray:", "Lambda sends the segments in the function's name, when they are asked for"},
	{"kms:", "DynamoDB, S3 and SQS use the key in the function's name; the parts here know no keys"},
	{"dynamodb:DescribeStream ", "Lambda reads the stream in the function's name; here the test posts its events"},
	{"dynamodb:GetRecords ", "as above"},
	{"dynamodb:GetShardIterator ", "as above"},
	{"dynamodb:ListStreams ", "as above"},
	{"s3:ListBucket ", "S3 asks for it to say of an object that is not there that it is not, and not that it may not be seen"},
	{"sqs:ReceiveMessage ", "Lambda takes the messages in the function's name"},
	{"sqs:DeleteMessage ", "as above"},
	{"sqs:SendMessage ", "Lambda sends the batches that failed in the function's name"},
}

// expectNothingNeedless fails for what a role allows and nobody asked for, and for reasons that nothing needs.
func (c *calls) expectNothingNeedless(t *testing.T, tm template) {
	t.Helper()
	used := map[string]bool{}
	for function := range tm.functions() {
		for action := range tm.role(t, function) {
			if _, seen := c.Load(function + " " + action); seen {
				continue
			}
			argued := false
			for _, u := range unseen {
				if strings.HasPrefix(action, u.action) {
					argued, used[u.action] = true, true
				}
			}
			if !argued {
				t.Errorf("template.yaml allows %s to call %s, which it was not seen to do", function, action)
			}
		}
	}
	for _, u := range unseen {
		if !used[u.action] {
			t.Errorf("there is a reason for %s, which no role allows unseen", u.action)
		}
	}
}

// guard stands before DynamoDB or S3, as IAM does, and lets pass what the role allows. It returns its URL.
func (c *calls) guard(t *testing.T, function string, allowed role, endpoint string, asks func(*http.Request, []byte) []string) string {
	t.Helper()
	return between(t, endpoint, func(w http.ResponseWriter, r *http.Request, body []byte) bool {
		for _, action := range asks(r, body) {
			if !allowed[action] {
				t.Errorf("template.yaml does not allow %s to call %s", function, action)
				http.Error(w, `{"__type":"AccessDeniedException","message":"the role does not allow it"}`, http.StatusBadRequest)
				return true
			}
			c.saw(function, action)
		}
		return false
	})
}

// dynamoActions are the actions that IAM asks for a request to DynamoDB, each with its table.
func dynamoActions(r *http.Request, body []byte) (actions []string) {
	var request struct {
		TableName    string
		RequestItems map[string]json.RawMessage
		Statements   []struct{ Statement string }
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return []string{"a request that is no JSON"}
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if request.TableName != "" {
		actions = append(actions, "dynamodb:"+operation+" "+request.TableName)
	}
	for table := range request.RequestItems {
		actions = append(actions, "dynamodb:"+operation+" "+table)
	}
	for _, s := range request.Statements {
		words := strings.Fields(s.Statement) // INSERT INTO "table" …
		actions = append(actions, "dynamodb:PartiQLInsert "+strings.Trim(words[2], `"`))
	}
	if len(actions) == 0 {
		actions = []string{"dynamodb:" + operation}
	}
	return actions
}

// s3Actions is the action that IAM asks for a request to S3, with the bucket or its objects.
func s3Actions(r *http.Request, _ []byte) []string {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if key == "" {
		return []string{"s3:ListBucket " + bucket}
	}
	verbs := map[string]string{"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
	return []string{"s3:" + verbs[r.Method] + " " + bucket + "/*"}
}

// queues stands in for SQS, of which there is no part: it tells how many messages wait, to whom the role allows it.
func (c *calls) queues(t *testing.T, function string, allowed role) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ QueueUrl string }
		json.NewDecoder(r.Body).Decode(&request) //nolint:errcheck // what cannot be read is of no queue
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		action := "sqs:" + operation + " " + request.QueueUrl
		if !allowed[action] || operation != "GetQueueAttributes" {
			t.Errorf("template.yaml does not allow %s to call %s, or it is no question", function, action)
			http.Error(w, `{"__type":"AccessDenied"}`, http.StatusForbidden)
			return
		}
		c.saw(function, action)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		io.WriteString(w, `{"Attributes":{"ApproximateNumberOfMessages":"3"}}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
