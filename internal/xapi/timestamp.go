package xapi

import (
	"errors"
	"time"
)

// StoredLayout is how Cairn writes instants: in UTC, always with six digits of the second, so that they sort as text and a whole
// second does not lose its fraction.
const StoredLayout = "2006-01-02T15:04:05.000000Z"

// ParseTimestamp reads a date and time of ISO 8601, extended (RFC 3339 is that) or basic. A fraction may have any length; what is
// below a nanosecond is dropped. Without an offset the time is UTC. An offset of minus zero is refused: by RFC 3339 it says that
// the offset is not known (xAPI 1.0.3 Data 4.5, IEEE 9274.1.1 4.2.7).
func ParseTimestamp(s string) (time.Time, error) { return parseTimestamp([]byte(s)) }

var errTimestamp = errors.New("it must be written as ISO 8601 demands, such as 2026-03-01T12:00:00.000Z")

// clock reads digits and signs from the front of a timestamp or offset; failed stays set once something did not fit.
type clock struct {
	rest   []byte
	failed bool
}

// number takes exactly digits digits, which must stay below limit.
func (c *clock) number(digits, limit int) int {
	if len(c.rest) < digits {
		c.failed = true
		return 0
	}
	n := 0
	for _, d := range c.rest[:digits] {
		if d < '0' || d > '9' {
			c.failed = true
			return 0
		}
		n = n*10 + int(d-'0')
	}
	c.rest = c.rest[digits:]
	c.failed = c.failed || n >= limit
	return n
}

// take takes one of the two characters.
func (c *clock) take(a, b byte) bool {
	if len(c.rest) == 0 || c.rest[0] != a && c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	return true
}

// separator takes sep in the extended format, and nothing in the basic one.
func (c *clock) separator(extended bool, sep byte) {
	if extended && !c.take(sep, sep) {
		c.failed = true
	}
}

func parseTimestamp(s []byte) (time.Time, error) {
	c := clock{rest: s}
	year := c.number(4, 10000)
	extended := len(c.rest) > 0 && c.rest[0] == '-'
	c.separator(extended, '-')
	month := c.number(2, 13)
	c.separator(extended, '-')
	day := c.number(2, 32)
	if !c.take('T', 't') {
		return time.Time{}, errTimestamp
	}
	hour := c.number(2, 24)
	c.separator(extended, ':')
	minute := c.number(2, 60)
	second, nanos := 0, 0
	if len(c.rest) > 0 && (c.rest[0] == ':' || !extended && '0' <= c.rest[0] && c.rest[0] <= '9') {
		c.separator(extended, ':')
		second = c.number(2, 61)
		nanos = c.fraction()
	}
	offset, err := c.offset()
	if err != nil {
		return time.Time{}, err
	}
	if c.failed || month == 0 || day == 0 || day > daysIn(year, month) || second == 60 && minute != 59 {
		return time.Time{}, errTimestamp
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC).Add(-offset), nil
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// fraction takes a fraction of a second, if there is one, as nanoseconds.
func (c *clock) fraction() int {
	if !c.take('.', ',') {
		return 0
	}
	nanos, unit := 0, 100_000_000
	digits := 0
	for len(c.rest) > 0 && '0' <= c.rest[0] && c.rest[0] <= '9' {
		nanos += int(c.rest[0]-'0') * unit
		unit /= 10
		digits++
		c.rest = c.rest[1:]
	}
	c.failed = c.failed || digits == 0
	return nanos
}

// offset takes Z, ±hh, ±hhmm, ±hh:mm or nothing, which must end the text.
func (c *clock) offset() (time.Duration, error) {
	if c.take('Z', 'z') || len(c.rest) == 0 {
		c.failed = c.failed || len(c.rest) > 0
		return 0, nil
	}
	negative := c.rest[0] == '-'
	if !c.take('+', '-') {
		return 0, errTimestamp
	}
	hours, minutes := c.number(2, 24), 0
	if len(c.rest) > 0 {
		c.take(':', ':')
		minutes = c.number(2, 60)
	}
	if c.failed || len(c.rest) > 0 {
		return 0, errTimestamp
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if negative && offset == 0 {
		return 0, errors.New("its offset is minus zero, which says that the offset is not known")
	}
	if negative {
		offset = -offset
	}
	return offset, nil
}
