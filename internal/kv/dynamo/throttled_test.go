package dynamo_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

// refusing answers every request as a table does that takes no more.
type refusing struct{ code string }

func (r refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(body), "INSERT INTO"); n > 0 && r.code == "ThrottlingException" { // a batch tells of each item by itself
		one := `{"Error":{"Code":"ThrottlingError","Message":"slower"}}`
		return answer(http.StatusOK, `{"Responses":[`+strings.Repeat(one+",", n-1)+one+`]}`), nil
	}
	return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#`+r.code+`","message":"slower"}`), nil
}

// Whatever call is throttled, in whichever words, for as long as its context lives or all tries last: it is unavailable, and says so before the
// deadline, so that there is time for an answer that says when to come again.
func TestWhatIsThrottledIsUnavailable(t *testing.T) {
	many := []kv.Item{atSize(kv.IDs, "a", 50), atSize(kv.IDs, "b", 50)}
	calls := map[string]func(context.Context, kv.Store) error{
		"put": put(kv.Log, "a", 100), "get": get("a", kv.Strong), "get many": getMany(kv.Strong), "query": query(kv.Span{}), "delete": remove("a"),
		"insert many": func(ctx context.Context, s kv.Store) error { return errors.Join(s.InsertMany(ctx, many)...) },
	}
	for _, code := range []string{"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"} {
		for name, call := range calls {
			synctest.Test(t, func(t *testing.T) {
				client := dynamodb.New(dynamodb.Options{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
					BaseEndpoint: aws.String("http://dynamodb.invalid"), HTTPClient: &http.Client{Transport: refusing{code}}})
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				began := time.Now()
				err := call(ctx, dynamo.New(client, dynamo.Names("")))
				if !errors.Is(err, kv.ErrUnavailable) || errors.As(err, new(*kv.Conflict)) {
					t.Errorf("%s, %s: %v", name, code, err)
				}
				if took := time.Since(began); took < time.Second || took > 4*time.Second {
					t.Errorf("%s, %s: it gives up after %v", name, code, took)
				}
			})
		}
	}
}
