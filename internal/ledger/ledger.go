// Package ledger is the record: the log of statements and the claims on their ids. It appends entries, finds statements by id
// or place, reads the log by range, and tells the horizon. Everything else in Cairn is a projection of what stands here.
//
// How an append works, and why each step is where it is, is told in internal/README.md ("The life of a statement").
package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// Errors that an append or a read answers with. Other errors are faults of the storage.
var (
	// ErrAbsent: no statement with that id is stored.
	ErrAbsent = errors.New("ledger: no such statement")
	// ErrBusy: the append gave up within its time; all of it may become visible or nothing, and sending it again is safe.
	ErrBusy = errors.New("ledger: not committed in time")
	// ErrDamaged: what stands in the log or under an id cannot be read.
	ErrDamaged = errors.New("ledger: damaged")
	// ErrTooLarge: the entry has more statements than one may have, or (*ErrStatementTooLarge) one is larger than an item may be.
	ErrTooLarge = errors.New("ledger: too large")
)

// ErrConflict: another statement is stored under an id of the entry (xAPI 1.0.3 Communication 2.1.1: 409).
type ErrConflict struct{ Ordinal int }

func (e *ErrConflict) Error() string {
	return fmt.Sprintf("ledger: statement %d conflicts with a stored one", e.Ordinal)
}

// ErrStatementTooLarge is ErrTooLarge, for one statement of the entry.
type ErrStatementTooLarge struct{ Ordinal int }

func (e *ErrStatementTooLarge) Error() string {
	return fmt.Sprintf("ledger: statement %d is too large", e.Ordinal)
}

// Is says that it is an ErrTooLarge.
func (*ErrStatementTooLarge) Is(target error) bool { return target == ErrTooLarge }

// Limits of an entry.
const (
	MaxEntry     = 20_000    // statements; at a microsecond each, an entry spans at most 20 ms of stored
	maxPart      = 16 << 10  // compressed bytes at which a part is closed
	maxStatement = 350 << 10 // compressed bytes of a statement that is a part of its own
	writeTime    = 4 * time.Second
	settleTime   = 5 * time.Second // four for a writer, one for clocks
	restarts     = 2
	// EntrySpan is how far the last statement of an entry can lie behind the first, in microseconds.
	EntrySpan Instant = MaxEntry
)

// Options of a ledger.
type Options struct {
	// Alone says that no other process writes to this store, so that the horizon is the oldest position in flight.
	Alone bool
	// Shards is the number of shards to begin with, when the store is new; 0 for 2.
	Shards int
	// Now is the wall clock; nil for time.Now.
	Now func() time.Time
}

// Ledger is the log and its claims in a store. It is safe for concurrent use.
type Ledger struct {
	store  kv.Store
	clock  *clock
	codec  *codec
	secret []byte
	shards *shards
	alone  bool
}

// Open reads the stack's rows and makes them when the store is new; the clock of a ledger that is alone starts past everything the log holds.
func Open(ctx context.Context, store kv.Store, o Options) (*Ledger, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Shards == 0 {
		o.Shards = 2
	}
	go theCodec() // its tables take as long to make as the read takes
	l := &Ledger{store: store, alone: o.Alone, shards: &shards{read: At(o.Now())}}
	end, err := l.openStack(ctx, o.Shards)
	if err != nil {
		return nil, err
	}
	l.clock, l.codec = newClock(o.Now, end), theCodec()
	return l, nil
}

// Advance lifts the clock above an instant that a projection's checkpoint has passed, should the wall clock have fallen back.
func (l *Ledger) Advance(to Instant) { l.clock.advance(to) }

// Alone says that this process is the store's only writer.
func (l *Ledger) Alone() bool { return l.alone }

// Secret is the stack's secret, under which terms, digests and document keys are made.
func (l *Ledger) Secret() []byte { return l.secret }

// Horizon is the instant before which nothing can appear in the log any more.
func (l *Ledger) Horizon() Instant {
	if l.alone {
		return l.clock.oldest()
	}
	return l.clock.now() - Instant(settleTime/time.Microsecond)
}

// Now is the clock's time; no position of this process will be at or below it.
func (l *Ledger) Now() Instant { return l.clock.now() }
