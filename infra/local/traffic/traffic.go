// Package traffic makes up what the activity providers of an organisation send to an LRS: people who learn, at their own pace and
// with their own luck, in courses of lessons, videos, quizzes, classes, simulations and cards on a phone. The statements are
// valid in both versions of xAPI. The same settings always give the same bytes.
//
// One clock goes through the span. At each step somebody free begins a session; what it sends waits in a queue until it is due, so
// that sendings come in the order in which an LRS gets them. Memory holds the people, and what is waiting: not the past.
package traffic

import (
	"iter"
	"time"
)

// Settings say how much traffic, and when.
type Settings struct {
	Seed       uint64
	Statements int       // how many in all, exactly
	From       time.Time // its day, in UTC, is the first
	Days       int
	Learners   int // how many learn at a time; 0 is as many as suits the number of statements
}

// Sending is one request of an activity provider.
type Sending struct {
	At         time.Time
	Platform   string
	Statements [][]byte // each a JSON object, with id and timestamp; nobody else keeps them
}

// Sendings are all requests, in the order in which they are sent. None is later than the end of the last day.
func Sendings(s Settings) iter.Seq[Sending] {
	s.From = s.From.UTC().Truncate(24 * time.Hour)
	s.Days = max(s.Days, 1)
	if s.Learners <= 0 {
		s.Learners = min(max(s.Statements/165, 6), 2000)
	}
	return func(yield func(Sending) bool) {
		if s.Statements <= 0 {
			return
		}
		o := newOrganisation(s)
		for o.made < s.Statements {
			now := o.calendar.at(o.made)
			if !o.deliver(now, yield) {
				return
			}
			o.begin(o.somebody(now), now)
		}
		o.deliver(o.calendar.end(), yield)
	}
}

func utc(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
