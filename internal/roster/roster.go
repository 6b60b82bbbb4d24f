// Package roster keeps what operators say of learners, and reports go by: groups of them, who is the same person, and how modalities are told.
package roster

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"cairn/internal/kv"
)

// Roster is a stack's. It is safe for concurrent use, and its reads are strongly consistent. Its errors are faults of the storage, but for those that a method names. Whatever failed may
// have been done in part, and may be done again.
type Roster struct {
	store  kv.Store
	secret []byte
}

// New returns the roster of a stack with a secret.
func New(store kv.Store, secret []byte) *Roster { return &Roster{store, secret} }

// Refused says what cannot be kept: where in it, as a JSON pointer, and why.
type Refused struct{ Pointer, Message string }

func (e *Refused) Error() string { return e.Message }

// ErrNoGroup: there is no group with that id.
var ErrNoGroup = errors.New("roster: no such group")

// Every key of ours in the table control. A group's members stand apart, so that a list of groups need not read them.
//
//	"group"   | id                      its label, and how many members it has
//	"members" | id of a group           their identities
//	"person"  | term of an identity     all identities of that person
//	"rules"   | "modalities"            rules of modalities

func key(partition string, sort []byte) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte(partition), Sort: sort}
}

func groupKey(id string) kv.Key   { return key("group", []byte(id)) }
func membersKey(id string) kv.Key { return key("members", []byte(id)) }

// personKey is an HMAC, so that nobody can guess a mailbox back from a key.
func (r *Roster) personKey(identity string) kv.Key {
	mac := hmac.New(sha256.New, r.secret)
	mac.Write([]byte("person "))
	mac.Write([]byte(identity))
	return key("person", mac.Sum(nil)[:16])
}

var rulesKey = key("rules", []byte("modalities"))

func itemOf(key kv.Key, value []byte) kv.Item {
	return kv.Item{Key: key, Value: value, Version: kv.NewVersion()}
}

func refused(pointer, format string, parts ...any) error {
	return &Refused{pointer, fmt.Sprintf(format, parts...)}
}
