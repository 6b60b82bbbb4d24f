package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cairn/infra/local/partstest"
	"cairn/internal/auth"
	"cairn/internal/blob"
	"cairn/internal/blob/files"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/stream"
	"cairn/internal/xapi"
)

// process is one running Cairn, as a Lambda or a server would be.
type process struct {
	*httptest.Server
	ledger *ledger.Ledger
	waker  *stream.Waker
}

// start runs a process over a store. Its clock is off by skew.
func start(t testing.TB, store kv.Store, blobs blob.Store, alone bool, skew time.Duration) *process {
	t.Helper()
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: alone, Now: func() time.Time { return time.Now().Add(skew) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.New(store).Make(t.Context(), auth.NewKey{ID: "key", Secret: "secret", Scopes: auth.All, HomePage: "http://localhost/xapi"}); err != nil {
		t.Fatal(err)
	}
	p := &process{ledger: l, waker: Index(store, l, config.Index{})}
	p.Server = httptest.NewServer(API(store, blobs, l, config.API{Fallback: xapi.V1}))
	t.Cleanup(p.Close)
	return p
}

// embedded runs Cairn over bbolt and files, the bell waking the index; but over a store that is wrapped, the index sleeps.
func embedded(t testing.TB, wrap func(kv.Store) kv.Store) *process {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := files.Open(t.TempDir(), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if wrap != nil {
		return start(t, wrap(db), blobs, true, 0)
	}
	p := start(t, db, blobs, true, 0)
	listen(t, db, p.waker)
	return p
}

// onDynamoDB runs several Cairns over DynamoDB Local and the S3 server, each with its own clock; the stream wakes the index of
// the first.
func onDynamoDB(t testing.TB, skews ...time.Duration) (processes []*process) {
	t.Helper()
	store, bell := partstest.Store(t)
	blobs := partstest.Blobs(t)
	for _, skew := range skews {
		processes = append(processes, start(t, store, blobs, false, skew))
	}
	listen(t, bell, processes[0].waker)
	return processes
}

func listen(t testing.TB, bell kv.Bell, waker *stream.Waker) {
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() { bell.Listen(ctx, kv.Log, waker.Ring) })
	t.Cleanup(func() {
		stop()
		listening.Wait()
	})
}

// do sends a request with the key, and returns status, headers and body.
func (p *process) do(t testing.TB, method, path string, body []byte, headers ...string) (int, http.Header, []byte) {
	t.Helper()
	status, header, text, err := p.try(method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return status, header, text
}

func (p *process) try(method, path string, body []byte, headers ...string) (int, http.Header, []byte, error) {
	r, err := http.NewRequest(method, p.URL+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	r.SetBasicAuth("key", "secret")
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := p.Client().Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, text, err
}

// post stores statements that name themselves, and returns their ids.
func (p *process) post(names ...string) ([]string, error) {
	statements := make([]json.RawMessage, len(names))
	for i, name := range names {
		statements[i] = fmt.Appendf(nil, `{"actor":{"mbox":"mailto:%s@example.com"},"verb":{"id":"http://example.com/did"},`+
			`"object":{"id":"http://example.com/thing"}}`, name)
	}
	body, err := json.Marshal(statements)
	if err != nil {
		return nil, err
	}
	status, _, text, err := p.try(http.MethodPost, "/xapi/statements", body)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("status %d: %s", status, text)
	}
	var ids []string
	return ids, json.Unmarshal(text, &ids)
}

// page is a StatementResult, as far as these tests look.
type page struct {
	Statements []struct {
		ID     string
		Stored time.Time
		Actor  struct{ Mbox string }
	}
	More string
}

func (p *process) page(t testing.TB, path string) (result page) {
	t.Helper()
	status, _, text := p.do(t, http.MethodGet, path, nil)
	if status != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", path, status, text)
	}
	if err := json.Unmarshal(text, &result); err != nil {
		t.Fatal(err)
	}
	return result
}
