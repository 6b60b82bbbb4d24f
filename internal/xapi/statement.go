package xapi

import (
	"time"

	"github.com/google/uuid"
)

const verbVoided = "http://adlnet.gov/expapi/verbs/voided"

// UsageSignature is the usageType of the attachment that signs its statement (xAPI 1.0.3 Data 2.6).
const UsageSignature = "http://adlnet.gov/expapi/attachments/signature"

// Statement is one statement over the bytes it was read from. It does not change and may be read from several goroutines.
type Statement struct {
	t    *tree
	root int32
}

// ID is the statement's id, if it has one.
func (s *Statement) ID() (uuid.UUID, bool) { return s.t.uuid(s.t.get(s.root, "id")) }

// Raw is the statement's JSON as it was read. It is shared: do not change it.
func (s *Statement) Raw() []byte { return s.t.raw(s.root) }

// Refers is the statement that this one has as its object, by a StatementRef.
func (s *Statement) Refers() (uuid.UUID, bool) {
	object := s.t.get(s.root, "object")
	if !s.t.is(object, "objectType", "StatementRef") {
		return uuid.UUID{}, false
	}
	return s.t.uuid(s.t.get(object, "id"))
}

// Voids is the statement that this one voids (xAPI 1.0.3 Data 2.3.2).
func (s *Statement) Voids() (uuid.UUID, bool) {
	if !s.t.is(s.t.get(s.root, "verb"), "id", verbVoided) {
		return uuid.UUID{}, false
	}
	return s.Refers()
}

// Timestamp is when what the statement tells took place.
func (s *Statement) Timestamp() (time.Time, bool) { return s.t.time(s.t.get(s.root, "timestamp")) }

// Stored is when an LRS took the statement in.
func (s *Statement) Stored() (time.Time, bool) { return s.t.time(s.t.get(s.root, "stored")) }

// Authority is the JSON of who vouches for the statement, as read; nil when there is none.
func (s *Statement) Authority() []byte { return s.t.raw(s.t.get(s.root, "authority")) }

// Attachment is what a statement says of a file that belongs to it (xAPI 1.0.3 Data 2.4.11).
type Attachment struct {
	Pointer     string // where it stands in what was read
	UsageType   string
	ContentType string
	SHA2        string // as sent: hex, in either case
	FileURL     string // "" when there is none
	Length      int64  // octets, as the client counts them; nobody checks it
}

// Attachments are those of the statement and then of its SubStatement, in order.
func (s *Statement) Attachments() []Attachment {
	var list []Attachment
	for _, root := range [2]int32{s.root, s.sub()} {
		for n := s.t.first(s.t.get(root, "attachments")); n != 0; n = s.t.next(n) {
			list = append(list, s.attachment(n))
		}
	}
	return list
}

func (s *Statement) attachment(n int32) Attachment {
	text := func(key string) string { return string(s.t.text(s.t.get(n, key))) }
	length, _ := parseDecimal(s.t.raw(s.t.get(n, "length"))).integer()
	return Attachment{
		Pointer:     s.t.pointer(n),
		UsageType:   text("usageType"),
		ContentType: text("contentType"),
		SHA2:        text("sha2"),
		FileURL:     text("fileUrl"),
		Length:      length,
	}
}

// sub is the SubStatement that is the object, or absent.
func (s *Statement) sub() int32 {
	object := s.t.get(s.root, "object")
	if s.t.is(object, "objectType", "SubStatement") {
		return object
	}
	return absent
}

func (t *tree) uuid(n int32) (uuid.UUID, bool) {
	id, err := parseUUID(t.text(n))
	return id, err == nil
}

func (t *tree) time(n int32) (time.Time, bool) {
	at, err := parseTimestamp(t.text(n))
	return at, err == nil
}
