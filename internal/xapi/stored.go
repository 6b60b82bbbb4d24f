package xapi

import (
	"time"

	"github.com/google/uuid"
)

// Stamp is what the LRS fills in when it takes a statement.
type Stamp struct {
	ID        uuid.UUID // for a statement without id
	Stored    time.Time
	Authority []byte  // JSON of an Agent or Group; nil keeps what was sent
	Version   Version // decides the version of a statement that names none
}

// AppendStored appends the statement as the LRS keeps and returns it: compact, in the order sent, every token as it was sent,
// except that stored and authority are the stamp's, id, timestamp (by stored) and version are filled in where they are missing,
// and each value of contextActivities is an array (xAPI 1.0.3 Data 2.4, 2.4.6.2 to 2.4.10).
func (s *Statement) AppendStored(dst []byte, st Stamp) []byte {
	t := s.t
	dst = t.appendMembers(dst, s.root, func(dst, key []byte, m int32) []byte {
		switch {
		case string(key) == "stored":
			return appendInstant(dst, st.Stored)
		case string(key) == "authority" && st.Authority != nil:
			return appendCompact(dst, st.Authority)
		}
		return t.appendStoredPart(dst, key, m)
	})
	missing := func(key string) bool { return t.get(s.root, key) == absent }
	if missing("id") {
		dst = appendString(appendKey(dst, "id"), st.ID.String())
	}
	if missing("timestamp") {
		dst = appendInstant(appendKey(dst, "timestamp"), st.Stored)
	}
	if missing("stored") {
		dst = appendInstant(appendKey(dst, "stored"), st.Stored)
	}
	if missing("authority") && st.Authority != nil {
		dst = appendCompact(appendKey(dst, "authority"), st.Authority)
	}
	if missing("version") {
		dst = appendString(appendKey(dst, "version"), st.Version.statementDefault())
	}
	return append(dst, '}')
}

// appendStoredPart appends a property of a statement or SubStatement, with context activities as arrays.
func (t *tree) appendStoredPart(dst, key []byte, n int32) []byte {
	switch {
	case string(key) == "context" && t.kind(n) == '{':
		return append(t.appendMembers(dst, n, t.appendStoredContext), '}')
	case string(key) == "object" && t.is(n, "objectType", "SubStatement"):
		return append(t.appendMembers(dst, n, t.appendStoredPart), '}')
	}
	return t.appendCompact(dst, n)
}

func (t *tree) appendStoredContext(dst, key []byte, n int32) []byte {
	if string(key) != "contextActivities" || t.kind(n) != '{' {
		return t.appendCompact(dst, n)
	}
	dst = t.appendMembers(dst, n, func(dst, _ []byte, m int32) []byte {
		if t.kind(m) != '{' {
			return t.appendCompact(dst, m)
		}
		return append(t.appendCompact(append(dst, '['), m), ']')
	})
	return append(dst, '}')
}
