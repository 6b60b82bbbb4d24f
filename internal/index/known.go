package index

import (
	"encoding/binary"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// known is an activity's row in the catalogue.
type known struct {
	ID         string
	Definition []byte // JSON, kept byte for byte
	// Through is the end of the range that changed the row last: a worker that is behind must not undo it.
	Through ledger.Instant

	version uint64
}

// encode: through, the id's length, the id, the definition.
func (k *known) encode() []byte {
	b := make([]byte, 0, 8+binary.MaxVarintLen32+len(k.ID)+len(k.Definition))
	b = binary.BigEndian.AppendUint64(b, uint64(k.Through))
	b = binary.AppendUvarint(b, uint64(len(k.ID)))
	return append(append(b, k.ID...), k.Definition...)
}

func decodeKnown(item kv.Item) (*known, error) {
	b := item.Value
	if len(b) < 9 {
		return nil, errRow
	}
	k := &known{Through: ledger.Instant(binary.BigEndian.Uint64(b)), version: item.Version}
	b = b[8:]
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return nil, errRow
	}
	k.ID, k.Definition = string(b[n:n+int(length)]), b[n+int(length):]
	return k, nil
}
