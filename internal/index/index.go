// Package index is the query index: a projection of the log that lists, for every term a query can ask for, the statements
// that have it; and the search that reads those lists, and the log behind them. It also keeps the activity catalogue.
//
// Keys, rows and cost are told in internal/README.md ("The query index").
package index

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"sync"

	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// Name of the projection, under which its checkpoint stands.
const Name = "index"

// Index projects statements into posting lists, and searches them.
type Index struct {
	store      kv.Store
	ledger     *ledger.Ledger
	checkpoint *projection.Reader
	macs       sync.Pool // of *termMAC
	readBudget int64     // bytes of postings that a request may read
}

// New returns the index over a store and the ledger in it.
func New(store kv.Store, l *ledger.Ledger) *Index {
	x := &Index{store: store, ledger: l, checkpoint: projection.NewReader(store, Name, l), readBudget: readBudget}
	x.macs.New = func() any { return &termMAC{Hash: hmac.New(sha256.New, l.Secret())} }
	return x
}

// termMAC makes terms, one at a time. It is used again: once an HMAC has been reset it need not hash its key any more, which is half
// of the work for a short value.
type termMAC struct {
	hash.Hash
	buffer []byte
}

// Term is what a query can ask for: an HMAC of kind and value, so that nobody can guess a mailbox back from an index row.
type Term [16]byte

// MarshalText writes the term in base64url, for the more link of a list.
func (t Term) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, t[:]), nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *Term) UnmarshalText(text []byte) error {
	if base64.RawURLEncoding.DecodedLen(len(text)) != len(t) {
		return errors.New("index: a term has 16 bytes")
	}
	_, err := base64.RawURLEncoding.Decode(t[:], text)
	return err
}

// Term makes the term of a facet.
func (x *Index) Term(kind xapi.Kind, value string) Term { return x.term(byte(kind), []byte(value)) }

// refKind is the kind of "who refers to this statement": no facet, and asked by the index alone.
const refKind = '>'

func (x *Index) term(kind byte, value []byte) (t Term) {
	mac := x.macs.Get().(*termMAC)
	defer x.macs.Put(mac)
	mac.buffer = append(append(mac.buffer[:0], 't', kind), value...)
	mac.Reset()
	mac.Write(mac.buffer)
	mac.buffer = mac.Sum(mac.buffer[:0])
	copy(t[:], mac.buffer)
	return t
}

// Filter is met by a statement that has any of its terms: one, or direct and related.
type Filter struct {
	Kind  xapi.Kind
	Terms []Term
}

// NewFilter makes the filter for a value of a kind. A related kind is met by the direct one too.
func (x *Index) NewFilter(kind xapi.Kind, value string) Filter {
	f := Filter{Kind: kind, Terms: []Term{x.Term(kind, value)}}
	switch kind {
	case xapi.RelatedAgent:
		f.Terms = append(f.Terms, x.Term(xapi.Agent, value))
	case xapi.RelatedActivity:
		f.Terms = append(f.Terms, x.Term(xapi.Activity, value))
	}
	return f
}
