package oidc

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cairn/internal/auth"
)

const (
	// fresh is how long an issuer's keys are gone by before they are fetched again.
	fresh = time.Hour
	// stale is how long they are good while the issuer cannot be reached.
	stale = 24 * time.Hour
	// pause is the least time between two fetches, whatever arrives: whoever makes up names of keys must not have us hammer the issuer.
	pause = 30 * time.Second
	// failedPause is that after a fetch that failed: a process that has no keys yet should not have to refuse for long.
	failedPause = 5 * time.Second
)

// keySet is the keys that an issuer publishes, as this process knows them.
type keySet struct {
	issuer string
	client *http.Client
	turn   chan struct{} // held while fetching

	mu sync.Mutex
	known
}

type known struct {
	keys      []jose.JSONWebKey
	endpoints Endpoints
	loaded    time.Time
	tried     time.Time // when the last fetch ended
	failed    bool      // the last fetch
}

func newKeySet(issuer string, client *http.Client) *keySet {
	return &keySet{issuer: issuer, client: within(client), turn: make(chan struct{}, 1)}
}

// find returns the keys of an id, or all for a token that names none. The error is a *auth.BadToken for an id that the issuer does not
// publish, and wraps auth.ErrUnavailable when the issuer could not be asked for it. Who has keys to go by never waits for
// another's fetch, or made-up ids could hold up everybody; who has none waits for it, and takes what it brought.
func (s *keySet) find(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	k := s.now()
	if !k.isDue(id) {
		return k.answer(s.issuer, id)
	}
	if len(k.of(id)) > 0 {
		select {
		case s.turn <- struct{}{}:
		default:
			return k.of(id), nil
		}
	} else {
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: waiting for the keys of %s: %w", auth.ErrUnavailable, s.issuer, ctx.Err())
		}
	}
	defer func() { <-s.turn }()
	if k = s.now(); k.isDue(id) {
		k = s.refresh(ctx, k)
	}
	return k.answer(s.issuer, id)
}

func (s *keySet) now() known {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known
}

// refresh fetches the keys; when that fails those that were known stay.
func (s *keySet) refresh(ctx context.Context, k known) known {
	keys, endpoints, err := s.fetch(ctx)
	k.tried, k.failed = time.Now(), err != nil
	if err != nil {
		slog.ErrorContext(ctx, "the keys of an issuer cannot be fetched", "issuer", s.issuer, "error", err.Error())
	} else {
		k.keys, k.endpoints, k.loaded = keys, endpoints, k.tried
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = k
	return k
}

// isDue says whether a token that names this id is a reason to fetch.
func (k known) isDue(id string) bool {
	after := pause
	if k.failed {
		after = failedPause
	}
	return (len(k.of(id)) == 0 || time.Since(k.loaded) >= fresh) && time.Since(k.tried) >= after
}

// of is what is known of an id and not too old, or everything for none.
func (k known) of(id string) (found []jose.JSONWebKey) {
	if time.Since(k.loaded) >= stale {
		return nil
	}
	for _, key := range k.keys {
		if id == "" || key.KeyID == id {
			found = append(found, key)
		}
	}
	return found
}

func (k known) answer(issuer, id string) ([]jose.JSONWebKey, error) {
	found := k.of(id)
	switch {
	case len(found) > 0:
		return found, nil
	case k.failed || time.Since(k.loaded) >= stale:
		return nil, fmt.Errorf("%w: no keys of %s", auth.ErrUnavailable, issuer)
	}
	return nil, unknownKey.refuse()
}
