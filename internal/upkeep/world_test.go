package upkeep_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"cairn/internal/blob/files"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/upkeep"
	"cairn/internal/xapi"
)

// stack is a store with processes on it.
type stack struct {
	t     *testing.T
	store kv.Store
	dir   string
}

func newStack(t *testing.T) *stack { return &stack{t, kvtest.NewMemory(), t.TempDir()} }

// process is one process of the stack, whose clock is apart from the true time.
type process struct {
	*stack
	keeper *upkeep.Keeper
}

func (s *stack) process(store kv.Store, apart time.Duration) *process {
	s.t.Helper()
	blobs, err := files.Open(s.dir, files.Options{NoSync: true})
	if err != nil {
		s.t.Fatal(err)
	}
	l, err := ledger.Open(context.Background(), store, ledger.Options{Now: func() time.Time { return time.Now().Add(apart) }})
	if err != nil {
		s.t.Fatal(err)
	}
	x := index.New(store, l)
	return &process{s, &upkeep.Keeper{Store: store, Ledger: l, Index: x, LRS: lrs.New(l, x, blobs), Projections: []string{index.Name}, SliceSize: 1000}}
}

// send stores a statement of about so many bytes, and returns its id.
func (p *process) send(size int) uuid.UUID {
	p.t.Helper()
	noise := make([]byte, size/2)
	rand.Read(noise)
	text := fmt.Sprintf(`{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/it"},`+
		`"context":{"extensions":{"http://example.com/noise":"%s"}}}`, hex.EncodeToString(noise))
	statements, _, err := xapi.Decode([]byte(text), xapi.V1)
	if err != nil {
		p.t.Fatal(err)
	}
	caller := lrs.Caller{Version: xapi.V1, Authority: []byte(`{"mbox":"mailto:authority@example.com"}`)}
	ids, err := p.keeper.LRS.Store(p.t.Context(), caller, lrs.Submission{Statements: statements})
	if err != nil {
		p.t.Fatal(err)
	}
	return ids[0]
}

// stock stores so many statements, and lets them get a minute old.
func (p *process) stock(n int) {
	p.t.Helper()
	for range n {
		p.send(1000)
	}
	time.Sleep(time.Minute)
}

// index runs the index up to the horizon.
func (p *process) index() {
	p.t.Helper()
	r := &projection.Runner{Name: index.Name, Projection: p.keeper.Index, Store: p.keeper.Store, Ledger: p.keeper.Ledger}
	if err := r.Run(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) tick() {
	p.t.Helper()
	if err := p.keeper.Tick(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) status() upkeep.Status {
	p.t.Helper()
	s, err := p.keeper.Status(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// listed is how many statements a list by their verb has.
func (p *process) listed() int {
	p.t.Helper()
	page, err := p.keeper.Index.Search(p.t.Context(), index.Query{To: 1 << 62, Limit: 1000, Bytes: 1 << 30,
		Filters: []index.Filter{p.keeper.Index.NewFilter(xapi.Verb, "http://example.com/did")}})
	if err != nil {
		p.t.Fatal(err)
	}
	return len(page.Records)
}

// The compressor belongs to the process, and is made before any test has a time of its own.
func TestMain(m *testing.M) {
	if _, err := ledger.Open(context.Background(), kvtest.NewMemory(), ledger.Options{}); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
