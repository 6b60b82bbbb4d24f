package report

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/roster"
)

// nameKind is a kind of names that get numbers.
type nameKind byte

const (
	learnerName  nameKind = 'l'
	courseName   nameKind = 'c'
	moduleName   nameKind = 'm'
	questionName nameKind = 'q'
	verbName     nameKind = 'v'
	platformName nameKind = 'p'
	teamName     nameKind = 't'
	// teamTitle is no kind of names: a team's number has under it what statements call the team.
	teamTitle nameKind = 'T'
)

// mostNames is how many names of a kind get numbers of their own: rows have keys for each, so their number must have an end. Others are
// counted together. Learners may be as many as there are.
var mostNames = map[nameKind]int{courseName: 20_000, moduleName: 100_000, questionName: 100_000, verbName: 300, platformName: 50, teamName: 10_000}

// longestName is how many bytes a name may have that gets a number of its own.
const longestName = 2000

// name is one that may get a number.
type name struct {
	kind  nameKind
	value string
}

// term is an HMAC of a name, so that nobody can guess a mailbox back from a key.
type term [16]byte

// names gives numbers to names, each for good in a generation. Numbers that a crash took from the counter are never anybody's.
type names struct {
	store  kv.Store
	secret []byte
	roster *roster.Roster

	mu         sync.Mutex
	generation byte
	known      map[name]fold.Number
	spelt      map[numbered]string
	taken      lease // of learners
}

// lease is numbers that a process took and has not given: from next to below end.
type lease struct {
	next, end fold.Number
	given     int // of this lease and those before
}

// mostAhead is how many numbers of learners a process takes from the counter beyond those that it needs: as many as it has given, so that of those
// that ended with their processes there are never more than are somebody's, and lists of learners are not read in vain. Of other names there are few, and a process takes
// none ahead.
const mostAhead = 32

type numbered struct {
	kind   nameKind
	number fold.Number
}

// mostKnown is how many names a process remembers.
const mostKnown = 100_000

func newNames(store kv.Store, secret []byte) *names {
	return &names{store: store, secret: secret, roster: roster.New(store, secret)}
}

func (n *names) term(x name) (t term) {
	mac := hmac.New(sha256.New, n.secret)
	mac.Write([]byte{'r', byte(x.kind)})
	mac.Write([]byte(x.value))
	copy(t[:], mac.Sum(nil))
	return t
}

// text is a learner's term in links.
func (t term) text() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

func parseTerm(s string) (t term, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != len(t) {
		return t, false
	}
	return term(b), true
}

// memory are the names that are known in a generation.
func (n *names) memory(generation byte) map[name]fold.Number {
	if n.generation != generation || len(n.known) > mostKnown || len(n.spelt) > mostKnown {
		n.generation, n.known, n.spelt, n.taken = generation, map[name]fold.Number{}, map[numbered]string{}, lease{}
	}
	return n.known
}

// numbers returns the numbers of names, and gives each that has none the next of its kind. An empty name has none.
func (n *names) numbers(ctx context.Context, generation byte, asked []name) (map[name]fold.Number, error) {
	out, unknown, err := n.look(ctx, generation, asked)
	if err != nil {
		return nil, err
	}
	if unknown, err = n.giveTheSame(ctx, generation, unknown, out); err != nil {
		return nil, fmt.Errorf("giving numbers to people: %w", err)
	}
	byKind := map[nameKind][]name{}
	for _, x := range unknown {
		byKind[x.kind] = append(byKind[x.kind], x)
	}
	for kind, list := range byKind {
		if err := n.give(ctx, generation, kind, list, out); err != nil {
			return nil, fmt.Errorf("giving numbers to names: %w", err)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	known := n.memory(generation)
	for x, number := range out {
		known[x] = number
	}
	return out, nil
}

// look finds the numbers that names have; unknown are those that have none.
func (n *names) look(ctx context.Context, generation byte, asked []name) (found map[name]fold.Number, unknown []name, err error) {
	found = map[name]fold.Number{}
	wanted := map[string]name{}
	var keys []kv.Key
	n.mu.Lock()
	known := n.memory(generation)
	for _, x := range asked {
		key := lookupKey(generation, x.kind, n.term(x))
		switch number, ok := known[x]; {
		case x.value == "":
			found[x] = fold.None
		case len(x.value) > longestName:
			found[x] = fold.Other
		case ok:
			found[x] = number
		case wanted[string(key.Partition)] == name{}:
			wanted[string(key.Partition)] = x
			keys = append(keys, key)
		}
	}
	n.mu.Unlock()
	if len(keys) == 0 {
		return found, nil, nil
	}
	items, err := n.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return nil, nil, fmt.Errorf("looking up names: %w", err)
	}
	for _, item := range items {
		number, _, err := readUvarint(item.Value)
		if err != nil {
			return nil, nil, err
		}
		found[wanted[string(item.Partition)]] = fold.Number(number)
		delete(wanted, string(item.Partition))
	}
	for _, key := range keys {
		if x, missing := wanted[string(key.Partition)]; missing {
			unknown = append(unknown, x)
		}
	}
	return found, unknown, nil
}

// spell tells the names of numbers; one that is nobody's is left out.
func (n *names) spell(ctx context.Context, generation byte, kind nameKind, numbers []fold.Number) (map[fold.Number]string, error) {
	out := map[fold.Number]string{}
	var keys []kv.Key
	n.mu.Lock()
	n.memory(generation)
	asked := map[fold.Number]bool{}
	for _, number := range numbers {
		value, known := n.spelt[numbered{kind, number}]
		switch {
		case number < fold.First || asked[number]:
		case known:
			out[number] = value
		default:
			asked[number] = true
			keys = append(keys, nameKey(generation, kind, number))
		}
	}
	n.mu.Unlock()
	if len(keys) == 0 {
		return out, nil
	}
	items, err := n.store.GetMany(ctx, keys, kv.Eventual)
	if err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.memory(generation)
	for _, item := range items {
		number := numberAt(item.Sort)
		out[number] = string(item.Value)
		n.spelt[numbered{kind, number}] = string(item.Value)
	}
	return out, nil
}

func itemOf(key kv.Key, value []byte) kv.Item {
	return kv.Item{Key: key, Value: value, Version: kv.NewVersion()}
}
