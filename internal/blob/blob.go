// Package blob is the port to Cairn's objects: whole bodies under a key, for what does not belong in an item (attachments,
// large documents). blobtest holds its adapters (S3, files) to this contract:
//
//   - A put that returned is durable; one that returned an error may have taken effect.
//
//   - Every read sees every put and delete that returned before it began.
//
//   - Keys are at most 512 bytes: segments of [A-Za-z0-9._=-], 1 to 255 bytes each and not "." or "..", with "/" between them
//     (else ErrKey). As on a file system, no key is what stands before a "/" in another.
//
//   - Adapters try again what the network refused, as long as the context lives.
//
//   - What is replaced is seen as it was before or after, whole. A version names one body under its key, for as long as no body comes back.
//
// Errors other than ErrAbsent, ErrChanged and ErrKey are faults of the storage; they wrap ErrUnavailable when a later try may work.
package blob

import (
	"context"
	"errors"
)

// ErrAbsent: there is no object under the key.
var ErrAbsent = errors.New("blob: no such object")

// ErrChanged: another object stands under the key than the one that was to be replaced.
var ErrChanged = errors.New("blob: object changed")

// ErrUnavailable: the storage refused for now (throttled, timed out, disk full, no connection); a later try may work.
var ErrUnavailable = errors.New("blob: storage unavailable")

// Store keeps objects.
type Store interface {
	// PutIfAbsent writes the object, whole or not at all. When one stands there already it stays, and that is no error:
	// keys are names of their content, or random.
	PutIfAbsent(ctx context.Context, key string, body []byte) error
	// Get returns the object's bytes, or ErrAbsent.
	Get(ctx context.Context, key string) ([]byte, error)
	// List returns up to limit keys that begin with prefix and come after the key after, in the order of their bytes.
	List(ctx context.Context, prefix, after string, limit int) ([]string, error)
	// Delete removes the object; what is absent is deleted already.
	Delete(ctx context.Context, key string) error
}

// Versions keeps objects that are replaced, for what must be found under one name.
type Versions interface {
	Store
	// Read returns the object's bytes and its version, or ErrAbsent.
	Read(ctx context.Context, key string) (body []byte, version string, err error)
	// Replace writes the object on condition that what stands there has a version, "" for nothing; else it changes nothing and returns
	// ErrChanged. After any error it may have taken effect, ErrChanged included: who is told so reads again.
	Replace(ctx context.Context, key string, body []byte, version string) error
}
