package table

import (
	"cmp"
	"time"
)

// Kind is how rows of a daily table are told apart, ordered and merged. Order and sameness go by what a statement says and nothing else, so a row that was
// made again, by later code or under other settings, finds its place.
type Kind[R any] struct {
	Table
	// Times are when the row's statement happened and when it was stored, in microseconds.
	Times func(*R) (occurred, stored int64)
	// Compare orders the rows of a day; 0: the same row. Rows that are asked together stand together.
	Compare func(a, b *R) int
	// Merge takes over what another copy of the row knows.
	Merge func(row, other *R)
}

// The kinds of daily rows. Copies of a row differ in nothing but in whether the statement had been voided by then, and a statement that was voided stays
// so: so rows can be merged in any order and any number of times.
var (
	StatementKind = Kind[Statement]{Statements,
		func(r *Statement) (int64, int64) { return r.Occurred, r.Stored },
		func(a, b *Statement) int {
			return cmp.Or(cmp.Compare(a.Activity, b.Activity), cmp.Compare(a.Verb, b.Verb), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.ID, b.ID))
		},
		func(row, other *Statement) { row.Voided = row.Voided || other.Voided }}
	AnswerKind = Kind[Answer]{Answers,
		func(r *Answer) (int64, int64) { return r.Occurred, r.Stored },
		func(a, b *Answer) int {
			return cmp.Or(cmp.Compare(a.Question, b.Question), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Nth, b.Nth))
		},
		func(row, other *Answer) { row.Voided = row.Voided || other.Voided }}
	VideoSegmentKind = Kind[VideoSegment]{VideoSegments,
		func(r *VideoSegment) (int64, int64) { return r.Occurred, r.Stored },
		func(a, b *VideoSegment) int {
			return cmp.Or(cmp.Compare(a.Video, b.Video), cmp.Compare(a.Occurred, b.Occurred), cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Nth, b.Nth))
		},
		func(row, other *VideoSegment) { row.Voided = row.Voided || other.Voided }}
)

// Day is a day since 1970, in UTC.
type Day int64

// DayOf is the day of a time in microseconds.
func DayOf(micros int64) Day {
	const day = 24 * 60 * 60 * 1_000_000
	d := micros / day
	if micros%day < 0 {
		d--
	}
	return Day(d)
}

// String is the day as partitions have it.
func (d Day) String() string { return time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly) }

// FirstDay is the first partition, 2010-01-01.
const FirstDay Day = 14610

// Day is the row's partition: the day on which its statement happened. Readers look for each day that there may be, so what happened before the first
// one, or more than a day after it was stored, by a clock that was wrong, stands at the end of what they look for.
func (k *Kind[R]) Day(row *R) Day {
	occurred, stored := k.Times(row)
	return max(FirstDay, min(DayOf(occurred), DayOf(stored)+1))
}

// CompareDays orders rows by day, and within.
func (k *Kind[R]) CompareDays(a, b *R) int {
	return cmp.Or(cmp.Compare(k.Day(a), k.Day(b)), k.Compare(a, b))
}
