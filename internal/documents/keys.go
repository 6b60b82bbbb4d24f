package documents

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"cairn/internal/kv"
)

// Every key of the table documents, and of its blobs.
//
//	documents  resource | 0, document id           the document, when its id fits
//	documents  resource | 1, SHA-256 of the id     the document, when its id is longer; the item holds the whole id
//	blob       documents/random                    a body that is too large for an item

const (
	plainID  = 0
	hashedID = 1
)

// partition names a resource by an HMAC, so that nobody who sees a key can guess a mailbox back. Lengths go before the parts,
// so that no two resources run together to the same bytes.
func (d *Documents) partition(res Resource) []byte {
	mac := hmac.New(sha256.New, d.secret)
	mac.Write([]byte{'o'}) // apart from what else is made under the stack's secret
	for _, part := range append([]string{res.Kind}, res.Parts...) {
		mac.Write(binary.AppendUvarint(nil, uint64(len(part))))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)[:16]
}

func (d *Documents) key(res Resource, id string) kv.Key {
	sort := append([]byte{plainID}, id...)
	if len(sort) > kv.MaxSort {
		sum := sha256.Sum256([]byte(id))
		sort = append([]byte{hashedID}, sum[:]...)
	}
	return kv.Key{Table: kv.Documents, Partition: d.partition(res), Sort: sort}
}

// newBlobKey returns a key that no other body has: one write's body is never another's, even when their bytes are equal.
func newBlobKey() string {
	var b [16]byte
	rand.Read(b[:])
	return "documents/" + hex.EncodeToString(b[:])
}
