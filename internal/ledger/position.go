package ledger

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"
)

// Instant is a time in microseconds since 1970: the grain of stored, ranges, horizons and checkpoints.
type Instant int64

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// At is the instant of t, cut to the microsecond.
func At(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Position is where an entry stands in its shard: 64 bits of microseconds, 64 random bits.
type Position [16]byte

func newPosition(at Instant) (p Position) {
	binary.BigEndian.PutUint64(p[:8], uint64(at))
	rand.Read(p[8:])
	return p
}

// Instant is when the entry was begun; it is the stored of its first statement.
func (p Position) Instant() Instant { return Instant(binary.BigEndian.Uint64(p[:8])) }

// Zero says that p is no position.
func (p Position) Zero() bool { return p == Position{} }

// MarshalText writes the position as 32 hexadecimal digits.
func (p Position) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, p[:]), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Position) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(p) {
		return errors.New("ledger: a position has 32 hexadecimal digits")
	}
	_, err := hex.Decode(p[:], text)
	return err
}

// EntryRef names an entry.
type EntryRef struct {
	Shard    uint8
	Position Position
}

// Place is where a statement stands: the entry, its ordinal within, and the part that holds it.
type Place struct {
	EntryRef
	Part    uint16 // 0 when the entry has one part, which stands in the head; else from 1
	Ordinal uint16
}

// Stored is the statement's stored time (DESIGN: position's time plus one microsecond for each before it).
func (p Place) Stored() Instant { return p.Position.Instant() + Instant(p.Ordinal) }

// Compare orders places by stored, ties by position, then ordinal: the one order of everything that Cairn lists.
func (p Place) Compare(q Place) int {
	if s, t := p.Stored(), q.Stored(); s != t {
		return sign(s < t)
	}
	if p.Position != q.Position {
		return sign(string(p.Position[:]) < string(q.Position[:]))
	}
	if p.Ordinal != q.Ordinal {
		return sign(p.Ordinal < q.Ordinal)
	}
	return 0
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}
