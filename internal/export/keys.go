package export

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"cairn/internal/ledger"
	"cairn/internal/roster"
)

// keys gives identities their keys: an HMAC under the stack's secret, so that nobody without it can guess a mailbox back from a key. Who goes by several
// identities has one key, that of the first, where an operator says so.
type keys struct {
	roster *roster.Roster
	secret []byte

	mu     sync.Mutex
	people map[string]string // the identity that has the key; what is said of people holds for what is read later
	since  ledger.Instant
}

const (
	mostPeople = 100_000
	// peopleKnow is how long it is believed what was read of people, in microseconds.
	peopleKnow = 10 * 60 * 1_000_000
)

func newKeys(r *roster.Roster, secret []byte) *keys { return &keys{roster: r, secret: secret} }

// of returns what gives the keys of some identities, and of any other as if nothing were said of it.
func (k *keys) of(ctx context.Context, identities []string, now ledger.Instant) (func(identity string) string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.people == nil || len(k.people) > mostPeople || now-k.since > peopleKnow {
		k.people, k.since = map[string]string{}, now
	}
	var unknown []string
	asked := map[string]bool{}
	for _, identity := range identities {
		if _, known := k.people[identity]; !known && !asked[identity] {
			asked[identity] = true
			unknown = append(unknown, identity)
		}
	}
	people, err := k.roster.People(ctx, unknown)
	if err != nil {
		return nil, err
	}
	for _, identity := range unknown {
		k.people[identity] = identity
		if same := people[identity]; len(same) > 0 {
			k.people[identity] = same[0]
		}
	}
	known := map[string]string{}
	for _, identity := range identities {
		known[identity] = k.key(k.people[identity])
	}
	return func(identity string) string {
		if key, ok := known[identity]; ok || identity == "" {
			return key
		}
		return k.key(identity)
	}, nil
}

func (k *keys) key(identity string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte("actor key "))
	mac.Write([]byte(identity))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
