package table

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

var update = flag.Bool("update", false, "add what is new to the golden files")

const golden = "../../testdata/export"

// Who wrote a query counts on its columns: each that was ever published is there, of its type and in its place, and those that came later come behind it.
func TestColumnsOnlyCome(t *testing.T) {
	path := filepath.Join(golden, "columns.txt")
	published, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	for _, of := range All {
		var before []string
		for line := range strings.Lines(string(published)) {
			if words := strings.Fields(line); words[0] == of.Name {
				before = append(before, strings.Join(words[1:], " "))
			}
		}
		for i, c := range of.Columns {
			column := c.Name + " " + c.Type
			if i < len(before) && before[i] != column {
				t.Errorf("%s has %q where %q was published", of.Name, column, before[i])
			}
			if c.Doc == "" {
				t.Errorf("nobody says what %s of %s is", c.Name, of.Name)
			}
			now.WriteString(of.Name + " " + column + "\n")
		}
		if len(of.Columns) < len(before) {
			t.Errorf("%s has no %v any more", of.Name, before[len(of.Columns):])
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now.String() != string(published) {
		t.Errorf("%s does not have all columns; -update adds those that are new", path)
	}
}

// A file that was written by the first version that wrote any is read as it was written.
func TestAnOldFileIsRead(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(golden, "statements-1.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(golden, "statements-1.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	out := &NDJSON[Statement]{Table: &Statements, To: &got}
	for _, row := range all[Statement](t, file) {
		if err := out.Write(&row); err != nil {
			t.Fatal(err)
		}
	}
	if got.String() != string(want) {
		t.Errorf("it says\n%s\nand said\n%s", got.String(), want)
	}
}

func all[R any](t *testing.T, file []byte) (rows []R) {
	t.Helper()
	r, err := Read[R](file)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if row == nil {
			return rows
		}
		rows = append(rows, *row)
	}
}

// What a file does not have, since a column came later, is empty in each of its rows, however many are read at once.
func TestAColumnThatCameLater(t *testing.T) {
	type before struct {
		ID       string   `parquet:"id"`
		Occurred int64    `parquet:"occurred,timestamp(microsecond:local)"`
		Learners []string `parquet:"learners,list" parquet-element:",dict"`
	}
	var file bytes.Buffer
	w := parquet.NewGenericWriter[before](&file)
	rows := make([]before, 2*readAtOnce+3)
	for i := range rows {
		rows[i] = before{ID: "id", Occurred: int64(i), Learners: []string{"a", "b"}}
	}
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	read := all[Statement](t, file.Bytes())
	if len(read) != len(rows) {
		t.Fatalf("%d rows, want %d", len(read), len(rows))
	}
	for i, row := range read {
		want := Statement{ID: "id", Occurred: int64(i), Learners: []string{"a", "b"}, Parent: row.Parent, Grouping: row.Grouping, Category: row.Category}
		if !reflect.DeepEqual(row, want) || len(row.Parent)+len(row.Grouping)+len(row.Category) > 0 {
			t.Fatalf("row %d is %+v", i, row)
		}
	}
}

// Rows as text: what there is not is left out or empty, JSON is JSON, and what has commas, quotes and lines stays one value.
func TestRowsAsText(t *testing.T) {
	yes, half := true, 0.5
	row := &Statement{ID: "id", Occurred: 1_767_600_000_500_000, Learners: []string{"a", "b"}, Name: "One, \"two\"\nthree", Success: &yes, Score: &half, JSON: `{"id":"id"}`}
	var lines, csv bytes.Buffer
	if err := (&NDJSON[Statement]{Table: &Statements, To: &lines}).Write(row); err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(lines.Bytes(), &said); err != nil || strings.Count(lines.String(), "\n") != 1 {
		t.Fatalf("%s: %v", lines.String(), err)
	}
	if _, has := said["platform"]; has || said["score"] != 0.5 || said["occurred"] != "2026-01-05T08:00:00.5Z" || said["raw"].(map[string]any)["id"] != "id" {
		t.Errorf("as NDJSON it is %s", lines.String())
	}
	c, err := NewCSV[Statement](&Statements, &csv)
	if err == nil {
		err = c.Write(row)
	}
	if err == nil {
		err = c.Flush()
	}
	if err != nil || !strings.Contains(csv.String(), `"One, ""two""`) || !strings.Contains(csv.String(), ",a b,") || !strings.HasPrefix(csv.String(), "id,stored,") {
		t.Errorf("as CSV it is %s, %v", csv.String(), err)
	}
}
