package compose

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"cairn/internal/config"
)

// tokenIssuer is an issuer behind a real HTTP server, and what it signs with.
type tokenIssuer struct {
	*httptest.Server
	key *ecdsa.PrivateKey
}

func newTokenIssuer(t *testing.T) *tokenIssuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &tokenIssuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "key"}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *tokenIssuer) token(t *testing.T, user, scope string, lives time.Duration) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.key, KeyID: "key"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": i.URL, "aud": "cairn", "azp": "course", "sub": user, "exp": time.Now().Add(lives).Unix(), "scope": scope, "email": user + "@example.com",
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func withToken(h http.Handler, token, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Whoever comes with a token stores by the authority of its application and user, and may do what its scopes say.
func TestTokensFromEndToEnd(t *testing.T) {
	issuer := newTokenIssuer(t)
	h, _ := newAPI(t, config.API{Issuers: []config.Issuer{{URL: issuer.URL, Audiences: []string{"cairn"}}}})
	const scope = "openid profile xapi:statements/write xapi/statements.read.mine"
	ada, bob := issuer.token(t, "ada", scope, time.Hour), issuer.token(t, "bob", scope, time.Hour)
	for n, token := range []string{ada, bob} {
		if w := withToken(h, token, "POST", "/xapi/statements", statementOf(n+1, thing)); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	var list struct {
		Statements []struct {
			ID        string
			Authority struct {
				ObjectType string
				Member     []struct {
					Account struct{ HomePage, Name string }
				}
			}
		}
	}
	w := withToken(h, ada, "GET", "/xapi/statements", "")
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Statements) != 1 || !strings.HasSuffix(list.Statements[0].ID, "1") {
		t.Fatalf("whoever may read her own sees %s", w.Body)
	}
	authority := list.Statements[0].Authority
	if authority.ObjectType != "Group" || len(authority.Member) != 2 || authority.Member[0].Account.Name != "course" || authority.Member[1].Account.Name != "ada" ||
		authority.Member[0].Account.HomePage != issuer.URL || strings.Contains(w.Body.String(), "ada@example.com\",\"email") {
		t.Errorf("the authority is %+v", authority)
	}
	if w := withToken(h, ada, "GET", "/xapi/agents/profile?agent="+"%7B%22mbox%22%3A%22mailto%3Aada%40example.com%22%7D", ""); w.Code != http.StatusForbidden {
		t.Errorf("the scope profile of OpenID opens profiles: %d", w.Code)
	}
	if w := withToken(h, ada, "GET", "/admin/keys", ""); w.Code != http.StatusForbidden {
		t.Errorf("the keys are listed to anybody: %d", w.Code)
	}
	if w := withToken(h, issuer.token(t, "eve", "xapi/admin", time.Hour), "GET", "/admin/keys", ""); w.Code != http.StatusOK {
		t.Errorf("the keys are not listed: %d %s", w.Code, w.Body)
	}
}

func TestTokensRefused(t *testing.T) {
	issuer := newTokenIssuer(t)
	h, _ := newAPI(t, config.API{Issuers: []config.Issuer{{URL: issuer.URL, Audiences: []string{"cairn"}}}})
	const basic, bearer = `Basic realm="xAPI", charset="UTF-8"`, `Bearer realm="xAPI"`
	for name, x := range map[string]struct {
		token string
		says  []string
	}{
		"none":    {"", []string{basic, bearer}},
		"no JWT":  {"nonsense", []string{bearer + `, error="invalid_token", error_description="the token is not a JWT with a signature of a kind that is taken"`}},
		"expired": {issuer.token(t, "ada", "xapi/all", -time.Hour), []string{bearer + `, error="invalid_token", error_description="the token has expired"`}},
	} {
		for _, path := range []string{"/xapi/statements", "/admin/keys"} {
			w := withToken(h, x.token, "GET", path, "")
			if got := w.Header()["Www-Authenticate"]; w.Code != http.StatusUnauthorized || !slices.Equal(got, x.says) {
				t.Errorf("%s at %s: %d %q", name, path, w.Code, got)
			}
		}
	}
	token := issuer.token(t, "ada", "xapi/all", time.Hour)
	issuer.Close()
	h, _ = newAPI(t, config.API{Issuers: []config.Issuer{{URL: issuer.URL, Audiences: []string{"cairn"}}}})
	if w := withToken(h, token, "GET", "/xapi/statements", ""); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("the issuer is down: %d", w.Code)
	}
	without, _ := newAPI(t, config.API{})
	if w := withToken(without, token, "GET", "/xapi/statements", ""); w.Code != http.StatusUnauthorized || !slices.Equal(w.Header()["Www-Authenticate"], []string{basic}) {
		t.Errorf("where no tokens are taken: %d %q", w.Code, w.Header()["Www-Authenticate"])
	}
}

// Whoever exceeds a limit hears it, and when to come again; nothing of what he sent is stored.
func TestLimitsOverHTTP(t *testing.T) {
	h, keys := newAPI(t, config.API{})
	limit(t, keys, "few statements", 3, 0)
	limit(t, keys, "few requests", 0, 2)
	ask := func(key, method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.SetBasicAuth(key, "secret")
		r.Header.Set("X-Experience-API-Version", "1.0.3")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	two, others := "["+statementOf(1, thing)+","+statementOf(2, thing)+"]", "["+statementOf(3, thing)+","+statementOf(4, thing)+"]"
	if w := ask("few statements", "POST", "/xapi/statements", two); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := ask("few statements", "POST", "/xapi/statements", others)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("Retry-After") == "0" ||
		!strings.Contains(w.Body.String(), "3 statements a day") || w.Header().Get("X-Experience-API-Version") != "1.0.3" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := ask("few statements", "GET", "/xapi/statements", ""); strings.Count(w.Body.String(), `"stored"`) != 2 {
		t.Errorf("stored is %s", w.Body)
	}
	answers := map[int]int{}
	for range 5 {
		answers[ask("few requests", "GET", "/xapi/statements", "").Code]++
	}
	if answers[200] < 2 || answers[200] > 4 || answers[429] != 5-answers[200] { // 4: where a minute begins meanwhile
		t.Errorf("of five requests where two a minute may come: %v", answers)
	}
}
