package xapi

import (
	"bytes"
	"errors"
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
