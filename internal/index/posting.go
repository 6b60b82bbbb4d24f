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

// rows packs postings, in the order of places, into rows. A run of postings of one entry shares its shard and position.
//
//	shard, position (16), number n, n times: ordinal less the one before, part, prints (3)
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
		r = row{packed: appendRun(r.packed, postings[:n]), last: postings[n-1].Stored()}
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
}

const (
	runHeader  = 1 + 16 + 3
	maxPosting = 3 + 3 + len(prints{})
)

func appendRun(row []byte, run []posting) []byte {
	row = append(row, run[0].Shard)
	row = append(row, run[0].Position[:]...)
	row = binary.AppendUvarint(row, uint64(len(run)))
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
	for len(row) > 0 {
		if len(row) < 18 {
			return nil, errRow
		}
		p := posting{Place: ledger.Place{EntryRef: ledger.EntryRef{Shard: row[0], Position: ledger.Position(row[1:17])}}}
		row = row[17:]
		n, err := number(&row, ledger.MaxEntry)
		if err != nil {
			return nil, err
		}
		for range n {
			ordinal, err1 := number(&row, ledger.MaxEntry)
			part, err2 := number(&row, ledger.MaxEntry)
			if err := errors.Join(err1, err2); err != nil || len(row) < len(p.prints) {
				return nil, errRow
			}
			p.Ordinal, p.Part = p.Ordinal+uint16(ordinal), uint16(part)
			p.prints = prints(row[:len(p.prints)])
			row = row[len(p.prints):]
			out = append(out, p)
		}
	}
	return out, nil
}

func number(row *[]byte, limit uint64) (uint64, error) {
	v, n := binary.Uvarint(*row)
	if n <= 0 || v > limit {
		return 0, errRow
	}
	*row = (*row)[n:]
	return v, nil
}
