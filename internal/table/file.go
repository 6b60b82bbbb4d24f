package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	// groupRows is how many rows a row group has at most: what a reader may leave out together, and what a writer holds.
	groupRows  = 50_000
	readAtOnce = 64 // rows
)

// Writer writes rows into a file, held in memory, and then into the next: what it takes to begin one is made once.
type Writer[R any] struct {
	file  bytes.Buffer
	rows  *parquet.GenericWriter[R]
	one   [1]R
	count int
}

// Each keeps its encoders, which are large, for the next file.
var (
	staying = &zstd.Codec{Level: zstd.SpeedDefault}
	passing = &zstd.Codec{Level: zstd.SpeedFastest}
)

// NewWriter begins a file that stays.
func NewWriter[R any]() *Writer[R] { return newWriter[R](staying) }

// NewPassingWriter begins a file that is read once: it is written faster, and somewhat larger.
func NewPassingWriter[R any]() *Writer[R] { return newWriter[R](passing) }

func newWriter[R any](codec *zstd.Codec) *Writer[R] {
	w := &Writer[R]{}
	w.rows = parquet.NewGenericWriter[R](&w.file,
		parquet.Compression(codec), parquet.DataPageVersion(1), parquet.PageBufferSize(128<<10),
		parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("cairn", "1", ""),
		parquet.SkipPageBounds(rawColumn), parquet.SkipPageStatistics(rawColumn)) // the least and the greatest statement, twice a page
	return w
}

// Write adds a row. Rows go on one by one: of several at once the library (v0.32.0) takes a null for an empty text where, in a word of 64 rows, as many
// texts as stand before them are followed by nulls alone.
func (w *Writer[R]) Write(row *R) error {
	w.one[0] = *row
	w.count++
	_, err := w.rows.Write(w.one[:])
	return err
}

// Rows is how many rows were written.
func (w *Writer[R]) Rows() int { return w.count }

// Size is about how many bytes the file has so far, those of the row group that is held too.
func (w *Writer[R]) Size() int { return int(w.rows.Size()) }

// Close ends the file and returns it. The next row begins another.
func (w *Writer[R]) Close() ([]byte, error) {
	if err := w.rows.Close(); err != nil {
		return nil, fmt.Errorf("ending a file of rows: %w", err)
	}
	file := w.file.Bytes()
	w.file, w.count = bytes.Buffer{}, 0
	w.rows.Reset(&w.file)
	return file, nil
}

// Reader reads the rows of a file. A column that the file does not have, since it is older, is empty.
type Reader[R any] struct {
	rows   *parquet.GenericReader[R]
	buffer [readAtOnce]R
	left   []R
	err    error
}

// Read begins to read a file.
func Read[R any](file []byte) (*Reader[R], error) {
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("a file of rows cannot be read: %w", err)
	}
	return &Reader[R]{rows: parquet.NewGenericReader[R](f)}, nil
}

// Next returns the next row; nil at the end. It is good until the next call.
func (r *Reader[R]) Next() (*R, error) {
	for len(r.left) == 0 {
		if r.err != nil {
			if errors.Is(r.err, io.EOF) {
				return nil, nil
			}
			return nil, fmt.Errorf("a file of rows cannot be read: %w", r.err)
		}
		clear(r.buffer[:]) // what a file does not have stays as it was
		n := 0
		n, r.err = r.rows.Read(r.buffer[:])
		r.left = r.buffer[:n]
	}
	row := &r.left[0]
	r.left = r.left[1:]
	return row, nil
}

// Close ends reading.
func (r *Reader[R]) Close() error { return r.rows.Close() }
