package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// role is what a function may do: "dynamodb:GetItem logtable", "s3:GetObject bucket/*".
type role map[string]bool

// role reads the statements of a function's role. Conditional ones, for a key of one's own, are left out.
func (tm template) role(t *testing.T, function string) role {
	t.Helper()
	out := role{}
	reference, _ := at(tm.functions()[function], "Role", "GetAtt").(string)
	statements, _ := at(tm.Resources[strings.TrimSuffix(reference, ".Arn")].Properties,
		"Policies", 0, "PolicyDocument", "Statement").([]any)
	for _, statement := range statements {
		resource, _ := at(statement, "Resource", "GetAtt").(string)
		if sub, ok := at(statement, "Resource", "Sub").(string); ok {
			resource = strings.NewReplacer("${", "", "}", "").Replace(sub)
		}
		actions, _ := at(statement, "Action").([]any)
		for _, action := range actions {
			out[fmt.Sprint(action, " ", strings.ToLower(strings.Replace(resource, ".Arn", "", 1)))] = true
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no role", function)
	}
	return out
}

// guard stands before DynamoDB or S3, as IAM does, and lets pass what the role allows. It returns its URL.
func guard(t *testing.T, function string, allowed role, endpoint string, asks func(*http.Request, []byte) []string) string {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("%s: a request breaks off: %v", function, err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		for _, action := range asks(r, body) {
			if !allowed[action] {
				t.Errorf("template.yaml does not allow %s to call %s", function, action)
				http.Error(w, `{"__type":"AccessDeniedException","message":"the role does not allow it"}`, http.StatusBadRequest)
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
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
