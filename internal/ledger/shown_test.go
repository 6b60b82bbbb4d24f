package ledger

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"

	"cairn/internal/kv"
)

// bare packs without the dictionary, which would take most of an exploration's time. It is made outside of any bubble, since
// its channels would belong to that.
var bare = func() *codec {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		panic(err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		panic(err)
	}
	c := &codec{enc, dec}
	if _, _, err := c.pack([][]byte{{'1'}}); err != nil {
		panic(err)
	}
	return c
}()

// mask takes the random half of each position out of an item, and the version where nobody asks for it.
func mask(i kv.Item) kv.Item {
	zero := func(b []byte, from int) []byte {
		if len(b) < from+8 {
			return b
		}
		b = bytes.Clone(b)
		clear(b[from : from+8])
		return b
	}
	switch i.Table {
	case kv.IDs:
		i.Value = zero(zero(i.Value, 10), 46)
	case kv.Log:
		i.Sort = zero(i.Sort, 8)
		if h, err := decodeHead(i.Value); partNumber(i.Key) > 0 || err == nil && h.fence {
			i.Version = 0
		}
	}
	return i
}

// show writes an item of the ledger for a reader, positions by their time.
func show(i kv.Item) string {
	at := func(p Position) string { return fmt.Sprint(p.Instant() - At(stagedTime)) }
	if i.Table == kv.IDs {
		id := fmt.Sprintf("claim on %s", nameOf(uuid.UUID(i.Partition)))
		c, err := decodeClaim(i.Value, 0)
		if err != nil {
			return id
		}
		id += fmt.Sprintf(" for %s.%d, digest %x", at(c.place.Position), c.place.Ordinal, c.digest[:2])
		if c.marked() {
			id += " marked " + at(c.mark)
		}
		return id
	}
	ref, _ := entryOf(i.Key)
	if n := partNumber(i.Key); n > 0 {
		return fmt.Sprintf("part %d of %s", n, at(ref.Position))
	}
	name := "head " + at(ref.Position)
	h, err := decodeHead(i.Value)
	switch {
	case err != nil:
		return name
	case h.fence:
		return name + ": fence"
	}
	return fmt.Sprintf("%s: %d statements, out %x, voided %x", name, h.count, []byte(h.out), []byte(h.voided))
}

func nameOf(id uuid.UUID) string {
	for _, name := range []string{"x", "y", "z", "v"} {
		if idOf(name) == id {
			return name
		}
	}
	return id.String()
}
