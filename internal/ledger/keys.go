package ledger

import (
	"encoding/binary"

	"github.com/google/uuid"

	"cairn/internal/kv"
)

// Every key of the tables log and ids, and of the ledger's rows in control.
//
//	log      shard            | position, 0            head
//	log      shard            | position, 1, part      part
//	ids      statement id     | 0                      claim
//	control  "stack"          | "secret" or "shards"

const (
	headMark = 0
	partMark = 1
)

func shardKey(shard uint8) []byte { return []byte{shard} }

func headKey(e EntryRef) kv.Key {
	return kv.Key{Table: kv.Log, Partition: shardKey(e.Shard), Sort: append(e.Position[:len(e.Position):len(e.Position)], headMark)}
}

func partKey(e EntryRef, part uint16) kv.Key {
	sort := append(make([]byte, 0, 19), e.Position[:]...)
	return kv.Key{Table: kv.Log, Partition: shardKey(e.Shard), Sort: binary.BigEndian.AppendUint16(append(sort, partMark), part)}
}

// boundKey sorts before every entry whose position is at or after an instant.
func boundKey(at Instant) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(max(at, 0)))
}

func claimKey(id uuid.UUID) kv.Key {
	return kv.Key{Table: kv.IDs, Partition: id[:], Sort: []byte{0}}
}

func stackKey(row string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("stack"), Sort: []byte(row)}
}

// HeadOf tells whether a key of the log is a head's, and whose: what a bell that rings for the log is asked.
func HeadOf(k kv.Key) (EntryRef, bool) {
	ref, ok := entryOf(k)
	return ref, ok && len(k.Sort) == 17 && k.Sort[16] == headMark
}

func entryOf(k kv.Key) (ref EntryRef, ok bool) {
	if k.Table != kv.Log || len(k.Partition) != 1 || len(k.Sort) < 17 {
		return ref, false
	}
	return EntryRef{Shard: k.Partition[0], Position: Position(k.Sort[:16])}, true
}

// partNumber is the number of the part that a key of the log names, 0 for a head.
func partNumber(k kv.Key) uint16 {
	if len(k.Sort) != 19 || k.Sort[16] != partMark {
		return 0
	}
	return binary.BigEndian.Uint16(k.Sort[17:])
}
