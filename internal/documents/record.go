package documents

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"cairn/internal/kv"
)

// maxInline is the largest body, in bytes, that stands in the item. It holds a SCORM package's whole suspend data in one round
// trip; beyond it, write units cost far more than an object, and lists, which read whole items, would crawl.
const maxInline = 64 << 10

// record is an item of the table documents. Its value is a format byte, then id, content type and blob key, each after its
// length, the time in microseconds since 1970, the SHA-1, and the rest is the body, if it stands in the item.
type record struct {
	key         kv.Key
	version     uint64
	id          string
	contentType string
	blob        string // where the body lies; "" for in the item
	updated     int64
	sum         [sha1.Size]byte
	inline      []byte
}

const format = 1

// tag is the ETag that xAPI 1.0.3 Communication 3.1 prescribes.
func (r *record) tag() string { return `"` + hex.EncodeToString(r.sum[:]) + `"` }

func (r *record) time() time.Time { return time.UnixMicro(r.updated).UTC() }

func (r *record) item() kv.Item {
	value := []byte{format}
	for _, text := range []string{r.id, r.contentType, r.blob} {
		value = binary.AppendUvarint(value, uint64(len(text)))
		value = append(value, text...)
	}
	value = binary.AppendVarint(value, r.updated)
	value = append(value, r.sum[:]...)
	return kv.Item{Key: r.key, Value: append(value, r.inline...), Version: r.version}
}

var errFormat = errors.New("documents: an item is not a document")

func decode(item kv.Item) (*record, error) {
	r := &record{key: item.Key, version: item.Version}
	rest := item.Value
	if len(rest) == 0 || rest[0] != format {
		return nil, errFormat
	}
	rest = rest[1:]
	for _, text := range []*string{&r.id, &r.contentType, &r.blob} {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, errFormat
		}
		*text, rest = string(rest[n:n+int(size)]), rest[n+int(size):]
	}
	var n int
	if r.updated, n = binary.Varint(rest); n <= 0 || len(rest)-n < len(r.sum) {
		return nil, errFormat
	}
	copy(r.sum[:], rest[n:])
	r.inline = rest[n+len(r.sum):]
	return r, nil
}
