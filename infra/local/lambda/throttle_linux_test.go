package lambda

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/infra/local/partstest"
	"cairn/internal/auth"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
	"cairn/internal/xapi"
)

const (
	inFlight  = 200
	perSecond = 20 // writes that the throttled table takes; it takes no more for what it did not take before
)

// TestAThrottledTable has 200 requests in flight on a table that takes far less. Each is stored, or refused with when to come again; who
// does is stored in the end, by the same process, and everything stands there once.
func TestAThrottledTable(t *testing.T) {
	for _, table := range []kv.Table{kv.IDs, kv.Log} {
		t.Run(string(table), func(t *testing.T) {
			sdk, names := partstest.Tables(t)
			throttled := &throttle{table: names[table]}
			endpoint := between(t, *sdk.BaseEndpoint, throttled.look)
			sdk.BaseEndpoint = &endpoint
			store := dynamo.New(dynamodb.NewFromConfig(sdk), names)
			l, err := compose.Open(t.Context(), store)
			if err != nil {
				t.Fatal(err)
			}
			key := auth.NewKey{ID: "many", Secret: "at-once", Scopes: auth.All, HomePage: "https://lrs.example.com"}
			if _, _, err := auth.New(store).Make(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(compose.API(store, partstest.Blobs(t), l, config.API{Fallback: xapi.V1}))
			t.Cleanup(server.Close)
			c := &crowd{t: t, server: server.URL, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight}}}

			throttled.on.Store(true)
			var all sync.WaitGroup
			for i := range inFlight {
				all.Go(func() { c.store(tiedID(i)) })
			}
			all.Wait()
			if c.refused.Load() == 0 || throttled.refused.Load() == 0 {
				t.Errorf("%d requests were refused, %d writes throttled: this test shows nothing", c.refused.Load(), throttled.refused.Load())
			}
			t.Logf("%d writes were throttled, %d requests refused", throttled.refused.Load(), c.refused.Load())
			throttled.on.Store(false)
			c.expectEach()
		})
	}
}

// throttle has a table take only so many writes a second.
type throttle struct {
	table   string
	on      atomic.Bool
	refused atomic.Int64

	mu     sync.Mutex
	second int64
	taken  int
}

func (l *throttle) look(w http.ResponseWriter, r *http.Request, body []byte) bool {
	action, table, _ := strings.Cut(dynamoActions(r, body)[0], " ")
	if !l.on.Load() || table != l.table || action != "dynamodb:PutItem" && action != "dynamodb:PartiQLInsert" || l.take() {
		return false
	}
	l.refused.Add(1)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slower"}`)
	return true
}

func (l *throttle) take() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now().Unix(); now != l.second {
		l.second, l.taken = now, 0
	}
	l.taken++
	return l.taken <= perSecond
}

// crowd is clients that send at once, and come again when they are told to.
type crowd struct {
	t       *testing.T
	server  string
	client  *http.Client
	refused atomic.Int64
}

// store sends one statement until it is taken.
func (c *crowd) store(id string) {
	body := jsonOf(c.t, statement(id, "http://example.com/tied", object{"id": "http://example.com/knot/1"}))
	for range 40 {
		status, header, _ := c.do(http.MethodPut, "/xapi/statements?statementId="+id, string(body))
		if status == http.StatusNoContent {
			return
		}
		wait, err := strconv.Atoi(header.Get("Retry-After"))
		if status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests || err != nil {
			c.t.Errorf("%s is answered %d, Retry-After %q", id, status, header.Get("Retry-After"))
			return
		}
		c.refused.Add(1)
		time.Sleep(time.Duration(wait) * time.Second)
	}
	c.t.Errorf("%s is never stored", id)
}

// expectEach reads everything back: by id, and in a list, where each is once.
func (c *crowd) expectEach() {
	c.t.Helper()
	for i := range inFlight {
		if status, _, body := c.do(http.MethodGet, "/xapi/statements?statementId="+tiedID(i), ""); status != http.StatusOK {
			c.t.Errorf("%s: %d %.200s", tiedID(i), status, body)
		}
	}
	listed := map[string]int{}
	for next := "/xapi/statements?limit=150"; next != ""; {
		var page struct {
			Statements []struct{ ID string }
			More       string
		}
		status, _, body := c.do(http.MethodGet, next, "")
		if err := json.Unmarshal([]byte(body), &page); err != nil || status != http.StatusOK {
			c.t.Fatalf("the list: %d, %v", status, err)
		}
		for _, s := range page.Statements {
			listed[s.ID]++
		}
		next = page.More
	}
	for i := range inFlight {
		if listed[tiedID(i)] != 1 {
			c.t.Errorf("%s is listed %d times", tiedID(i), listed[tiedID(i)])
		}
	}
	if len(listed) != inFlight {
		c.t.Errorf("%d statements are listed, %d were sent", len(listed), inFlight)
	}
}

func (c *crowd) do(method, target, body string) (status int, header http.Header, answer string) {
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.server+target, strings.NewReader(body))
	if err != nil {
		panic(fmt.Sprint("a request that cannot be made: ", err))
	}
	request.SetBasicAuth("many", "at-once")
	request.Header.Set("X-Experience-API-Version", "1.0.3")
	request.Header.Set("Content-Type", "application/json")
	res, err := c.client.Do(request)
	if err != nil {
		c.t.Errorf("%s: %v", method, err)
		return 0, http.Header{}, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Errorf("%s: %v", method, err)
	}
	return res.StatusCode, res.Header, string(text)
}
