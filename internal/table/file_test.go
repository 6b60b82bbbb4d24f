package table

import (
	"bytes"
	"errors"
	"io"
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
