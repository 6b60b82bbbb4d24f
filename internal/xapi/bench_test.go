package xapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"cairn/internal/xapi"
)

// each runs a benchmark over every statement of whole.json, and counts their bytes.
func each(b *testing.B, run func(raw []byte, s *xapi.Statement)) {
	var bodies [][]byte
	var total int64
	sent := whole(b)
	for _, s := range sent {
		var compact bytes.Buffer
		if err := json.Compact(&compact, s.Raw()); err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, compact.Bytes())
		total += int64(compact.Len())
	}
	b.SetBytes(total)
	b.ReportAllocs()
	for b.Loop() {
		for i, body := range bodies {
			run(body, sent[i])
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	each(b, func(raw []byte, _ *xapi.Statement) {
		if _, _, err := xapi.Decode(raw, xapi.V1); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	each(b, func(raw []byte, _ *xapi.Statement) {
		if _, err := xapi.Parse(raw); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkAppendStored(b *testing.B) {
	var buffer []byte
	each(b, func(_ []byte, s *xapi.Statement) { buffer = s.AppendStored(buffer[:0], stamp) })
}

func BenchmarkFacets(b *testing.B) {
	each(b, func(_ []byte, s *xapi.Statement) { s.Facets() })
}

func BenchmarkWriteComparable(b *testing.B) {
	each(b, func(_ []byte, s *xapi.Statement) { s.WriteComparable(io.Discard) })
}
