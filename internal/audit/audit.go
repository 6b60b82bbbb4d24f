// Package audit keeps the trail of what operators did and looked at: who, when, from where, what. It holds nothing of learners.
package audit

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// Record is one thing that an operator did or looked at.
type Record struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`               // the key that asked, or the command
	From   string    `json:"from,omitempty"`   // the address that it asked from
	Action string    `json:"action"`           // such as "make key"
	Key    string    `json:"key,omitempty"`    // the key that it was done to
	Detail string    `json:"detail,omitempty"` // what was asked for, without any secret
}

// Trail is a stack's trail. It is safe for concurrent use.
type Trail struct {
	store kv.Store
	now   func() time.Time
}

// New returns the trail of a store; now tells the time of its records.
func New(store kv.Store, now func() time.Time) *Trail { return &Trail{store, now} }

// Every key of ours in the table control; a month is a partition, so that none grows for ever.
//
//	control  "audit" year month | microseconds, random bits     record

const (
	layout      = "audit 2006-01"
	instantSize = 8
	chanceSize  = 8
)

func partitionOf(t time.Time) []byte { return []byte(t.UTC().Format(layout)) }

func sortOf(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(max(t.UnixMicro(), 0)))
}

// Write adds a record. It is called before what it tells of is done, which is not done when it fails: so nothing goes without a
// record, and a record may be of what failed then.
func (t *Trail) Write(ctx context.Context, r Record) error {
	r.At = t.now().UTC().Truncate(time.Microsecond)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	chance := make([]byte, chanceSize)
	rand.Read(chance)
	key := kv.Key{Table: kv.Control, Partition: partitionOf(r.At), Sort: append(sortOf(r.At), chance...)}
	if err := t.store.Put(ctx, kv.Item{Key: key, Value: text, Version: kv.NewVersion()}, kv.Always); err != nil {
		return fmt.Errorf("writing the audit trail: %w", err)
	}
	return nil
}
