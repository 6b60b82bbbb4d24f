package report

import (
	"encoding/json"
	"time"
)

// Day is a day in UTC, counted from 1970-01-01.
type Day int32

// DayOf is the day of an instant.
func DayOf(at time.Time) Day {
	const day = 24 * 60 * 60
	s := at.Unix()
	if s < 0 {
		s -= day - 1
	}
	return Day(s / day)
}

// Time is the day's beginning.
func (d Day) Time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// String writes the day as 2006-01-02.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// ParseDay reads what String wrote.
func ParseDay(s string) (Day, error) {
	at, err := time.Parse(time.DateOnly, s)
	return DayOf(at), err
}

// MarshalJSON writes the day as String does.
func (d Day) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Day) UnmarshalJSON(text []byte) (err error) {
	var s string
	if err = json.Unmarshal(text, &s); err == nil {
		*d, err = ParseDay(s)
	}
	return err
}
