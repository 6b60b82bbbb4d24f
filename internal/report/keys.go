package report

import (
	"encoding/binary"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Every key of the table reports but the activity catalogue's, which is the index's.
//
//	generation, "k", kind, term of the name | 0                       the number that stands for a name
//	generation, "n", kind                   | 0                       the next number
//	generation, "n", kind                   | number                  the name that it stands for; learners' stand in their progress
//	generation, "n", "T"                    | number of a team        what it is called, and since which range
//	generation, "p", learner                | course                  a learner's state in a course
//	generation, "r", row's kind, A          | B, block of learners    a row of figures; counts stand in block 0
//
// Numbers are big-endian. B is written so that days before 1970 sort before those after.

const (
	lookupRows   = 'k'
	nameRows     = 'n'
	progressRows = 'p'
	figureRows   = 'r'
)

func big(b []byte, numbers ...uint32) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

func reportsKey(partition, sort []byte) kv.Key {
	return kv.Key{Table: kv.Reports, Partition: partition, Sort: sort}
}

func lookupKey(generation byte, kind nameKind, t term) kv.Key {
	return reportsKey(append([]byte{generation, lookupRows, byte(kind)}, t[:]...), []byte{0})
}

func nameKey(generation byte, kind nameKind, n fold.Number) kv.Key {
	return reportsKey([]byte{generation, nameRows, byte(kind)}, big(nil, uint32(n)))
}

// numberAt is the number that a sort key is.
func numberAt(sort []byte) fold.Number { return fold.Number(binary.BigEndian.Uint32(sort)) }

func progressPartition(generation byte, learner fold.Number) []byte {
	return big([]byte{generation, progressRows}, uint32(learner))
}

func progressKey(generation byte, learner, course fold.Number) kv.Key {
	return reportsKey(progressPartition(generation, learner), big(nil, uint32(course)))
}

func rowPartition(generation byte, kind fold.RowKind, a uint32) []byte {
	return big([]byte{generation, figureRows, byte(kind)}, a)
}

const signBit = 1 << 31

func rowSort(b uint32, block uint16) []byte {
	return binary.BigEndian.AppendUint16(big(nil, b^signBit), block)
}

func rowKey(generation byte, r fold.Row, block uint16) kv.Key {
	return reportsKey(rowPartition(generation, r.Kind, r.A), rowSort(r.B, block))
}

// rowAt is what rowSort was made of.
func rowAt(sort []byte) (b uint32, block uint16) {
	return binary.BigEndian.Uint32(sort) ^ signBit, binary.BigEndian.Uint16(sort[4:])
}

// blockSize is how many learners a row lists.
const blockSize = 8192

func blockOf(learner fold.Number) (block uint16, bit uint16) {
	return uint16(learner / blockSize), uint16(learner % blockSize)
}
