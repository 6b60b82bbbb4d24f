package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// fetchTime is for all requests of a fetch together.
	fetchTime = 3 * time.Second
	// fetchMost is how many bytes an answer may have.
	fetchMost = 1 << 20
)

// fetch asks the issuer where its keys are, and for them (OpenID Connect Discovery 4). It does not end with the request that needs them:
// others wait for it too.
func (s *keySet) fetch(ctx context.Context) ([]jose.JSONWebKey, Endpoints, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
	defer cancel()
	var about struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
		Endpoints
	}
	if err := s.get(ctx, strings.TrimSuffix(s.issuer, "/")+"/.well-known/openid-configuration", &about); err != nil {
		return nil, Endpoints{}, err
	}
	if about.Issuer != s.issuer {
		return nil, Endpoints{}, fmt.Errorf("it calls itself %q", about.Issuer)
	}
	var published struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, about.Keys, &published); err != nil {
		return nil, Endpoints{}, err
	}
	keys, err := usable(published.Keys)
	return keys, about.Endpoints, err
}

// usable leaves out keys of kinds that are not known here, and those that are not for signatures (RFC 7517, 5): an issuer that begins to
// publish one of them must not take the others away.
func usable(published []json.RawMessage) (keys []jose.JSONWebKey, err error) {
	for _, text := range published {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(text) == nil && key.IsPublic() && key.Use != "enc" {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it publishes no key for signatures")
	}
	return keys, nil
}

// reaches says whether the issuer may send anybody to an address: over TLS, or on this machine when it is there itself.
func (s *keySet) reaches(address string) bool {
	return strings.HasPrefix(address, "https://") || isLocal(s.issuer) && isLocal(address)
}

func (s *keySet) get(ctx context.Context, from string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	if !s.reaches(from) {
		return fmt.Errorf("%q is not https", from)
	}
	res, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d", from, res.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, fetchMost+1))
	if err != nil {
		return err
	}
	if len(text) > fetchMost {
		return fmt.Errorf("%s answers more than %d bytes", from, fetchMost)
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

// isLocal says whether an address is one on this machine: an issuer from afar may not send us there.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}
