package kv

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrBounds: a key or an item is not one that a table can hold. Nothing was written, and no later try will work.
var ErrBounds = errors.New("kv: out of bounds")

// Check says whether a key can stand in a table; the error wraps ErrBounds. Adapters check every key they are given.
func (k Key) Check() error {
	if n := len(k.Partition); n == 0 || n > MaxPartition {
		return fmt.Errorf("%w: partition key of %d bytes", ErrBounds, n)
	}
	if n := len(k.Sort); n == 0 || n > MaxSort {
		return fmt.Errorf("%w: sort key of %d bytes", ErrBounds, n)
	}
	return nil
}

// Check says whether an item can be written; the error wraps ErrBounds. Adapters check every item they are given.
func (i Item) Check() error {
	if err := i.Key.Check(); err != nil {
		return err
	}
	if n := i.Size(); n > MaxItem {
		return fmt.Errorf("%w: item of %d bytes", ErrBounds, n)
	}
	if i.Version == 0 {
		return fmt.Errorf("%w: item without a version", ErrBounds)
	}
	return nil
}

// Size is what an item counts against MaxItem: the bytes of its keys and its value.
func (i Item) Size() int { return len(i.Partition) + len(i.Sort) + len(i.Value) }

// Empty says that no key can lie in the span, so that no storage need be asked.
func (s Span) Empty() bool { return s.To != nil && bytes.Compare(s.From, s.To) >= 0 }

// Behind is the rest of the span after the item with this sort key, in the span's direction; nil when nothing can follow.
func (s Span) Behind(sort []byte) *Span {
	if s.Descending {
		s.To = bytes.Clone(sort)
	} else if s.From = after(sort); s.From == nil {
		return nil
	}
	if s.Empty() {
		return nil
	}
	return &s
}

// after is the least sort key above sort, nil when there is none. A key of MaxSort bytes cannot grow, and DynamoDB refuses
// longer bounds than keys: its last byte that can rise does.
func after(sort []byte) []byte {
	if len(sort) < MaxSort {
		return append(bytes.Clone(sort), 0)
	}
	head := bytes.TrimRight(sort, "\xff")
	if len(head) == 0 {
		return nil
	}
	next := bytes.Clone(head)
	next[len(next)-1]++
	return next
}
