package ledger

import (
	"encoding/binary"
	"fmt"
)

// Digest tells two statements apart: an HMAC of what was sent, before defaults are filled in.
type Digest [16]byte

// claim is what stands under a statement's id. Without a place it holds a void mark alone: the statement is not here yet.
type claim struct {
	place   Place
	digest  Digest
	voiding bool     // the statement voids another, so a mark does not bind it
	mark    Position // of the voiding statement's entry, the earliest that came; zero for none
	version uint64   // the item's, as read
}

const claimSize = 1 + 1 + 16 + 2 + 2 + 16 + 16

var errClaim = fmt.Errorf("%w: a claim cannot be read", ErrDamaged)

func (c *claim) placed() bool { return !c.place.Position.Zero() }
func (c *claim) marked() bool { return !c.mark.Zero() }

// encode: whether it voids, shard, position, part, ordinal, digest, and the mark when there is one.
func (c *claim) encode() []byte {
	b := make([]byte, 0, claimSize)
	voiding := byte(0)
	if c.voiding {
		voiding = 1
	}
	b = append(b, voiding, c.place.Shard)
	b = append(b, c.place.Position[:]...)
	b = binary.BigEndian.AppendUint16(b, c.place.Part)
	b = binary.BigEndian.AppendUint16(b, c.place.Ordinal)
	b = append(b, c.digest[:]...)
	if c.marked() {
		b = append(b, c.mark[:]...)
	}
	return b
}

func decodeClaim(b []byte, version uint64) (*claim, error) {
	if len(b) != claimSize && len(b) != claimSize-16 {
		return nil, errClaim
	}
	c := &claim{version: version, voiding: b[0] == 1, digest: Digest(b[22:38])}
	c.place = Place{
		EntryRef: EntryRef{Shard: b[1], Position: Position(b[2:18])},
		Part:     binary.BigEndian.Uint16(b[18:]), Ordinal: binary.BigEndian.Uint16(b[20:]),
	}
	if len(b) == claimSize {
		c.mark = Position(b[38:])
	}
	return c, nil
}
