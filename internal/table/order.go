package table

import (
	"cmp"
	"time"
)

// Kind is how rows of a daily table are told apart, ordered and merged. Order and sameness go by what a statement says and nothing else, so a row that was
// made again, by later code or under other settings, finds its place.
type Kind[R any] struct {
	Table
	// Day is the row's partition.
	Day func(*R) string
	// Compare orders the rows of a day; 0: the same row. Rows that are asked together stand together.
	Compare func(a, b *R) int
	// Merge takes over what another copy of the row knows.
	Merge func(row, other *R)
}

// The kinds of daily rows. Copies of a row differ in nothing but in whether the statement had been voided by then, and a statement that was voided stays
// so: so rows can be merged in any order and any number of times.
var (
	StatementKind = Kind[Statement]{Statements,
		func(r *Statement) string { return DayOf(r.Occurred) },
		func(a, b *Statement) int {
			return cmp.Or(cmp.Compare(a.Activity, b.Activity), cmp.Compare(a.Verb, b.Verb), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.ID, b.ID))
		},
		func(row, other *Statement) { row.Voided = row.Voided || other.Voided }}
	AnswerKind = Kind[Answer]{Answers,
		func(r *Answer) string { return DayOf(r.Occurred) },
		func(a, b *Answer) int {
			return cmp.Or(cmp.Compare(a.Question, b.Question), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Nth, b.Nth))
		},
		func(row, other *Answer) { row.Voided = row.Voided || other.Voided }}
	VideoSegmentKind = Kind[VideoSegment]{VideoSegments,
		func(r *VideoSegment) string { return DayOf(r.Occurred) },
		func(a, b *VideoSegment) int {
			return cmp.Or(cmp.Compare(a.Video, b.Video), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Nth, b.Nth))
		},
		func(row, other *VideoSegment) { row.Voided = row.Voided || other.Voided }}
)

// DayOf is the day of a time in microseconds, in UTC.
func DayOf(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }
