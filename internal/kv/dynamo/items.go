package dynamo

import (
	"encoding/binary"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
)

// The attributes, all binary: the keys', which streams carry too, and the rest. kvtest.Count knows their lengths.
const (
	PartitionName = "p"
	SortName      = "s"
	valueName     = "v"
	versionName   = "n" // 8 bytes, big-endian: shorter than DynamoDB's numbers
)

type attributes = map[string]types.AttributeValue

func binaryOf(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }

func versionOf(v uint64) types.AttributeValue { return binaryOf(binary.BigEndian.AppendUint64(nil, v)) }

func keyAttributes(k kv.Key) attributes {
	return attributes{PartitionName: binaryOf(k.Partition), SortName: binaryOf(k.Sort)}
}

func itemAttributes(i kv.Item) attributes {
	return attributes{
		PartitionName: binaryOf(i.Partition),
		SortName:      binaryOf(i.Sort),
		valueName:     binaryOf(i.Value),
		versionName:   versionOf(i.Version),
	}
}

func keyOf(t kv.Table, a attributes) (kv.Key, error) {
	partition, ok := a[PartitionName].(*types.AttributeValueMemberB)
	sort, also := a[SortName].(*types.AttributeValueMemberB)
	if !ok || !also {
		return kv.Key{}, fmt.Errorf("kv/dynamo: table %s: an item has no %s and %s", t, PartitionName, SortName)
	}
	return kv.Key{Table: t, Partition: partition.Value, Sort: sort.Value}, nil
}

func itemOf(t kv.Table, a attributes) (kv.Item, error) {
	key, err := keyOf(t, a)
	if err != nil {
		return kv.Item{}, err
	}
	value, ok := a[valueName].(*types.AttributeValueMemberB)
	version, also := a[versionName].(*types.AttributeValueMemberB)
	if !ok || !also || len(version.Value) != 8 {
		return kv.Item{}, fmt.Errorf("kv/dynamo: table %s: item %x, %x was not written by this adapter", t, key.Partition, key.Sort)
	}
	return kv.Item{Key: key, Value: value.Value, Version: binary.BigEndian.Uint64(version.Value)}, nil
}
