package table

import (
	"encoding/csv"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// cells are the values of a row, by their columns: each is nil, or a string, bool, int64, float64, time.Time or []string.
func cells[R any](t *Table, row *R, do func(Column, any) error) error {
	v := reflect.ValueOf(row).Elem()
	for i, c := range t.Columns {
		if err := do(c, cell(c, v.Field(i))); err != nil {
			return err
		}
	}
	return nil
}

func cell(c Column, f reflect.Value) any {
	if f.Kind() == reflect.Pointer {
		if f.IsNil() {
			return nil
		}
		f = f.Elem()
	}
	switch {
	case c.Type == "timestamp":
		return time.UnixMicro(f.Int()).UTC()
	case f.Kind() == reflect.String && f.Len() == 0:
		return nil
	}
	return f.Interface()
}

// NDJSON writes rows as JSON objects, as column names have it. Of statements raw is the JSON that it is.
type NDJSON[R any] struct {
	Table *Table
	To    io.Writer
	line  []byte
}

// Write writes a row.
func (n *NDJSON[R]) Write(row *R) error {
	n.line = append(n.line[:0], '{')
	err := cells(n.Table, row, func(c Column, value any) error {
		if value == nil {
			return nil
		}
		if len(n.line) > 1 {
			n.line = append(n.line, ',')
		}
		n.line = append(strconv.AppendQuote(n.line, c.Name), ':')
		if c.Name == rawColumn {
			n.line = append(n.line, value.(string)...)
			return nil
		}
		text, err := json.Marshal(value, jsontext.AllowInvalidUTF8(true))
		n.line = append(n.line, text...)
		return err
	})
	if err != nil {
		return err
	}
	n.line = append(n.line, '}', '\n')
	_, err = n.To.Write(n.line)
	return err
}

// rawColumn has JSON.
const rawColumn = "raw"

// CSV writes rows by RFC 4180, the columns' names first; of a list its values, which have no spaces, with spaces between.
type CSV[R any] struct {
	table *Table
	to    *csv.Writer
	line  []string
}

// NewCSV writes the columns' names.
func NewCSV[R any](t *Table, to io.Writer) (*CSV[R], error) {
	c := &CSV[R]{table: t, to: csv.NewWriter(to)}
	c.to.UseCRLF = true
	for _, column := range t.Columns {
		c.line = append(c.line, column.Name)
	}
	return c, c.to.Write(c.line)
}

// Write writes a row.
func (c *CSV[R]) Write(row *R) error {
	c.line = c.line[:0]
	err := cells(c.table, row, func(_ Column, value any) error {
		c.line = append(c.line, asText(value))
		return nil
	})
	if err != nil {
		return err
	}
	return c.to.Write(c.line)
}

// Flush writes what is still held.
func (c *CSV[R]) Flush() error {
	c.to.Flush()
	return c.to.Error()
}

func asText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case []string:
		return strings.Join(v, " ")
	}
	return ""
}
