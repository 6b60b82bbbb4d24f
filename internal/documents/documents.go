// Package documents keeps what clients store beside statements: state, activity profile and agent profile documents, of any
// bytes and content type (xAPI 1.0.3 Communication 2.2, 2.3, 2.6, 2.7). It owns the table documents, and knows no HTTP.
//
// A document is one item, replaced on condition that it is as it was read; so of two writers one comes again and sees what the
// other wrote, and preconditions hold at the very moment of the write. A body too large for an item lies in a blob that the
// item names: the blob is written before the item and the old one deleted after it, so an item never names a blob that is not
// whole. What a crash in between leaves is a blob that nothing names: it costs storage, and no reader can come upon it.
package documents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cairn/internal/blob"
	"cairn/internal/kv"
)

// Resource is what documents belong to: a kind (state, activity profile, agent profile), and the canonical forms of activity,
// agent and registration, as far as the kind has them. Two resources are the same when kind and parts are.
type Resource struct {
	Kind  string
	Parts []string
}

// Document is a body with what is known of it. Writers give ContentType and Body, the rest is found out.
type Document struct {
	ContentType string // exactly as sent
	Body        []byte
	ETag        string    // quoted lower-case hex SHA-1 of the body (xAPI 1.0.3 Communication 3.1)
	Updated     time.Time // when it was last written; rises with each write, to the microsecond
}

// Bounds in bytes. A body of MaxBody can still be answered through Lambda, which takes 6 MB with base64.
const (
	MaxBody        = 4 << 20
	MaxID          = 8 << 10
	MaxContentType = 1 << 10
)

// Refusals, beside *Problem. None of them changed anything.
var (
	// ErrAbsent: there is no such document.
	ErrAbsent = errors.New("documents: no such document")
	// ErrPreconditionFailed: the document is not as If-Match or If-None-Match says (412).
	ErrPreconditionFailed = errors.New("documents: precondition failed")
	// ErrConflict: the document exists, and would be replaced blindly (409).
	ErrConflict = errors.New("documents: would replace an existing document without a precondition")
	// ErrPreconditionRequired: the document is new, and its resource wants a precondition even so (400).
	ErrPreconditionRequired = errors.New("documents: a precondition is required")
	// ErrTooLarge: the body, or what a merge would make of it, exceeds MaxBody (413).
	ErrTooLarge = errors.New("documents: body too large")
)

// Problem says why what was sent cannot be a document, or be merged (400).
type Problem struct {
	Pointer string // JSON pointer into the body; "" for the whole of what was sent
	Message string
	Rule    string // section of the specification
}

func (p *Problem) Error() string { return p.Message + " (" + p.Rule + ")" }

// Documents reads and writes documents. It is safe for concurrent use.
type Documents struct {
	store  kv.Store
	blobs  blob.Store
	secret []byte
	now    func() time.Time
}

// New returns the documents in a store. Keys are made under the secret, which must stay the same as long as the store.
func New(store kv.Store, blobs blob.Store, secret []byte, now func() time.Time) *Documents {
	return &Documents{store: store, blobs: blobs, secret: secret, now: now}
}

// Get returns a document as the last write that returned left it, or ErrAbsent.
func (d *Documents) Get(ctx context.Context, res Resource, id string) (Document, error) {
	for {
		r, err := d.read(ctx, d.key(res, id))
		if err != nil {
			return Document{}, err
		}
		if r == nil {
			return Document{}, ErrAbsent
		}
		body, err := d.body(ctx, r)
		if errors.Is(err, errMoved) {
			continue // the blob went because a newer item stands: each round is somebody's write
		}
		return Document{ContentType: r.contentType, Body: body, ETag: r.tag(), Updated: r.time()}, err
	}
}

// read returns what stands under key, nil for nothing.
func (d *Documents) read(ctx context.Context, key kv.Key) (*record, error) {
	item, err := d.store.Get(ctx, key, kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a document: %w", err)
	}
	return decode(item)
}

// errMoved: somebody else wrote the document since it was read.
var errMoved = errors.New("documents: the document has changed")

// body returns a record's body, or errMoved when its blob is gone because the record was replaced.
func (d *Documents) body(ctx context.Context, r *record) ([]byte, error) {
	if r.blob == "" {
		return r.inline, nil
	}
	body, err := d.blobs.Get(ctx, r.blob)
	if err == nil {
		return body, nil
	}
	if !errors.Is(err, blob.ErrAbsent) {
		return nil, fmt.Errorf("reading a document's body: %w", err)
	}
	switch now, err := d.read(ctx, r.key); {
	case err != nil:
		return nil, err
	case now != nil && now.version == r.version:
		return nil, fmt.Errorf("documents: the body %s of a document is lost", r.blob)
	}
	return nil, errMoved
}
