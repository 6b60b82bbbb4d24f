package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"cairn/internal/kv"
)

// write is one conditional write, and its outcome once the committer has answered.
type write struct {
	key  kv.Key
	raw  []byte // what is to stand there; nil to delete
	cond kv.Condition
	err  error
}

// request is what one call wants written; done is closed when every write has its outcome and is on disk.
type request struct {
	writes []write
	done   chan struct{}
}

// Put implements kv.Writer.
func (s *Store) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	return s.submit(ctx, []write{put(item, cond)})[0]
}

// Delete implements kv.Writer.
func (s *Store) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	return s.submit(ctx, []write{{key: clone(key), cond: cond, err: key.Check()}})[0]
}

// InsertMany implements kv.Writer.
func (s *Store) InsertMany(ctx context.Context, items []kv.Item) []error {
	writes := make([]write, len(items))
	for i, item := range items {
		writes[i] = put(item, kv.Absent)
	}
	return s.submit(ctx, writes)
}

func put(item kv.Item, cond kv.Condition) write {
	return write{key: clone(item.Key), raw: rawValue(item), cond: cond, err: item.Check()}
}

// submit hands writes to the committer and waits for their outcomes, even if the context ends meanwhile: no write takes effect
// after its call returned, which is what lets the embedded ledger's horizon follow its writers.
func (s *Store) submit(ctx context.Context, writes []write) []error {
	outcomes := make([]error, len(writes))
	fail := func(err error) []error {
		for i := range outcomes {
			outcomes[i] = err
		}
		return outcomes
	}
	if err := ended(ctx); err != nil {
		return fail(err)
	}
	r := &request{writes: writes, done: make(chan struct{})}
	select {
	case s.queue <- r:
	case <-s.closing:
		return fail(errClosed)
	case <-ctx.Done():
		return fail(ended(ctx))
	}
	<-r.done
	for i := range writes {
		outcomes[i] = writes[i].err
	}
	return outcomes
}

// commitLoop is the one writer. Calls that arrive while it commits wait in their send, and go together into the next
// transaction: however many they are, they share one sync, and none waits longer than for the commit before.
func (s *Store) commitLoop() {
	defer close(s.closed)
	for {
		select {
		case <-s.closing:
			return
		case r := <-s.queue:
			s.commit(s.drain([]*request{r}))
		}
	}
}

func (s *Store) drain(batch []*request) []*request {
	for {
		select {
		case r := <-s.queue:
			batch = append(batch, r)
		default:
			return batch
		}
	}
}

// errNothing rolls a transaction back that changed nothing, which spares the sync.
var errNothing = errors.New("nothing to commit")

func (s *Store) commit(batch []*request) {
	var changed []kv.Change
	err := s.db.Update(func(tx *bbolt.Tx) error {
		for _, r := range batch {
			for i := range r.writes {
				did, isNew, err := apply(tx, &r.writes[i])
				if err != nil {
					return err
				}
				if did {
					changed = append(changed, kv.Change{Key: r.writes[i].key, New: isNew})
				}
			}
		}
		if len(changed) == 0 {
			return errNothing
		}
		return nil
	})
	if err == nil {
		s.bell.ring(changed, time.Now())
	} else if err != errNothing {
		refuse(batch, fmt.Errorf("kv/bolt: %w: write: %w", kv.ErrUnavailable, err))
	}
	for _, r := range batch {
		close(r.done)
	}
}

// refuse gives every write of a transaction that failed its error. A conflict that was seen inside it may rest on a write
// that was undone with it, so it is no answer either.
func refuse(batch []*request, err error) {
	for _, r := range batch {
		for i := range r.writes {
			r.writes[i].err = err
		}
	}
}

// apply does one write if its condition holds, and says whether anything changed, and whether nothing stood there before. An
// error of its own is the storage's.
func apply(tx *bbolt.Tx, w *write) (changed, isNew bool, err error) {
	var b *bbolt.Bucket
	if w.err == nil {
		b, w.err = table(tx, w.key.Table)
	}
	if w.err != nil {
		return false, false, nil
	}
	key := rawKey(w.key)
	var current *kv.Item
	if raw := b.Get(key); raw != nil {
		item := itemOf(w.key, raw)
		current = &item
	}
	switch {
	case !w.cond.Holds(current):
		w.err = &kv.Conflict{Current: current}
		return false, false, nil
	case w.raw != nil:
		return true, current == nil, b.Put(key, w.raw)
	case current == nil:
		return false, false, nil
	default:
		return true, false, b.Delete(key)
	}
}
