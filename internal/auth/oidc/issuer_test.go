package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
)

// issuer is an issuer of tokens behind a real HTTP server.
type issuer struct {
	url string

	mu      sync.Mutex
	keys    []jose.JSONWebKey // as they are published
	fetched int
	down    bool
	name    string // as it calls itself, "" for url
}

// The keys are made once: an RSA key takes a while.
var (
	rsaKey     = sync.OnceValue(func() *rsa.PrivateKey { k, _ := rsa.GenerateKey(rand.Reader, 2048); return k })
	ecKey      = sync.OnceValue(func() *ecdsa.PrivateKey { k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader); return k })
	otherKey   = sync.OnceValue(func() *ecdsa.PrivateKey { k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader); return k })
	edwardsKey = sync.OnceValue(func() ed25519.PrivateKey { _, k, _ := ed25519.GenerateKey(rand.Reader); return k })
)

func newIssuer(t testing.TB) *issuer {
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.fetched++
		if i.down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		name := i.name
		if name == "" {
			name = i.url
		}
		json.NewEncoder(w).Encode(map[string]string{"issuer": name, "jwks_uri": i.url + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: i.keys})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	i.publish("rsa", rsaKey().Public(), "")
	i.publish("ec", ecKey().Public(), "")
	i.publish("edwards", edwardsKey().Public(), "EdDSA")
	return i
}

func (i *issuer) publish(id string, key any, algorithm string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, jose.JSONWebKey{Key: key, KeyID: id, Algorithm: algorithm, Use: "sig"})
}

func (i *issuer) set(change func(*issuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

func (i *issuer) fetches() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetched
}

// verifier takes the issuer's tokens for the audience "cairn", as an API of Entra ID by its URI or, in version 2, its client id.
func (i *issuer) verifier() *oidc.Verifier {
	return oidc.New([]oidc.Issuer{{URL: i.url, Audiences: []string{"cairn", "api://cairn", "7d1a"}}}, http.DefaultClient)
}

// said are claims.
type said map[string]any

// claims are good ones, with others in their place; nil takes one away.
func (i *issuer) claims(others said) said {
	now := time.Now()
	c := said{"iss": i.url, "sub": "ada", "aud": "cairn", "azp": "course", "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "scope": "openid profile xapi:statements/write"}
	maps.Copy(c, others)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// sign makes a token.
func sign(t testing.TB, algorithm jose.SignatureAlgorithm, key any, id string, claims said, headers ...any) string {
	t.Helper()
	o := (&jose.SignerOptions{}).WithType("JWT")
	if id != "" {
		o = o.WithHeader("kid", id)
	}
	for n := 0; n < len(headers); n += 2 {
		o = o.WithHeader(jose.HeaderKey(headers[n].(string)), headers[n+1])
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any(claims)).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (i *issuer) token(t testing.TB, others said) string {
	return sign(t, jose.RS256, rsaKey(), "rsa", i.claims(others))
}

func bearer(t testing.TB, v *oidc.Verifier, token string) (auth.Principal, error) {
	p, _, err := v.Bearer(context.Background(), token)
	return p, err
}
