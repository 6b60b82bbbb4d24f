package dynamo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/infra/local/partstest"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

// wire is the connection to DynamoDB Local, with what happens to the first request; later ones pass.
type wire struct {
	first func(*http.Request) (*http.Response, error)
	count int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.count++; w.count == 1 {
		return w.first(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// lose lets a request take effect, and then something else, before the connection breaks.
func lose(then func()) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			response.Body.Close()
		}
		then()
		return nil, io.ErrUnexpectedEOF
	}
}

func throttle(*http.Request) (*http.Response, error) {
	return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slower"}`), nil
}

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// stores returns a store whose first request meets with first, and one whose requests pass, over the same tables.
func stores(t *testing.T, first func(*http.Request) (*http.Response, error)) (wired, plain *dynamo.Store) {
	config, names := partstest.Tables(t)
	plain = dynamo.New(dynamodb.NewFromConfig(config), names)
	config.HTTPClient = &http.Client{Transport: &wire{first: first}}
	return dynamo.New(dynamodb.NewFromConfig(config), names), plain
}

func item(sort string) kv.Item { return atSize(kv.Log, sort, 100) }

func nothing() {}

func TestWritesWhoseAnswerWasLost(t *testing.T) {
	mine, other := item("k"), item("k")
	var plain *dynamo.Store
	replace := func() { must(t, plain.Put(t.Context(), other, kv.IfVersion(mine.Version))) }
	for _, c := range []struct {
		name    string
		first   func(*http.Request) (*http.Response, error)
		before  *kv.Item
		write   func(kv.Store) error
		unclear bool
		refused bool
	}{
		{"put finds its own item", lose(nothing), nil, putIf(mine, kv.Absent), false, false},
		{"put if version finds its own item", lose(nothing), &other, putIf(mine, kv.IfVersion(other.Version)), false, false},
		{"put finds that its item may have been replaced", lose(replace), nil, putIf(mine, kv.Absent), true, false},
		{"put was throttled, then refused", throttle, &other, putIf(mine, kv.Absent), false, true},
		{"put was throttled, then done", throttle, nil, putIf(mine, kv.Absent), false, false},
		{"delete if version finds nothing", lose(nothing), &other, deleteIf(other.Key, kv.IfVersion(other.Version)), true, false},
		{"delete finds nothing", lose(nothing), &other, deleteIf(other.Key, kv.Always), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var wired *dynamo.Store
			wired, plain = stores(t, c.first)
			if c.before != nil {
				must(t, plain.Put(t.Context(), *c.before, kv.Always))
			}
			err := c.write(wired)
			var conflict *kv.Conflict
			if errors.Is(err, kv.ErrUnavailable) != c.unclear || errors.As(err, &conflict) != c.refused {
				t.Errorf("answer: %v", err)
			}
		})
	}
}

func putIf(item kv.Item, cond kv.Condition) func(kv.Store) error {
	return func(s kv.Store) error { return s.Put(context.Background(), item, cond) }
}

func deleteIf(key kv.Key, cond kv.Condition) func(kv.Store) error {
	return func(s kv.Store) error { return s.Delete(context.Background(), key, cond) }
}

func TestInsertManyWhoseAnswerWasLost(t *testing.T) {
	wired, plain := stores(t, lose(nothing))
	items := []kv.Item{item("a"), item("b"), item("c")}
	must(t, plain.Put(t.Context(), item("b"), kv.Always))
	outcomes := wired.InsertMany(t.Context(), items)
	if outcomes[0] != nil || !errors.Is(outcomes[1], kv.ErrUnavailable) || outcomes[2] != nil {
		t.Errorf("outcomes: %v", outcomes)
	}
}

// TestInsertManyTriesThrottledItemsAgain lets through the first statement of the first request alone.
func TestInsertManyTriesThrottledItemsAgain(t *testing.T) {
	wired, plain := stores(t, func(r *http.Request) (*http.Response, error) {
		var request map[string]any
		must(t, json.NewDecoder(r.Body).Decode(&request))
		statements := request["Statements"].([]any)
		request["Statements"] = statements[:1]
		body, err := json.Marshal(request)
		must(t, err)
		r = r.Clone(r.Context())
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response, err := http.DefaultTransport.RoundTrip(r)
		must(t, err)
		response.Body.Close()
		throttled := strings.Repeat(`,{"Error":{"Code":"ThrottlingError","Message":"slower"}}`, len(statements)-1)
		return answer(response.StatusCode, `{"Responses":[{"TableName":"log"}`+throttled+`]}`), nil
	})
	items := []kv.Item{item("a"), item("b"), item("c")}
	must(t, errors.Join(wired.InsertMany(t.Context(), items)...))
	for _, i := range items {
		if got, err := plain.Get(t.Context(), i.Key, kv.Strong); err != nil || got.Version != i.Version {
			t.Errorf("%s: %v, %v", i.Sort, got.Version, err)
		}
	}
}

func TestGetManyOfMoreThanAnAnswerHolds(t *testing.T) {
	store, _ := partstest.Store(t)
	var keys []kv.Key
	for i := range 60 { // 18 MB; DynamoDB answers with 16 at most
		large := atSize(kv.Log, fmt.Sprint(i), 300<<10)
		must(t, store.Put(t.Context(), large, kv.Absent))
		keys = append(keys, large.Key)
	}
	items, err := store.GetMany(t.Context(), keys, kv.Eventual)
	if err != nil || len(items) != len(keys) {
		t.Errorf("%d items of %d, %v", len(items), len(keys), err)
	}
}

func TestCallsTryAgainUntilTheContextEnds(t *testing.T) {
	config := partstest.DynamoDB(t).Config()
	refused := "http://127.0.0.1:1"
	config.BaseEndpoint = &refused
	store := dynamo.New(dynamodb.NewFromConfig(config), dynamo.Names("any-"))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := store.GetMany(ctx, []kv.Key{item("k").Key}, kv.Strong)
	if !errors.Is(err, kv.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("get many: %v", err)
	}
	if took := time.Since(began); took < 200*time.Millisecond || took > 3*time.Second {
		t.Errorf("gave up after %v", took)
	}
}

func TestAbsentTableIsNoLaterTry(t *testing.T) {
	config := partstest.DynamoDB(t).Config()
	store := dynamo.New(dynamodb.NewFromConfig(config), dynamo.Names("absent-"))
	_, err := store.Get(t.Context(), item("k").Key, kv.Strong)
	if err == nil || errors.Is(err, kv.ErrUnavailable) || errors.Is(err, kv.ErrAbsent) {
		t.Errorf("get: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
