package documents

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"cairn/internal/kv"
)

// Put makes or replaces a document. The errors are the refusals of this package, or faults of the storage; after a fault,
// putting it again is safe.
func (d *Documents) Put(ctx context.Context, res Resource, id string, doc Document, cond Precondition) error {
	if err := check(id, doc); err != nil {
		return err
	}
	return d.change(ctx, d.key(res, id), func(current *record) (*record, error) {
		return newRecord(id, doc), cond.check(current)
	})
}

// Merge sets the properties of a JSON object in a document that is one, and keeps the others (xAPI 1.0.3 Communication 2.2).
// Where there is no document it is Put. Merges that run at once all take effect, one after the other. Errors are as those of Put.
func (d *Documents) Merge(ctx context.Context, res Resource, id string, doc Document, cond Precondition) error {
	if err := check(id, doc); err != nil {
		return err
	}
	return d.change(ctx, d.key(res, id), func(current *record) (*record, error) {
		if err := cond.check(current); err != nil || current == nil {
			return newRecord(id, doc), err
		}
		old, err := d.body(ctx, current)
		if err != nil {
			return nil, err
		}
		merged, err := merge(Document{ContentType: current.contentType, Body: old}, doc)
		if err != nil {
			return nil, err
		}
		return newRecord(id, merged), nil
	})
}

// Delete removes a document. What is not there is deleted already, as far as the precondition allows.
func (d *Documents) Delete(ctx context.Context, res Resource, id string, cond Precondition) error {
	return d.change(ctx, d.key(res, id), func(current *record) (*record, error) {
		return nil, cond.check(current)
	})
}

// DeleteAll removes every document of a resource. When it fails, some may be gone, and deleting again goes on.
func (d *Documents) DeleteAll(ctx context.Context, res Resource) error {
	return d.each(ctx, res, func(r *record) error {
		return d.change(ctx, r.key, func(*record) (*record, error) { return nil, nil })
	})
}

// change replaces what stands under key by what next makes of it: nil stands for nothing, on either side. When somebody else is
// faster it asks next again about what stands then, until the context ends.
func (d *Documents) change(ctx context.Context, key kv.Key, next func(current *record) (*record, error)) error {
	for try := 0; ; try++ {
		current, err := d.read(ctx, key)
		if err != nil {
			return err
		}
		r, err := next(current)
		if err == nil {
			err = d.replace(ctx, key, current, r)
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// pause waits a random time, longer with each try up to a third of a second, so that many writers of one document spread out.
func pause(ctx context.Context, try int) error {
	const first, last = 5 * time.Millisecond, 320 * time.Millisecond
	timer := time.NewTimer(rand.N(min(first<<min(try, 10), last)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("documents: others kept writing the document: %w", ctx.Err())
	}
}

func newRecord(id string, doc Document) *record {
	return &record{id: id, contentType: doc.ContentType, inline: doc.Body, sum: sha1.Sum(doc.Body), version: kv.NewVersion()}
}

// replace writes r in place of current, as the package's comment says, or returns errMoved. A nil r is a deletion.
func (d *Documents) replace(ctx context.Context, key kv.Key, current, r *record) error {
	var err error
	switch {
	case r == nil && current == nil:
		return nil
	case r == nil:
		err = d.settle(ctx, key, 0, d.store.Delete(ctx, key, kv.IfVersion(current.version)))
	default:
		err = d.put(ctx, key, current, r)
	}
	switch {
	case err == nil:
		d.discard(ctx, current)
	case errors.Is(err, errMoved):
		d.discard(ctx, r) // the write took no effect, so nothing names its blob; after any other error something may
	}
	return err
}

func (d *Documents) put(ctx context.Context, key kv.Key, current, r *record) error {
	cond := kv.Absent
	r.key, r.updated = key, d.now().UnixMicro()
	if current != nil {
		cond = kv.IfVersion(current.version)
		r.updated = max(r.updated, current.updated+1) // clocks differ and fall back; what clients poll by must not
	}
	if len(r.inline) > maxInline {
		r.blob = newBlobKey()
		if err := d.blobs.PutIfAbsent(ctx, r.blob, r.inline); err != nil {
			d.discard(ctx, r)
			return fmt.Errorf("writing a document's body: %w", err)
		}
		r.inline = nil
	}
	return d.settle(ctx, key, r.version, d.store.Put(ctx, r.item(), cond))
}

// settle finds out what became of a write that should leave this version under key, 0 for nothing. A write that failed may have
// taken effect: it did when its version stands there.
func (d *Documents) settle(ctx context.Context, key kv.Key, version uint64, err error) error {
	var refused *kv.Conflict
	if err == nil || errors.As(err, &refused) {
		if refused != nil {
			return errMoved
		}
		return nil
	}
	now, readErr := d.read(ctx, key)
	if readErr == nil && (now == nil && version == 0 || now != nil && now.version == version) {
		return nil
	}
	return fmt.Errorf("writing a document: %w", err)
}

// discard deletes the blob of a record that nobody can read any more. It is worth a second, and not an error to anybody.
func (d *Documents) discard(ctx context.Context, r *record) {
	if r == nil || r.blob == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := d.blobs.Delete(ctx, r.blob); err != nil {
		slog.WarnContext(ctx, "a document's body is left behind", "blob", r.blob, "error", err.Error())
	}
}
