// Package lrs is the use cases of a Learning Record Store: storing statements with their attachments, asking for them, and
// what is known of activities and agents. It speaks xAPI, and knows neither HTTP nor who asks beyond what he may.
package lrs

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"sync"

	"github.com/google/uuid"

	"cairn/internal/blob"
	"cairn/internal/index"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// LRS stores and finds statements.
type LRS struct {
	ledger *ledger.Ledger
	index  *index.Index
	blobs  blob.Store
	macs   sync.Pool // of hash.Hash, HMACs under the secret: one that has been reset need not hash its key again
}

// New returns the use cases over the record, its index, and the objects that hold attachments.
func New(l *ledger.Ledger, x *index.Index, blobs blob.Store) *LRS {
	return &LRS{ledger: l, index: x, blobs: blobs, macs: sync.Pool{
		New: func() any { return hmac.New(sha256.New, l.Secret()) },
	}}
}

// Caller is whoever asks, as far as storing and asking depend on it.
type Caller struct {
	Version   xapi.Version
	Authority []byte // the agent that vouches for what the caller stores: JSON
	Defines   bool   // the caller may define activities
	OnlyMine  bool   // the caller sees only statements of its own authority
}

// Refusals, beside *xapi.Problem for what breaks a rule and *Conflict.
var (
	// ErrAbsent: there is no such statement, or not for this caller.
	ErrAbsent = errors.New("lrs: no such statement")
	// ErrTooLarge: there are more statements than can be stored together, or (*TooLarge) one is larger than can be kept.
	ErrTooLarge = ledger.ErrTooLarge
	// ErrBusy: not stored in time; to send it again is safe.
	ErrBusy = ledger.ErrBusy
)

// Conflict: another statement is stored under an id of the request (xAPI 1.0.3 Communication 2.1.1).
type Conflict struct{ ID uuid.UUID }

func (c *Conflict) Error() string { return "another statement is stored under the id " + c.ID.String() }

// TooLarge is ErrTooLarge, for one of the statements.
type TooLarge = ledger.ErrStatementTooLarge

// Horizon is the instant up to which a list shows everything (X-Experience-API-Consistent-Through, xAPI 1.0.3 Communication
// 2.1.3). Take it before what it is said of.
func (l *LRS) Horizon() ledger.Instant { return l.ledger.Horizon() }

// digest tells statements apart under one id. It is keyed, so that it does not give away what an erased statement said.
func (l *LRS) digest(s *xapi.Statement) ledger.Digest { return l.digestOf(s.WriteComparable) }

// IsDigestOf says whether a digest is of the statement that is stored, as it was before defaults were filled in.
func (l *LRS) IsDigestOf(d ledger.Digest, stored *xapi.Statement) bool {
	return d == l.digest(stored) || d == l.digestOf(stored.WriteUntimed)
}

func (l *LRS) digestOf(write func(io.Writer)) ledger.Digest {
	mac := l.macs.Get().(hash.Hash)
	defer l.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte{'d'})
	write(mac)
	return ledger.Digest(mac.Sum(nil)[:16])
}
