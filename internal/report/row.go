package report

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// row is a row of figures, or one block of its lists.
type row struct {
	through uint64 // number of the last range that changed it
	counts  map[fold.Key]int64
	lists   map[fold.Key]*bitset
	version uint64
}

func emptyRow() *row { return &row{counts: map[fold.Key]int64{}, lists: map[fold.Key]*bitset{}} }

func (r *row) encode() []byte {
	b := binary.AppendUvarint(nil, r.through)
	counts := fold.EncodeCounts(r.counts)
	b = append(binary.AppendUvarint(b, uint64(len(counts))), counts...)
	for _, k := range slices.SortedFunc(maps.Keys(r.lists), fold.Key.Compare) {
		b = append(b, byte(k.Kind))
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(k.A)), uint64(k.B))
		b = r.lists[k].appendTo(b)
	}
	return pack(b)
}

func decodeRow(item kv.Item) (*row, error) {
	r := emptyRow()
	r.version = item.Version
	b, err := unpack(item.Value)
	if err != nil {
		return nil, err
	}
	var size uint64
	if r.through, b, err = readUvarint(b); err != nil {
		return nil, err
	}
	if size, b, err = readUvarint(b); err != nil || size > uint64(len(b)) {
		return nil, errRow
	}
	if r.counts, err = fold.DecodeCounts(b[:size]); err != nil {
		return nil, err
	}
	for b = b[size:]; len(b) > 0; {
		k := fold.Key{Kind: fold.KeyKind(b[0])}
		var x, y uint64
		if x, b, err = readUvarint(b[1:]); err != nil {
			return nil, err
		}
		if y, b, err = readUvarint(b); err != nil {
			return nil, err
		}
		k.A, k.B = uint32(x), uint32(y)
		if r.lists[k], b, err = readBits(b); err != nil {
			return nil, err
		}
	}
	return r, nil
}

var errRow = fmt.Errorf("report: a row cannot be read")

func readUvarint(b []byte) (uint64, []byte, error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, errRow
	}
	return v, b[n:], nil
}

// add adds to the counts. A count that comes to nothing goes.
func (r *row) add(counts map[fold.Key]int64) (changed bool) {
	for k, n := range counts {
		changed = true
		if r.counts[k] += n; r.counts[k] == 0 {
			delete(r.counts, k)
		}
	}
	return changed
}

// enter has learners enter a list, or leave it.
func (r *row) enter(k fold.Key, learners map[uint16]bool) (changed bool) {
	list := r.lists[k]
	if list == nil {
		list = &bitset{}
	}
	for n, in := range learners {
		if list.has(n) == in {
			continue
		}
		changed = true
		if in {
			list.set(n)
		} else {
			list.clear(n)
		}
	}
	switch {
	case !changed:
	case *list == bitset{}:
		delete(r.lists, k)
	default:
		r.lists[k] = list
	}
	return changed
}
