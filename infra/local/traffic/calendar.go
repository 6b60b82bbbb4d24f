package traffic

import (
	"math/bits"
	"time"
)

const (
	second = int64(1000) // times are milliseconds since 1970, in UTC
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// Who learns when, by hour. Nobody begins after ten at night, so no session runs past its day.
var (
	workday = [24]uint64{6: 8, 7: 35, 8: 80, 9: 100, 10: 95, 11: 70, 12: 45, 13: 75, 14: 90, 15: 75, 16: 50, 17: 30, 18: 18, 19: 22, 20: 24, 21: 12}
	weekend = [24]uint64{8: 3, 9: 6, 10: 9, 11: 8, 12: 5, 13: 6, 14: 8, 15: 9, 16: 8, 17: 8, 18: 8, 19: 10, 20: 8, 21: 4}
)

// calendar spreads a number of statements over a span by the weight of each hour.
type calendar struct {
	from, hours        int64
	seed               uint64
	statements         uint64
	total              uint64
	hour, weightBefore uint64 // a cursor: it only goes on
}

func newCalendar(s Settings) *calendar {
	c := &calendar{from: s.From.UnixMilli(), hours: 24 * int64(s.Days), seed: s.Seed, statements: uint64(s.Statements)}
	for h := range uint64(c.hours) {
		c.total += c.weight(h)
	}
	return c
}

// weight is how busy an hour of the span is: no two Mondays are alike.
func (c *calendar) weight(h uint64) uint64 {
	at := time.UnixMilli(c.from).UTC().AddDate(0, 0, int(h/24))
	pattern := &workday
	if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
		pattern = &weekend
	}
	mood := (h + c.seed + 1) * 0x9e3779b97f4a7c15
	return pattern[h%24] * (60 + (mood>>40)%80)
}

// at is when the session begins that makes the n-th statement. n must not fall.
func (c *calendar) at(n int) int64 {
	high, low := bits.Mul64(uint64(n), c.total)
	target, _ := bits.Div64(high, low, c.statements)
	w := c.weight(c.hour)
	for c.weightBefore+w <= target {
		c.weightBefore += w
		c.hour++
		w = c.weight(c.hour)
	}
	return c.from + int64(c.hour)*hour + int64((target-c.weightBefore)*uint64(hour)/w)
}

func (c *calendar) end() int64 { return c.from + c.hours*hour }

// officeHour is a moment of the working day after at, for those who look at what others did.
func officeHour(r random, at int64) int64 {
	next := at - at%day + day
	for isWeekend(next) {
		next += day
	}
	return next + 8*hour + int64(r.below(int(9*hour)))
}

func isWeekend(at int64) bool {
	d := time.UnixMilli(at).UTC().Weekday()
	return d == time.Saturday || d == time.Sunday
}
