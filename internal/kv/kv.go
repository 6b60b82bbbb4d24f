// Package kv is the port to Cairn's tables: items under a partition key and a sort key.
//
// The contract is the weaker of what its adapters (DynamoDB, bbolt) do, and kvtest holds both to it:
//
//   - A write that returned is durable. A write that returned an error may have taken effect all the same, unless the error is
//     a *Conflict. Callers give every write a fresh Version, so that whoever finds it knows its own write.
//   - There are no transactions: each item is written by itself.
//   - A read that is not Strong may show an older state; a Strong read shows every write that returned before it began.
//   - Adapters try again what the network or a throttle refused, as long as the context lives; what they return is final.
//
// Errors other than ErrAbsent, ErrBounds and *Conflict are faults of the storage; they wrap ErrUnavailable when a later try may
// work. A call whose context ended returns one that wraps the context's error too.
package kv

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// Table names one of Cairn's tables, whatever the adapter calls it.
type Table string

// The tables, and who owns their keys.
const (
	Log       Table = "log"       // ledger: heads and parts
	IDs       Table = "ids"       // ledger: claims and void marks
	Index     Table = "index"     // index: postings
	Documents Table = "documents" // documents: state, activity profiles, agent profiles
	Reports   Table = "reports"   // index: activity catalogue
	Control   Table = "control"   // auth, ledger, projection: credentials, shard count, secret, checkpoints
)

// Tables lists every table, in the order in which a store makes them.
var Tables = []Table{Log, IDs, Index, Documents, Reports, Control}

// Bounds that both adapters keep. MaxItem counts keys and value; it leaves room below DynamoDB's 400 KB for attribute names.
const (
	MaxPartition = 2048
	MaxSort      = 1024
	MaxItem      = 399 << 10
)

// Key is where an item stands. Partition and Sort are never empty and compare as bytes.
type Key struct {
	Table     Table
	Partition []byte
	Sort      []byte
}

// Item is what stands under a key. Version is chosen by the writer, with NewVersion, and never 0.
type Item struct {
	Key
	Value   []byte
	Version uint64
}

// NewVersion returns a random version, so that an item made, deleted and made again never has an earlier one's.
func NewVersion() uint64 { return rand.Uint64() | 1 }

// Condition says what must stand under a key for a write to take place.
type Condition struct {
	always  bool
	version uint64 // 0: nothing stands there
}

// The three conditions.
var (
	Always = Condition{always: true}
	Absent = Condition{}
)

// IfVersion holds when the item that stands there has this version, as read.
func IfVersion(v uint64) Condition { return Condition{version: v} }

// Holds says whether the condition is met by current, nil when nothing stands there.
func (c Condition) Holds(current *Item) bool {
	if c.always {
		return true
	}
	if current == nil {
		return c.version == 0
	}
	return c.version != 0 && c.version == current.Version
}

// Unconditional and Version take a condition apart, for adapters that hand it on.
func (c Condition) Unconditional() bool { return c.always }

// Version is the version that must stand there, 0 for none.
func (c Condition) Version() uint64 { return c.version }

// ErrAbsent: nothing stands under the key.
var ErrAbsent = errors.New("kv: no such item")

// ErrUnavailable: the storage refused for now (throttled, timed out, no connection); a later try may work.
var ErrUnavailable = errors.New("kv: storage unavailable")

// Conflict is the refusal of a conditional write. It took no effect.
type Conflict struct {
	Current *Item // what stands there, as the refusal saw it; nil for nothing
}

func (*Conflict) Error() string { return "kv: condition not met" }

// Strength of a read.
type Strength bool

// Strong reads see every write that returned before; Eventual ones cost half and may be stale.
const (
	Eventual Strength = false
	Strong   Strength = true
)

// Span is a range of one partition, by sort key: From <= sort < To. A nil From is the start, a nil To the end.
type Span struct {
	Table      Table
	Partition  []byte
	From, To   []byte
	Descending bool
	Limit      int // items a page at most; 0: as many as the adapter gives (about 1 MB)
	Strength   Strength
}

// Page is some of a span's items, in order. It may hold fewer than the limit, even none, though more follow: only a nil Next
// is the end. Next is the Span that goes on behind this page. Pages are no snapshot of one instant.
type Page struct {
	Items []Item
	Next  *Span
}

// Reader reads items.
type Reader interface {
	// Get returns the item under key, or ErrAbsent.
	Get(ctx context.Context, key Key, s Strength) (Item, error)
	// GetMany returns the items that stand under keys, in no order; what is absent is left out. The keys are distinct, of one
	// or several tables, any number.
	GetMany(ctx context.Context, keys []Key, s Strength) ([]Item, error)
	// Query returns the next page of a span.
	Query(ctx context.Context, span Span) (Page, error)
}

// Writer writes items.
type Writer interface {
	// Put writes an item, replacing what stands there, if the condition holds; otherwise it returns a *Conflict.
	Put(ctx context.Context, item Item, cond Condition) error
	// InsertMany puts each item that is absent, each by itself and in no order, and returns an outcome for each, as indexed: nil,
	// *Conflict (Current may be nil: ask for it), or what went wrong with that item. The keys are distinct, any number.
	InsertMany(ctx context.Context, items []Item) []error
	// Delete removes the item under key, if the condition holds; otherwise it returns a *Conflict. What is absent is deleted
	// already: with Always that is no error.
	Delete(ctx context.Context, key Key, cond Condition) error
}

// Store is a set of tables.
type Store interface {
	Reader
	Writer
}

// Change is one ring of the bell: the item under Key was written or deleted.
type Change struct {
	ID  string // the adapter's name of the ring, for answers about part of a batch
	Key Key
	New bool      // nothing stood there before
	At  time.Time // when the adapter recorded it; DynamoDB cuts it to the second, DynamoDB Local to the minute
}

// Bell tells of changes in a table.
type Bell interface {
	// Listen calls ring for changes in table that are made from now on, until ctx ends. It rings at least once for each, in no
	// order, and again after ring returned an error; rings are lost when the process ends, so listeners also look by themselves.
	// What it returns is the context's error, or why it can listen no longer.
	Listen(ctx context.Context, table Table, ring func(context.Context, []Change) error) error
}
