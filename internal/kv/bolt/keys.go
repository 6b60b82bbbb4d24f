package bolt

import (
	"bytes"
	"encoding/binary"

	"cairn/internal/kv"
)

// A table is a bucket. A key in it is the partition's length in two bytes, the partition, and the sort key: the items of one
// partition lie side by side, in the order of their sort keys' bytes. A value is the version in eight bytes, then the item's.

const versionSize = 8

// prefixOf is what the keys of a partition begin with; more may be appended, up to room bytes.
func prefixOf(partition []byte, room int) []byte {
	b := make([]byte, 0, 2+len(partition)+room)
	return append(binary.BigEndian.AppendUint16(b, uint16(len(partition))), partition...)
}

func rawKey(k kv.Key) []byte { return append(prefixOf(k.Partition, len(k.Sort)), k.Sort...) }

func rawValue(i kv.Item) []byte {
	b := make([]byte, 0, versionSize+len(i.Value))
	return append(binary.BigEndian.AppendUint64(b, i.Version), i.Value...)
}

// itemOf copies: what bbolt returns is gone with its transaction, and the caller may use its key's bytes again.
func itemOf(k kv.Key, raw []byte) kv.Item {
	return kv.Item{
		Key:     clone(k),
		Value:   append([]byte{}, raw[versionSize:]...),
		Version: binary.BigEndian.Uint64(raw),
	}
}

func clone(k kv.Key) kv.Key {
	return kv.Key{Table: k.Table, Partition: bytes.Clone(k.Partition), Sort: bytes.Clone(k.Sort)}
}
