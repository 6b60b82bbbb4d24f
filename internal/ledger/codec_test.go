package ledger

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"
)

func TestPackedStatementsComeBack(t *testing.T) {
	c := theCodec()
	rapid.Check(t, func(t *rapid.T) {
		var statements [][]byte
		for range rapid.IntRange(1, 40).Draw(t, "statements") {
			text := rapid.StringN(0, 3000, -1).Draw(t, "text")
			statement, err := json.Marshal(map[string]any{"a": []string{text, "]}\"\\,"}, text: nil})
			if err != nil {
				t.Fatal(err)
			}
			statements = append(statements, statement)
		}
		parts, firsts, err := c.pack(statements)
		if err != nil {
			t.Fatal(err)
		}
		h := &head{count: len(statements), firsts: firsts}
		for i, packed := range parts {
			texts, err := c.unpack(packed)
			if err != nil {
				t.Fatal(err)
			}
			for n, text := range texts {
				ordinal := firsts[i] + uint16(n)
				if !bytes.Equal(text, statements[ordinal]) {
					t.Fatalf("statement %d came back as %s", ordinal, text)
				}
				if part := h.partOf(ordinal); len(parts) > 1 && int(part) != i+1 || len(parts) == 1 && part != 0 {
					t.Fatalf("statement %d is said to be in part %d, not %d", ordinal, part, i+1)
				}
			}
		}
	})
}

func TestPartsAreClosedInTime(t *testing.T) {
	statement := func(n int) []byte {
		random := make([]byte, n)
		rand.Read(random)
		return fmt.Appendf(nil, `{"x":"%x"}`, random)
	}
	var many [][]byte
	for range 100 {
		many = append(many, statement(1500))
	}
	parts, _, err := theCodec().pack(many)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range parts {
		if len(p) > maxPart {
			t.Errorf("part %d holds %d bytes", i, len(p))
		}
	}
	parts, firsts, err := theCodec().pack([][]byte{statement(100), statement(100_000), statement(100)})
	if err != nil || len(parts) != 3 || firsts[1] != 1 || firsts[2] != 2 {
		t.Errorf("a large statement is no part of its own: %d parts, first at %v, %v", len(parts), firsts, err)
	}
	if _, _, err := theCodec().pack([][]byte{statement(400_000)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a statement beyond the bound: %v", err)
	}
}

func FuzzUnpack(f *testing.F) {
	parts, _, err := theCodec().pack([][]byte{[]byte(`{"a":["b,]"]}`), []byte(`{"c":"\\\""}`)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(parts[0])
	f.Fuzz(func(t *testing.T, packed []byte) {
		theCodec().unpack(packed) //nolint:errcheck // it must not panic, whatever it says
		var compact bytes.Buffer
		if json.Compact(&compact, packed) != nil || !bytes.Equal(compact.Bytes(), packed) {
			return // nothing that was ever packed
		}
		if texts, err := elements(packed); err == nil && !bytes.Equal(array(texts), packed) {
			t.Errorf("elements of %q are %q", packed, texts)
		}
	})
}

func FuzzDecodeHead(f *testing.F) {
	f.Add((&head{fence: true}).encode())
	f.Add((&head{count: 1, firsts: []uint16{0}, body: []byte("x")}).encode())
	f.Add((&head{count: 300, firsts: []uint16{0, 10, 200}, out: bits(nil).with(7, 300), voided: bits(nil).with(299, 300), defines: true}).encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := decodeHead(raw)
		if err != nil {
			return
		}
		again, err := decodeHead(h.encode())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(h) {
			t.Errorf("%v is written and read as %v, %v", h, again, err)
		}
	})
}

func FuzzDecodeClaim(f *testing.F) {
	f.Add((&claim{}).encode())
	f.Add((&claim{voiding: true, mark: newPosition(1), place: Place{EntryRef: EntryRef{Shard: 3, Position: newPosition(9)}, Part: 2, Ordinal: 77}}).encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := decodeClaim(raw, 1)
		if err != nil {
			return
		}
		if again, err := decodeClaim(c.encode(), 1); err != nil || *again != *c {
			t.Errorf("%v is written and read as %v, %v", c, again, err)
		}
	})
}

// BenchmarkPack packs real statements of the video profile, and prints what each then takes.
func BenchmarkPack(b *testing.B) {
	file, err := os.Open("../../testdata/video-statements.ndjson.gz")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	var statements [][]byte
	for lines := bufio.NewScanner(unzipped); lines.Scan(); {
		var compact bytes.Buffer
		if err := json.Compact(&compact, lines.Bytes()); err != nil {
			b.Fatal(err)
		}
		statements = append(statements, compact.Bytes())
	}
	for _, n := range []int{1, 50} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			size, packed := 0, 0
			for i := 0; b.Loop(); i += n {
				i %= len(statements) - n
				parts, _, err := theCodec().pack(statements[i : i+n])
				if err != nil {
					b.Fatal(err)
				}
				for _, p := range parts {
					size += len(p)
				}
				packed += n
			}
			b.ReportMetric(float64(size)/float64(packed), "B/statement")
		})
	}
}
