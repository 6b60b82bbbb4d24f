package xapi

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var errDuration = errors.New("it must be written as ISO 8601 demands, such as PT4H35M59.14S, P3Y or P4W")

// checkDuration checks the format with designators (ISO 8601:2004 4.4.3.2): P, then years, months and days, then T with hours,
// minutes and seconds, each at most once and at least one of all; or weeks alone. Only the last may have a fraction.
func checkDuration(s []byte) error {
	rest, ok := bytes.CutPrefix(s, []byte("P"))
	if !ok {
		return errDuration
	}
	date, time, hasTime := bytes.Cut(rest, []byte("T"))
	if hasTime && len(time) == 0 || !hasTime && len(date) == 0 {
		return errDuration
	}
	if isUnits(date, "W", true) {
		if len(date) > 0 && hasTime {
			return errDuration
		}
	} else if !isUnits(date, "YMD", !hasTime) {
		return errDuration
	}
	if !isUnits(time, "HMS", true) {
		return errDuration
	}
	return nil
}

// isUnits says whether s is a run of numbers, each with one of the units, in their order. With fraction, the last number may have
// one.
func isUnits(s []byte, units string, fraction bool) bool {
	for len(s) > 0 {
		digits := countDigits(s)
		if digits == 0 {
			return false
		}
		s = s[digits:]
		cut := false
		if len(s) > 0 && (s[0] == '.' || s[0] == ',') {
			digits = countDigits(s[1:])
			if digits == 0 || !fraction {
				return false
			}
			s = s[1+digits:]
			cut = true
		}
		if len(s) == 0 {
			return false
		}
		at := bytes.IndexByte([]byte(units), s[0])
		if at < 0 || cut && len(s) > 1 {
			return false
		}
		units, s = units[at+1:], s[1:]
	}
	return true
}

func countDigits(s []byte) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// appendComparableDuration appends a duration as sameness sees it: the text as sent, but the seconds cut (not rounded) to 0.01
// (xAPI 1.0.3 Data 2.3.1 and 4.6).
func appendComparableDuration(dst, s []byte) []byte {
	point := bytes.IndexAny(s, ".,")
	if point < 0 || s[len(s)-1] != 'S' {
		return append(dst, s...)
	}
	fraction := s[point+1 : len(s)-1]
	fraction = bytes.TrimRight(fraction[:min(2, len(fraction))], "0")
	dst = append(dst, s[:point]...)
	if len(fraction) > 0 {
		dst = append(dst, '.')
		dst = append(dst, fraction...)
	}
	return append(dst, 'S')
}

// unitTimes are the lengths of ISO 8601's units before and after the T.
var unitTimes = [2]map[byte]time.Duration{
	{'Y': 365 * 24 * time.Hour, 'M': 30 * 24 * time.Hour, 'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour},
	{'H': time.Hour, 'M': time.Minute, 'S': time.Second},
}

// duration is how long a duration is, if s is one that fits; a year is 365 days long, a month 30.
func duration(s []byte) (sum time.Duration, ok bool) {
	if checkDuration(s) != nil {
		return 0, false
	}
	times, number := unitTimes[0], 0
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'T':
			times, number = unitTimes[1], i+1
		case 'A' <= c && c <= 'Z':
			digits := strings.Replace(string(s[max(number, 1):i]), ",", ".", 1)
			n, err := strconv.ParseFloat(digits, 64)
			if err != nil || n*float64(times[c])+float64(sum) > math.MaxInt64/2 {
				return 0, false
			}
			sum += time.Duration(math.Round(n * float64(times[c])))
			number = i + 1
		}
	}
	return sum, true
}
