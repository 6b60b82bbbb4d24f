package table

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// TestNothingIsNull holds what has no name to null, wherever it stands among others: analysts count names, and join by them.
func TestNothingIsNull(t *testing.T) {
	for _, before := range []int{0, 1, 2, 17, 63} {
		for _, named := range []int{0, 1, 2, 17, 63} {
			rows := make([]Attempt, 2*64)
			for i := before; i < before+named; i++ {
				rows[i].ModuleName = "Module"
			}
			w := NewWriter[Attempt]()
			for i := range rows {
				if err := w.Write(&rows[i]); err != nil {
					t.Fatal(err)
				}
			}
			file, err := w.Close()
			if err != nil {
				t.Fatal(err)
			}
			if nulls := nullsOf(t, file, "module_name"); nulls != len(rows)-named {
				t.Fatalf("%d names behind %d rows without: %d nulls, want %d", named, before, nulls, len(rows)-named)
			}
		}
	}
}

// nullsOf counts the nulls of a column.
func nullsOf(t *testing.T, file []byte, column string) (n int) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := f.Schema().Lookup(column)
	for _, group := range f.RowGroups() {
		pages := group.ColumnChunks()[leaf.ColumnIndex].Pages()
		defer pages.Close()
		for {
			page, err := pages.ReadPage()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			n += int(page.NumNulls())
		}
	}
	return n
}

// Statements may be large: then a file is full before a row group is, and no page tells its statements over again.
func TestLargeStatementsFillAFileAsFast(t *testing.T) {
	const rows, size = 400, 20_000
	random := rand.New(rand.NewPCG(1, 1))
	text := make([]byte, size/2)
	w := NewWriter[Statement]()
	for range rows {
		for i := range text {
			text[i] = byte(random.Uint32())
		}
		if err := w.Write(&Statement{JSON: hex.EncodeToString(text)}); err != nil {
			t.Fatal(err)
		}
	}
	said := w.Size()
	file, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > rows*size || said < len(file)/2 {
		t.Errorf("%d bytes of JSON made a file of %d, which was said to have %d", rows*size, len(file), said)
	}
}

// A writer that has ended a file begins the next with nothing of the one before.
func TestOneFileAfterTheOther(t *testing.T) {
	w := NewWriter[Attempt]()
	for n := range 3 {
		for i := range 2 - n%2 {
			if err := w.Write(&Attempt{Course: fmt.Sprint("course ", n), Number: int64(i)}); err != nil {
				t.Fatal(err)
			}
		}
		file, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		rows := all[Attempt](t, file)
		if len(rows) != 2-n%2 || rows[0].Course != fmt.Sprint("course ", n) || w.Rows() != 0 {
			t.Errorf("file %d has %+v", n, rows)
		}
	}
}
