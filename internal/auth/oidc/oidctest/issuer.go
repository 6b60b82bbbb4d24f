// Package oidctest is an issuer of OpenID Connect for tests: one user, who says yes to whatever is asked.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Client and Secret are the one client that the issuer knows.
const (
	Client = "dashboard"
	Secret = "client-secret"
)

// Claims are those of a token.
type Claims map[string]any

// Issuer is behind a real HTTP server. It gives each code once, for the verifier of its challenge, at the address that it was sent to.
type Issuer struct {
	*httptest.Server
	key *ecdsa.PrivateKey

	mu     sync.Mutex
	id     Claims // in the place of what it says by itself; nil takes a claim away
	access Claims
	codes  map[string]url.Values
}

// New starts an issuer.
func New(t testing.TB) *Issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &Issuer{key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(Claims{"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "key"}}})
	})
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// Say changes what its tokens say.
func (i *Issuer) Say(id, access Claims) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.id, i.access = id, access
}

// authorize is where the browser is sent; the user agrees at once.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != Client || q.Get("code_challenge_method") != "S256" || q.Get("state") == "" || q.Get("nonce") == "" {
		http.Error(w, "this is no request for a code", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	i.mu.Lock()
	i.codes[code] = q
	i.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.URL}}.Encode(), http.StatusSeeOther)
}

// token is where the client gives the code for tokens.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	client, secret, _ := r.BasicAuth()
	if client != Client || secret != Secret {
		w.WriteHeader(http.StatusUnauthorized)
		json.NewEncoder(w).Encode(Claims{"error": "invalid_client"})
		return
	}
	asked, ok := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(Claims{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	common := Claims{"iss": i.URL, "sub": "u-1", "aud": Client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	id := with(common, Claims{"nonce": asked.Get("nonce"), "name": "Grace Hopper", "roles": []string{"xapi:reports/read"}}, i.id)
	access := with(common, Claims{"azp": Client}, i.access)
	json.NewEncoder(w).Encode(Claims{"access_token": i.sign(access), "id_token": i.sign(id), "token_type": "Bearer", "expires_in": 3600})
}

func with(all ...Claims) Claims {
	out := Claims{}
	for _, claims := range all {
		maps.Copy(out, claims)
	}
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}

func (i *Issuer) sign(c Claims) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.key, KeyID: "key"}}, nil)
	if err != nil {
		return ""
	}
	text, _ := jwt.Signed(signer).Claims(map[string]any(c)).Serialize() // what is no token is refused as one
	return text
}
