package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
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
	// pause is the least time between two fetches, whatever arrives: whoever makes up names of keys must not have us hammer the issuer. After one
	// that failed it is shorter.
	pause       = 30 * time.Second
	failedPause = 5 * time.Second

	fetchTime = 3 * time.Second
	fetchMost = 1 << 20
)

// keySet is the keys that an issuer publishes, as this process knows them.
type keySet struct {
	issuer string
	client *http.Client

	mu     sync.Mutex // held while fetching: whoever comes then waits for the same answer
	keys   jose.JSONWebKeySet
	loaded time.Time
	next   time.Time // not fetched again before
	failed bool      // the last fetch
}

// find returns the keys of an id, or all that are known for a token that names none. The error is a *auth.BadToken, or wraps
// auth.ErrUnavailable when no keys are to be had.
func (s *keySet) find(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	found := s.of(id)
	if (len(found) == 0 || now.Sub(s.loaded) >= fresh) && !now.Before(s.next) {
		keys, err := s.fetch(ctx)
		switch {
		case err == nil:
			s.keys, s.loaded, s.next = keys, now, now.Add(pause)
		case now.Sub(s.loaded) >= stale:
			s.keys = jose.JSONWebKeySet{}
			fallthrough
		default:
			s.next = now.Add(failedPause)
			slog.ErrorContext(ctx, "the keys of an issuer cannot be fetched", "issuer", s.issuer, "error", err.Error())
		}
		s.failed, found = err != nil, s.of(id)
	}
	switch {
	case len(found) > 0:
		return found, nil
	case len(s.keys.Keys) == 0 || s.failed: // it may be a new one
		return nil, fmt.Errorf("%w: no keys of %s", auth.ErrUnavailable, s.issuer)
	}
	return nil, bad("the token is signed by a key that the issuer does not publish")
}

func (s *keySet) of(id string) []jose.JSONWebKey {
	if id == "" {
		return s.keys.Keys
	}
	return s.keys.Key(id)
}

// fetch asks the issuer where its keys are, and for them (OpenID Connect Discovery 4).
func (s *keySet) fetch(ctx context.Context) (keys jose.JSONWebKeySet, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime) // others wait for it too
	defer cancel()
	var about struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := s.get(ctx, strings.TrimSuffix(s.issuer, "/")+"/.well-known/openid-configuration", &about); err != nil {
		return keys, err
	}
	if about.Issuer != s.issuer {
		return keys, fmt.Errorf("it calls itself %q", about.Issuer)
	}
	var published struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, about.Keys, &published); err != nil {
		return keys, err
	}
	for _, text := range published.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(text) == nil && key.IsPublic() { // of others, some kind that is not known here, the rest is none the worse
			keys.Keys = append(keys.Keys, key)
		}
	}
	return keys, nil
}

func (s *keySet) get(ctx context.Context, from string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	if !isSafe(r.URL) {
		return fmt.Errorf("%s is not https", from)
	}
	res, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d", from, res.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, fetchMost))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// within is a client that follows no redirect to another host, nor away from TLS.
func within(client *http.Client) *http.Client {
	c := *client
	c.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if first := via[0].URL; len(via) > 3 || r.URL.Host != first.Host || r.URL.Scheme != first.Scheme {
			return fmt.Errorf("%s leads elsewhere", first)
		}
		return nil
	}
	return &c
}

// isSafe says whether what is fetched comes from whom it is meant to: over TLS, or from this machine.
func isSafe(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
