// Package table is what analysts ask: the tables that an export consists of, their columns, how statements become rows, and the files that hold
// them. Pure: it knows no storage and no learner's name, only keys.
//
// Times are in UTC. What is "as in reports" means what package fold says it means.
package table

import (
	"reflect"
	"strings"
)

// Table is one that analysts ask.
type Table struct {
	Name, Doc string
	Columns   []Column
	// Daily tables have a partition for each day, dt, of the timestamp; the others are one whole, written anew as a whole.
	Daily bool
}

// Column of a table. Type is as Athena names it: varchar, bigint, double, boolean, timestamp, array(varchar).
type Column struct{ Name, Type, Doc string }

// Partition is the column by which a daily table is partitioned: a day such as 2026-01-05.
const Partition = "dt"

// The tables. A column that was once published stays, with its name, type and meaning; others may come behind it.
var (
	Statements    = of[Statement]("statements", true, "Every statement, voided ones too: one row each.")
	Answers       = of[Answer]("answers", true, "Every answer that a learner gave to a question: one row a statement and learner.")
	VideoSegments = of[VideoSegment]("video_segments", true, "What video players told of segments that were played: one row a segment told, and learner.")
	Attempts      = of[Attempt]("attempts", false, "Attempts of learners at courses, and at modules of them, as in reports: of a learner in a course the newest hundred at each of them, and 5,000 in all.")
	Progress      = of[Progressed]("progress", false, "How far a learner has come with a course, and with each module of it, as in reports.")
	Daily         = of[DayFigures]("daily", false, "Figures of a day by course, platform and modality, as in reports.")
	Identities    = of[Identity]("identities", false, "Who stands behind a key. To be granted to nobody who need not know.")
)

// All tables.
var All = []Table{Statements, Answers, VideoSegments, Attempts, Progress, Daily, Identities}

func of[R any](name string, daily bool, doc string) Table {
	t := Table{Name: name, Doc: doc, Daily: daily}
	row := reflect.TypeFor[R]()
	for i := range row.NumField() {
		f := row.Field(i)
		column, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		t.Columns = append(t.Columns, Column{Name: column, Type: athena(f), Doc: f.Tag.Get("doc")})
	}
	return t
}

// athena is the type of a field in Athena's words.
func athena(f reflect.StructField) string {
	kind := f.Type
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case strings.Contains(f.Tag.Get("parquet"), "timestamp("):
		return "timestamp"
	case kind.Kind() == reflect.String:
		return "varchar"
	case kind.Kind() == reflect.Bool:
		return "boolean"
	case kind.Kind() == reflect.Int64:
		return "bigint"
	case kind.Kind() == reflect.Float64:
		return "double"
	case kind == reflect.TypeFor[[]string]():
		return "array(varchar)"
	}
	panic("table: no column can be a " + f.Type.String())
}
