package xapi

import (
	"errors"

	"github.com/google/uuid"
)

// ParseUUID reads the standard form only: 36 characters, hex digits in either case (xAPI 1.0.3 Data 4.4).
func ParseUUID(s string) (uuid.UUID, error) { return parseUUID([]byte(s)) }

var errUUID = errors.New("it must be 36 characters, such as 8f87ccde-bb56-4c2e-ab83-44982ef22df0")

// uuidPairs is where the two digits of each byte stand.
var uuidPairs = [16]uint8{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}

func parseUUID(s []byte) (id uuid.UUID, err error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return uuid.UUID{}, errUUID
	}
	seen := byte(0)
	for i, at := range uuidPairs {
		high, low := hexValue[s[at]], hexValue[s[at+1]]
		seen |= high | low
		id[i] = high<<4 | low
	}
	if seen > 0xF || id == uuid.Nil { // all zeros are nobody's, and say elsewhere that there is none
		return uuid.UUID{}, errUUID
	}
	return id, nil
}

// hexValue is the value of a hex digit, and noHex of what is none.
var hexValue = func() (values [256]byte) {
	for c := range values {
		values[c] = noHex
	}
	for i, c := range []byte("0123456789abcdefABCDEF") {
		values[c] = byte(i)
		if i > 0xF {
			values[c] -= 6
		}
	}
	return values
}()

const noHex = 0xFF

func isHex(c byte) bool { return hexValue[c] != noHex }
