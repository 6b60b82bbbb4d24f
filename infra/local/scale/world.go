package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cairn/infra/local/parts"
	"cairn/internal/blob/files"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/dynamo"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/xapi"
)

// world is a Cairn without HTTP, on one of the stores.
type world struct {
	store  kv.Store
	ledger *ledger.Ledger
	dir    string
	blobs  *files.Store
	ends   []func()
}

func open(ctx context.Context, store string) (*world, error) {
	w := &world{}
	var err error
	if w.dir, err = os.MkdirTemp("", "cairn-scale-"); err != nil {
		return nil, err
	}
	w.ends = append(w.ends, func() { os.RemoveAll(w.dir) })
	if w.blobs, err = files.Open(filepath.Join(w.dir, "blobs"), files.Options{NoSync: true}); err != nil {
		return nil, err
	}
	if store == "aws" {
		w.store, err = w.dynamoDB(ctx)
	} else {
		w.store, err = w.bolt()
	}
	if err != nil {
		return nil, err
	}
	w.ledger, err = ledger.Open(ctx, w.store, ledger.Options{Alone: store != "aws"})
	return w, err
}

func (w *world) bolt() (kv.Store, error) {
	db, err := bolt.Open(filepath.Join(w.dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	w.ends = append(w.ends, func() { db.Close() })
	return db, nil
}

func (w *world) dynamoDB(ctx context.Context) (kv.Store, error) {
	part, err := parts.DynamoDB(ctx, "")
	if err != nil {
		return nil, err
	}
	w.ends = append(w.ends, part.Stop)
	client, names := dynamodb.NewFromConfig(part.Config()), dynamo.Names("scale-")
	return dynamo.New(client, names), dynamo.CreateTables(ctx, client, names)
}

func (w *world) close() {
	for i := len(w.ends) - 1; i >= 0; i-- {
		w.ends[i]()
	}
}

const (
	batch   = 50
	writers = 4
)

// fill stores n statements, as providers send them: 50 at a time, over four connections; then it indexes them.
func (w *world) fill(ctx context.Context, n int) error {
	l := lrs.New(w.ledger, index.New(w.store, w.ledger), w.blobs)
	var next, done atomic.Int64
	sending, gctx := errgroup.WithContext(ctx)
	for range writers {
		sending.Go(func() error {
			for {
				from := int(next.Add(batch)) - batch
				if from >= n {
					return nil
				}
				if err := store(gctx, l, from, min(batch, n-from), n); err != nil {
					return err
				}
				if d := done.Add(batch); d%(100*batch) == 0 {
					fmt.Fprintf(os.Stderr, "\r%d of %d statements stored", d, n)
				}
			}
		})
	}
	if err := sending.Wait(); err != nil {
		return err
	}
	fmt.Fprint(os.Stderr, "\r                                          \r")
	return w.index(ctx)
}

func store(ctx context.Context, l *lrs.LRS, from, count, all int) error {
	body := []byte{'['}
	for i := range count {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendStatement(body, from+i, all)
	}
	statements, _, err := xapi.Decode(append(body, ']'), xapi.V1)
	if err != nil {
		return err
	}
	_, err = l.Store(ctx, lrs.Caller{Version: xapi.V1, Authority: []byte(`{"mbox":"mailto:scale@example.com"}`)}, lrs.Submission{Statements: statements})
	return err
}

// index runs the projection until its checkpoint is past all that was stored.
func (w *world) index(ctx context.Context) error {
	until := w.ledger.Now()
	waker := compose.Index(w.store, w.ledger, config.Index{})
	for {
		if err := waker.Tick(ctx); err != nil {
			return err
		}
		if w.ledger.Horizon() > until {
			return waker.Tick(ctx)
		}
		time.Sleep(time.Second)
	}
}

// Of every five statements one is the agent's, of every four one the activity's, and so on, evenly and independent of the
// others: what is asked for is as dense in a thousand statements as in a million. One agent is rare: it has as many statements in a
// million as in a thousand, each far from the next.
const (
	agents        = 5
	verbs         = 3
	activities    = 4
	registrations = 3
	rare          = 60
)

func registration(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte{byte(n % registrations)}) }

func appendStatement(dst []byte, n, all int) []byte {
	instructor := fmt.Sprint("i", n%agents)
	if n%(all/rare) == 0 {
		instructor = "rare"
	}
	return fmt.Appendf(dst, `{"id":%q,"timestamp":"2026-01-01T00:00:00Z","actor":{"mbox":"mailto:a%d@example.com"},"verb":{"id":"http://example.com/verbs/%d"},`+
		`"object":{"id":"http://example.com/activities/%d"},"result":{"response":"%x"},"context":{"registration":%q,"instructor":{"mbox":"mailto:%s@example.com"},`+
		`"contextActivities":{"parent":[{"id":"http://example.com/courses/%d"}]}}}`,
		uuid.New(), n%agents, n%verbs, n%activities, uuid.New(), registration(n), instructor, n%activities)
}
