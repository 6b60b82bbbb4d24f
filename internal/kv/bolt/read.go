package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"cairn/internal/kv"
)

// pageSize is where a page ends, in bytes of keys and values, as DynamoDB's do.
const pageSize = 1 << 20

// Get implements kv.Reader.
func (s *Store) Get(ctx context.Context, key kv.Key, _ kv.Strength) (kv.Item, error) {
	found, err := s.GetMany(ctx, []kv.Key{key}, kv.Strong)
	if err != nil {
		return kv.Item{}, err
	}
	if len(found) == 0 {
		return kv.Item{}, kv.ErrAbsent
	}
	return found[0], nil
}

// GetMany implements kv.Reader.
func (s *Store) GetMany(ctx context.Context, keys []kv.Key, _ kv.Strength) (found []kv.Item, err error) {
	for _, k := range keys {
		if err := k.Check(); err != nil {
			return nil, err
		}
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		for _, k := range keys {
			b, err := table(tx, k.Table)
			if err != nil {
				return err
			}
			if raw := b.Get(rawKey(k)); raw != nil {
				found = append(found, itemOf(k, raw))
			}
		}
		return nil
	})
	return found, err
}

// Query implements kv.Reader.
func (s *Store) Query(ctx context.Context, span kv.Span) (page kv.Page, err error) {
	if err := (kv.Key{Partition: span.Partition, Sort: []byte{0}}).Check(); err != nil {
		return page, err
	}
	if span.Empty() {
		return page, nil
	}
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		b, err := table(tx, span.Table)
		if err != nil {
			return err
		}
		page = readPage(b.Cursor(), span)
		return nil
	})
	return page, err
}

func readPage(c *bbolt.Cursor, span kv.Span) (page kv.Page) {
	prefix := prefixOf(span.Partition, max(len(span.From), len(span.To)))
	first, step := lowest, c.Next
	if span.Descending {
		first, step = highest, c.Prev
	}
	size := 0
	for k, v := first(c, prefix, span); bytes.HasPrefix(k, prefix); k, v = step() {
		sort := k[len(prefix):]
		if outside(sort, span) {
			break
		}
		if n := len(page.Items); n > 0 && (n == span.Limit || size >= pageSize) {
			page.Next = span.Behind(page.Items[n-1].Sort)
			break
		}
		page.Items = append(page.Items, itemOf(kv.Key{Table: span.Table, Partition: span.Partition, Sort: sort}, v))
		size += len(k) + len(v)
	}
	return page
}

func outside(sort []byte, span kv.Span) bool {
	if span.Descending {
		return bytes.Compare(sort, span.From) < 0
	}
	return span.To != nil && bytes.Compare(sort, span.To) >= 0
}

func lowest(c *bbolt.Cursor, prefix []byte, span kv.Span) (k, v []byte) {
	return c.Seek(append(prefix, span.From...))
}

// highest finds the last key below the span's end by stepping back from the first at or above it.
func highest(c *bbolt.Cursor, prefix []byte, span kv.Span) (k, v []byte) {
	end := append(bytes.Clone(prefix), span.To...)
	if span.To == nil {
		end = following(prefix)
	}
	if k, _ := c.Seek(end); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// following is the least key above all that begin with prefix. There is one: a prefix begins with a length below 0xFFFF.
func following(prefix []byte) []byte {
	next := bytes.Clone(bytes.TrimRight(prefix, "\xff"))
	next[len(next)-1]++
	return next
}

func (s *Store) view(ctx context.Context, read func(*bbolt.Tx) error) error {
	if err := ended(ctx); err != nil {
		return err
	}
	err := s.db.View(read)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return errClosed
	}
	if err != nil {
		return fmt.Errorf("kv/bolt: read: %w", err)
	}
	return nil
}
