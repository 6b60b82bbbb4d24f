package index

import (
	"encoding/binary"
	"errors"

	"cairn/internal/ledger"
)

// posting is one statement in a list.
type posting struct {
	ledger.Place
	// prints are short fingerprints of the statement's own verb, activity and registration, for joining: a posting that cannot
	// meet another filter is passed over unread. Postings of a second list have none.
	prints prints
}

// prints holds the fingerprints in the order of printKinds; 0: it has none of that kind.
type prints [3]byte

func (t Term) print() byte { return max(t[0], 1) }

// maxRow closes a row so that with its keys and attribute names it fills just under 4 KB: a read unit, four write units.
const maxRow = 4096 - 64

// rows packs postings, in the order of places, into rows. A run of postings of one entry shares its shard and position, of which the time
// is told by what it is after the run's before. Most entries of one statement are told in 15 bytes.
//
//	shard and whether the run is one statement at ordinal 0 of part 0, position: time, random bits (8); then prints (3), or
//	number n, n times: ordinal less the one before, part, prints (3)
func rows(postings []posting) (out []row) {
	var r row
	for len(postings) > 0 {
		n := 1
		for n < len(postings) && postings[n].EntryRef == postings[0].EntryRef {
			n++
		}
		room := (maxRow - len(r.packed) - runHeader) / maxPosting
		if room < 1 {
			out, r = append(out, r), row{}
			continue
		}
		n = min(n, room)
		r.packed = appendRun(r.packed, postings[:n], r.at)
		r.last, r.at = postings[n-1].Stored(), postings[0].Position.Instant()
		postings = postings[n:]
	}
	if len(r.packed) > 0 {
		out = append(out, r)
	}
	return out
}

// row is packed postings, and the stored of the last.
type row struct {
	packed []byte
	last   ledger.Instant
	at     ledger.Instant // the last run's position
}

const (
	runHeader  = 2 + 10 + 8 + 3
	maxPosting = 3 + 3 + len(prints{})
)

func appendRun(row []byte, run []posting, before ledger.Instant) []byte {
	first := run[0]
	head := uint64(first.Shard) << 1
	if len(run) == 1 && first.Ordinal == 0 && first.Part == 0 {
		head |= 1
	}
	row = binary.AppendUvarint(row, head)
	row = binary.AppendVarint(row, int64(first.Position.Instant()-before))
	row = append(row, first.Position[8:]...)
	if head&1 == 1 {
		return append(row, first.prints[:]...)
	}
	row = binary.AppendUvarint(row, uint64(len(run)))
	return appendPlaces(row, run)
}

func appendPlaces(row []byte, run []posting) []byte {
	before := uint16(0)
	for _, p := range run {
		row = binary.AppendUvarint(row, uint64(p.Ordinal-before))
		row = binary.AppendUvarint(row, uint64(p.Part))
		row = append(row, p.prints[:]...)
		before = p.Ordinal
	}
	return row
}

var errRow = errors.New("index: a row of postings cannot be read")

// postingsOf unpacks a row.
func postingsOf(row []byte) (out []posting, err error) {
	var at int64
	for len(row) > 0 {
		head, err := number(&row, 2*255+1)
		if err != nil {
			return nil, err
		}
		since, n := binary.Varint(row)
		if n <= 0 || len(row) < n+8 {
			return nil, errRow
		}
		at += since
		p := posting{Place: ledger.Place{EntryRef: ledger.EntryRef{Shard: byte(head >> 1)}}}
		binary.BigEndian.PutUint64(p.Position[:], uint64(at))
		copy(p.Position[8:], row[n:])
		row = row[n+8:]
		if out, row, err = places(out, row, p, head&1 == 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// places unpacks what follows a run's position: the statements of the entry p.
func places(out []posting, row []byte, p posting, single bool) ([]posting, []byte, error) {
	count := uint64(1)
	if !single {
		var err error
		if count, err = number(&row, ledger.MaxEntry); err != nil {
			return nil, nil, err
		}
	}
	for range count {
		if !single {
			ordinal, err1 := number(&row, ledger.MaxEntry)
			part, err2 := number(&row, ledger.MaxEntry)
			if err := errors.Join(err1, err2); err != nil {
				return nil, nil, errRow
			}
			p.Ordinal, p.Part = p.Ordinal+uint16(ordinal), uint16(part)
		}
		if len(row) < len(p.prints) {
			return nil, nil, errRow
		}
		p.prints = prints(row[:len(p.prints)])
		row = row[len(p.prints):]
		out = append(out, p)
	}
	return out, row, nil
}

func number(row *[]byte, limit uint64) (uint64, error) {
	v, n := binary.Uvarint(*row)
	if n <= 0 || v > limit {
		return 0, errRow
	}
	*row = (*row)[n:]
	return v, nil
}
