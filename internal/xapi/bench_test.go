package xapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"cairn/internal/xapi"
)

const batchSize = 50

// sent are the bodies the benchmarks run over, one statement each: real ones of the video profile, and those of whole.json,
// which between them have everything.
func sent(b *testing.B) map[string][][]byte {
	var everything [][]byte
	for _, s := range whole(b) {
		everything = append(everything, s.Raw())
	}
	return map[string][][]byte{"video": videos(b), "whole": everything}
}

func videos(b *testing.B) [][]byte {
	file, err := os.Open("../../testdata/video-statements.ndjson.gz")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	lines, err := io.ReadAll(unzipped)
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(lines), []byte("\n"))
}

// measure runs a benchmark over bodies in turn, each of so many statements.
func measure(b *testing.B, statements int, bodies [][]byte, run func(i int)) {
	total := 0
	for _, body := range bodies {
		total += len(body)
	}
	b.SetBytes(int64(total / len(bodies)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		run(i)
		if i++; i == len(bodies) {
			i = 0
		}
	}
	done := float64(b.N * statements)
	b.ReportMetric(done/b.Elapsed().Seconds(), "statements/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/done, "ns/statement")
}

// statementsOf decodes bodies of one statement each.
func statementsOf(b *testing.B, bodies [][]byte) (list []*xapi.Statement) {
	for _, body := range bodies {
		one, _, err := xapi.Decode(body, xapi.V1)
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, one...)
	}
	return list
}

func decode(b *testing.B, body []byte) {
	if _, _, err := xapi.Decode(body, xapi.V1); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, bodies := range sent(b) {
		b.Run(name, func(b *testing.B) {
			measure(b, 1, bodies, func(i int) { decode(b, bodies[i]) })
		})
	}
}

// BenchmarkDecodeBatch decodes arrays of 50, which the statements of video are many enough for.
func BenchmarkDecodeBatch(b *testing.B) {
	var arrays [][]byte
	all := videos(b)
	for from := 0; from+batchSize <= len(all); from += batchSize {
		arrays = append(arrays, []byte("["+string(bytes.Join(all[from:from+batchSize], []byte(", ")))+"]"))
	}
	b.Run("video", func(b *testing.B) {
		measure(b, batchSize, arrays, func(i int) { decode(b, arrays[i]) })
	})
}

// BenchmarkIndex reads what is stored and finds its facets, as the index does.
func BenchmarkIndex(b *testing.B) {
	for name, bodies := range sent(b) {
		var stored [][]byte
		for _, s := range statementsOf(b, bodies) {
			stored = append(stored, s.AppendStored(nil, stamp))
		}
		b.Run(name, func(b *testing.B) {
			measure(b, 1, stored, func(i int) {
				s, err := xapi.Parse(stored[i])
				if err != nil || len(s.Facets()) == 0 {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkWriteComparable(b *testing.B) {
	for name, bodies := range sent(b) {
		list := statementsOf(b, bodies)
		b.Run(name, func(b *testing.B) {
			measure(b, 1, bodies, func(i int) { list[i].WriteComparable(io.Discard) })
		})
	}
}

func BenchmarkAppendStored(b *testing.B) {
	for name, bodies := range sent(b) {
		list := statementsOf(b, bodies)
		b.Run(name, func(b *testing.B) {
			var buffer []byte
			measure(b, 1, bodies, func(i int) { buffer = list[i].AppendStored(buffer[:0], stamp) })
		})
	}
}

func BenchmarkAppendKeyed(b *testing.B) {
	for name, bodies := range sent(b) {
		list := statementsOf(b, bodies)
		b.Run(name, func(b *testing.B) {
			var buffer []byte
			measure(b, 1, bodies, func(i int) { buffer = list[i].AppendKeyed(buffer[:0], keyOf) })
		})
	}
}
