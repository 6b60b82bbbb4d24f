package ledger

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// dictionary1 is statements of the common profiles, of our own making: what they share with others is not stored again.
// Its number stands in every frame, so a dictionary is never changed and never removed; a better one gets the next number.
//
//go:embed dictionary1.json
var dictionary1 []byte

const dictionaryID = 1

// maxPlain bounds what a part may unfold to: a request's body with every default filled in.
const maxPlain = 64 << 20

// codec packs statements into parts and takes them out again.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// theCodec is the process's one: its tables are large, and it keeps nothing between calls.
var theCodec = sync.OnceValue(newCodec)

func newCodec() *codec {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDictRaw(dictionaryID, dictionary1), zstd.WithEncoderCRC(false),
		zstd.WithEncoderLevel(zstd.SpeedFastest), // the default takes half as long again, and saves 2 % (BenchmarkPack)
		zstd.WithEncoderConcurrency(2), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(128<<10))
	if err != nil {
		panic(err) // the options are constants
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDictRaw(dictionaryID, dictionary1), zstd.WithDecoderMaxMemory(maxPlain),
		zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true))
	if err != nil {
		panic(err)
	}
	// Both make their tables when they are first used: better now, while a process starts, than in its first request.
	if _, err := dec.DecodeAll(enc.EncodeAll([]byte("[]"), nil), nil); err != nil {
		panic(err)
	}
	return &codec{enc, dec}
}

// pack compresses statements, given as spans of one text, into parts; firsts are the ordinals at which they begin.
func (c *codec) pack(statements [][]byte) (parts [][]byte, firsts []uint16, err error) {
	err = c.split(statements, 0, &parts, &firsts)
	return parts, firsts, err
}

// split packs a run of statements as one part if it fits, and else each of as many equal runs as it seems to need.
func (c *codec) split(run [][]byte, first int, parts *[][]byte, firsts *[]uint16) error {
	plain := array(run)
	packed := c.enc.EncodeAll(plain, make([]byte, 0, len(plain)/4+64))
	if len(packed) > maxStatement && len(run) == 1 {
		return &ErrStatementTooLarge{Ordinal: first}
	}
	if len(packed) <= maxPart || len(run) == 1 {
		*parts, *firsts = append(*parts, packed), append(*firsts, uint16(first))
		return nil
	}
	runs := min(len(packed)/(maxPart-maxPart/8)+1, len(run))
	runs = max(runs, 2)
	for i := range runs {
		from, to := i*len(run)/runs, (i+1)*len(run)/runs
		if err := c.split(run[from:to], first+from, parts, firsts); err != nil {
			return err
		}
	}
	return nil
}

func array(statements [][]byte) []byte {
	size := 2
	for _, s := range statements {
		size += len(s) + 1
	}
	b := append(make([]byte, 0, size), '[')
	for i, s := range statements {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, s...)
	}
	return append(b, ']')
}

var errPart = fmt.Errorf("%w: a part cannot be read", ErrDamaged)

// unpack returns the statements of a part, which share one text.
func (c *codec) unpack(packed []byte) ([][]byte, error) {
	plain, err := c.dec.DecodeAll(packed, make([]byte, 0, 8*len(packed)))
	if err != nil {
		return nil, errPart
	}
	return elements(plain)
}

// elements cuts a JSON array that this package wrote into its elements. What is whole is trusted: only strings and nesting are
// followed, since every byte was checked when it came in.
func elements(array []byte) ([][]byte, error) {
	if len(array) < 2 || array[0] != '[' || array[len(array)-1] != ']' {
		return nil, errPart
	}
	var out [][]byte
	depth, start, inString := 0, 1, false
	for i := 1; i < len(array)-1; i++ {
		switch c := array[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth == 0:
			out, start = append(out, array[start:i:i]), i+1
		}
	}
	if depth != 0 || inString {
		return nil, errPart
	}
	if end := len(array) - 1; start < end {
		out = append(out, array[start:end:end])
	}
	return out, nil
}
