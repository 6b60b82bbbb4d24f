package index

import (
	"encoding/binary"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// Every key of the table index, and the activity catalogue's in reports.
//
//	index    generation, "1", term      | stored of the last posting, part    packed postings
//	index    generation, "2", term      | place                               a posting that came by a reference, or late
//	index    generation, "3", id's term | 0                                   "this id is referred to"
//	index    generation, "3", id's term | 1, place                            a statement that refers to it, with its id
//	reports  generation, "a", id's term | 0                                   an activity's definition
//
// A row of the first list is keyed by its last posting, so that a search that starts at an instant finds the one row that
// spans it by its key.

const (
	firstList  = '1'
	secondList = '2'
	referrers  = '3'
	catalogue  = 'a'
)

func partition(generation, list byte, t Term) []byte {
	return append([]byte{generation, list}, t[:]...)
}

func rowKey(generation byte, t Term, last ledger.Instant, part int) kv.Key {
	sort := binary.BigEndian.AppendUint16(instantKey(last), uint16(part))
	return kv.Key{Table: kv.Index, Partition: partition(generation, firstList, t), Sort: sort}
}

func instantKey(at ledger.Instant) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 0, 10), uint64(max(at, 0)))
}

func secondKey(generation byte, t Term, p ledger.Place) kv.Key {
	return kv.Key{Table: kv.Index, Partition: partition(generation, secondList, t), Sort: placeKey(nil, p)}
}

func referredKey(generation byte, id Term) kv.Key {
	return kv.Key{Table: kv.Index, Partition: partition(generation, referrers, id), Sort: []byte{0}}
}

func referrerKey(generation byte, id Term, p ledger.Place) kv.Key {
	return kv.Key{Table: kv.Index, Partition: partition(generation, referrers, id), Sort: placeKey([]byte{1}, p)}
}

func activityKey(generation byte, id Term) kv.Key {
	return kv.Key{Table: kv.Reports, Partition: partition(generation, catalogue, id), Sort: []byte{0}}
}

const placeSize = 8 + 16 + 2 + 1 + 2

// placeKey sorts as places do.
func placeKey(b []byte, p ledger.Place) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(p.Stored()))
	b = append(b, p.Position[:]...)
	b = binary.BigEndian.AppendUint16(b, p.Ordinal)
	b = append(b, p.Shard)
	return binary.BigEndian.AppendUint16(b, p.Part)
}

func placeOf(b []byte) (p ledger.Place, ok bool) {
	if len(b) != placeSize {
		return p, false
	}
	p.Position = ledger.Position(b[8:24])
	p.Ordinal = binary.BigEndian.Uint16(b[24:])
	p.Shard = b[26]
	p.Part = binary.BigEndian.Uint16(b[27:])
	return p, true
}
