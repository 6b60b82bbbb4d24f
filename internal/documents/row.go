package documents

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/blob"
	"cairn/internal/kv"
)

// The keys of the table documents, and of the objects that hold large bodies:
//
//	documents  HMAC of the resource | "i", document id; or "h", SHA-256 of one that is too long for a sort key
//	blob       documents/ 32 random hexadecimal digits

func (d *Documents) key(res Resource, id string) kv.Key {
	mac := hmac.New(sha256.New, d.secret)
	mac.Write([]byte{'o'})
	for _, part := range append([]string{res.Kind}, res.Parts...) {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	sort := append([]byte{'i'}, id...)
	if len(sort) > kv.MaxSort {
		sum := sha256.Sum256([]byte(id))
		sort = append([]byte{'h'}, sum[:]...)
	}
	return kv.Key{Table: kv.Documents, Partition: mac.Sum(nil)[:16], Sort: sort}
}

// maxInline is the largest body that is kept in its item: listing a resource reads its items whole.
const maxInline = 64 << 10

// row is a document as it is stored: a line of JSON, then the body, unless that stands in an object.
type row struct {
	Document
	id      string
	object  string // the key of the object that holds the body; "" when it stands in the item
	key     kv.Key
	version uint64
}

type rowHeader struct {
	ID          string    `json:"id"`
	ContentType string    `json:"type"`
	ETag        string    `json:"etag"`
	Updated     time.Time `json:"updated"`
	Object      string    `json:"object,omitempty"`
}

func (r *row) encode() ([]byte, error) {
	header, err := json.Marshal(rowHeader{r.id, r.ContentType, r.ETag, r.Updated, r.object})
	if err != nil {
		return nil, err
	}
	if r.object != "" {
		return append(header, '\n'), nil
	}
	return append(append(header, '\n'), r.Body...), nil
}

func decodeRow(item kv.Item) (*row, error) {
	line, body, _ := bytes.Cut(item.Value, []byte{'\n'})
	var h rowHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("the row of a document cannot be read: %w", err)
	}
	return &row{
		Document: Document{ContentType: h.ContentType, Body: body, ETag: h.ETag, Updated: h.Updated},
		id:       h.ID, object: h.Object, key: item.Key, version: item.Version,
	}, nil
}

// read returns a row with its body, strongly consistent; nil when there is none.
func (d *Documents) read(ctx context.Context, key kv.Key) (*row, error) {
	for {
		item, err := d.store.Get(ctx, key, kv.Strong)
		if errors.Is(err, kv.ErrAbsent) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading a document: %w", err)
		}
		r, err := decodeRow(item)
		if err != nil || r.object == "" {
			return r, err
		}
		r.Body, err = d.blobs.Get(ctx, r.object)
		if errors.Is(err, blob.ErrAbsent) && ctx.Err() == nil {
			continue // replaced since the item was read, and its object is gone with it
		}
		if err != nil {
			return nil, fmt.Errorf("reading a document's body: %w", err)
		}
		return r, nil
	}
}

// write replaces a row on condition that it is still the one read, nil for none: false when it is not. A large body goes out
// before the item that names it, and one that was replaced is removed after: whatever fails in between, each item's object is
// there, and what remains is an object that nobody names.
func (d *Documents) write(ctx context.Context, r, before *row) (bool, error) {
	if len(r.Body) > maxInline {
		random := make([]byte, 16)
		rand.Read(random)
		r.object = "documents/" + hex.EncodeToString(random)
		if err := d.blobs.PutIfAbsent(ctx, r.object, r.Body); err != nil {
			return false, fmt.Errorf("writing a document's body: %w", err)
		}
	}
	value, err := r.encode()
	if err != nil {
		return false, err
	}
	item := kv.Item{Key: r.key, Value: value, Version: kv.NewVersion()}
	if item.Check() != nil {
		return false, &Problem{Message: "the document's id or Content-Type is too long"}
	}
	done, err := d.settle(ctx, item, d.store.Put(ctx, item, condition(before)))
	switch {
	case done && before != nil && before.object != "":
		d.blobs.Delete(ctx, before.object)
	case !done && err == nil && r.object != "":
		d.blobs.Delete(ctx, r.object)
	}
	return done, err
}

// settle reads the outcome of a put: done, refused, or a fault, after which the put may have taken effect all the same.
func (d *Documents) settle(ctx context.Context, item kv.Item, err error) (bool, error) {
	var changed *kv.Conflict
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &changed):
		return false, nil
	}
	stands, readErr := d.store.Get(ctx, item.Key, kv.Strong)
	if readErr == nil && stands.Version == item.Version {
		return true, nil
	}
	return false, fmt.Errorf("writing a document: %w", err)
}

func condition(before *row) kv.Condition {
	if before == nil {
		return kv.Absent
	}
	return kv.IfVersion(before.version)
}
