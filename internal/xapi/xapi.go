// Package xapi is the xAPI statement: read strictly, held as it was sent, compared as the specification compares.
//
// Decode reads what a client sent and checks every rule of its version. Parse reads what Cairn has stored. Both make one pass
// over the bytes and keep one flat tree of spans into them, so numbers, strings and extensions stay exactly what was sent;
// whatever leaves the package (AppendStored, AppendIDs, AppendCanonical) is written from these spans. The reader says only whether
// a text is JSON; jsontext goes over what it refuses once more, and says what is wrong where.
//
// The specification is cited as "xAPI 1.0.3 Data 2.4.1" (adlnet/xAPI-Spec) and "IEEE 9274.1.1 4.2.2.1" (xAPI 2.0).
package xapi

import "strings"

// Version is a version of the specification that a request follows.
type Version uint8

// The versions that Cairn speaks.
const (
	V1 Version = 1 // 1.0.3
	V2 Version = 2 // 2.0.0
)

// ParseVersion reads the X-Experience-API-Version header: 1.0, 1.0.x, 2.0 and 2.0.x are known, nothing else is
// (xAPI 1.0.3 Communication 3.3).
func ParseVersion(header string) (Version, bool) {
	v := V1
	patch, ok := strings.CutPrefix(header, "1.0")
	if !ok {
		v = V2
		patch, ok = strings.CutPrefix(header, "2.0")
	}
	if !ok || patch != "" && (patch[0] != '.' || !isDigits(patch[1:])) {
		return 0, false
	}
	return v, true
}

// String is the version as responses carry it.
func (v Version) String() string {
	if v == V1 {
		return "1.0.3"
	}
	return "2.0.0"
}

// statementDefault is the version of a statement that was sent without one: 1.0.0 by xAPI 1.0.3 Data 2.4.10, 2.0.0 by
// IEEE 9274.1.1 4.2.4.3.
func (v Version) statementDefault() string {
	if v == V1 {
		return "1.0.0"
	}
	return "2.0.0"
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
