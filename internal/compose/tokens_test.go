package compose

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
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

type claims map[string]any

// token is one for an hour, with others of its claims in their place; nil takes one away.
func (i *tokenIssuer) token(t *testing.T, others claims) string {
	t.Helper()
	return i.signed(t, jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.key, KeyID: "key"}}, others)
}

func (i *tokenIssuer) signed(t *testing.T, key jose.SigningKey, others claims, headers ...string) string {
	t.Helper()
	c := claims{"iss": i.URL, "aud": "cairn", "azp": "course", "sub": "u-1", "exp": time.Now().Add(time.Hour).Unix(),
		"scope": "openid profile xapi/all", "name": "Ada Lovelace", "email": "ada@example.com"}
	maps.Copy(c, others)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	o := &jose.SignerOptions{}
	for n := 0; n < len(headers); n += 2 {
		o = o.WithHeader(jose.HeaderKey(headers[n]), headers[n+1])
	}
	signer, err := jose.NewSigner(key, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(map[string]any(c)).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// takes are the settings of an API that takes the issuer's tokens.
func (i *tokenIssuer) takes() config.API {
	return config.API{Issuers: []config.Issuer{{URL: i.URL, Audiences: []string{"cairn"}}}}
}

func withToken(h http.Handler, token, version string, x exchange) *httptest.ResponseRecorder {
	r := httptest.NewRequest(x.method, x.path, strings.NewReader(x.body))
	r.Header.Set("X-Experience-API-Version", version)
	r.Header.Set("Content-Type", x.kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// listed is what a list of statements says of whom they are.
type listed struct {
	Statements []struct {
		ID        string
		Authority json.RawMessage
	}
}

// Whoever comes with a token stores by the authority of its application and user, in both versions, and sees its own by it.
func TestTokensFromEndToEnd(t *testing.T) {
	for _, version := range []string{"1.0.3", "2.0.0"} {
		issuer := newTokenIssuer(t)
		h, _ := newAPI(t, issuer.takes())
		const scope = "openid profile xapi:statements/write xapi/statements.read.mine"
		account := func(name string) string {
			return `{"objectType":"Agent","account":{"homePage":"` + issuer.URL + `","name":"` + name + `"}}`
		}
		group := func(user string) string {
			return `{"objectType":"Group","member":[` + account("course") + `,` + account(user) + `]}`
		}
		callers := []struct{ token, authority string }{
			{issuer.token(t, claims{"scope": scope}), group("u-1")},
			{issuer.token(t, claims{"scope": scope, "sub": "u-2"}), group("u-2")},
			{issuer.token(t, claims{"scope": scope, "azp": "app"}), strings.Replace(group("u-1"), `"course"`, `"app"`, 1)},
			{issuer.token(t, claims{"scope": scope, "sub": "course"}), account("course")},
		}
		for n, c := range callers {
			if w := withToken(h, c.token, version, sent("POST", "/xapi/statements", statementOf(n+1, thing))); w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", version, w.Code, w.Body)
			}
		}
		for n, c := range callers {
			id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n+1)
			var list listed
			w := withToken(h, c.token, version, asked("/xapi/statements"))
			if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Statements) != 1 || list.Statements[0].ID != id || string(list.Statements[0].Authority) != c.authority {
				t.Errorf("%s: whoever stored %s, by %s, and may read its own sees %d %s", version, id, c.authority, w.Code, w.Body)
			}
			for m := range callers {
				w := withToken(h, c.token, version, asked(fmt.Sprintf("/xapi/statements?statementId=00000000-0000-4000-8000-%012d", m+1)))
				if want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[m == n]; w.Code != want {
					t.Errorf("%s: caller %d asks for statement %d: %d", version, n+1, m+1, w.Code)
				}
			}
		}
		w := withToken(h, issuer.token(t, nil), version, asked("/xapi/statements"))
		if strings.Count(w.Body.String(), `"authority"`) != len(callers) || strings.Contains(w.Body.String(), "Lovelace") {
			t.Errorf("%s: whoever may read all sees %s", version, w.Body)
		}
	}
}

// Whoever merely knows the hash of an attachment that another user of the same application sent gets nothing for it.
func TestAttachmentsOfTokensAreTheirUsers(t *testing.T) {
	issuer := newTokenIssuer(t)
	h, _ := newAPI(t, issuer.takes())
	one, two := issuer.token(t, nil), issuer.token(t, claims{"sub": "u-2"})
	x := withAttachment(1, "the content")
	x.path = "/xapi" + x.path
	if w := withToken(h, one, "1.0.3", x); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte("the content")))
	named := strings.TrimSuffix(statementOf(2, thing), "}") + fmt.Sprintf(`,"attachments":[{"usageType":"http://example.com/file","display":{"en":"file"},`+
		`"contentType":"text/plain","length":11,"sha2":%q,"fileUrl":"http://example.com/file"}]}`, hash)
	if w := withToken(h, two, "1.0.3", sent("POST", "/xapi/statements", named)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for n, has := range []bool{true, false} {
		w := withToken(h, two, "1.0.3", asked(fmt.Sprintf("/xapi/statements?attachments=true&statementId=00000000-0000-4000-8000-%012d", n+1)))
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "the content") != has {
			t.Errorf("statement %d: %d %s", n+1, w.Code, w.Body)
		}
	}
}

// What a token may do is what its scopes say that begin with xapi.
func TestScopesOfTokens(t *testing.T) {
	issuer := newTokenIssuer(t)
	h, _ := newAPI(t, issuer.takes())
	paths := []string{"/xapi/statements", "/xapi/agents/profile?agent=" + ada, "/xapi" + state, "/admin/keys"}
	for scope, want := range map[string][]int{
		"openid profile all admin state": {403, 403, 403, 403},
		"":                               {403, 403, 403, 403},
		"openid xapi/profile":            {403, 200, 403, 403},
		"xapi.all.read":                  {200, 200, 200, 403},
		"xapi/admin":                     {403, 403, 403, 200},
	} {
		token := issuer.token(t, claims{"scope": scope})
		for n, path := range paths {
			if w := withToken(h, token, "1.0.3", asked(path)); w.Code != want[n] {
				t.Errorf("%q at %s: %d, not %d", scope, path, w.Code, want[n])
			}
		}
	}
}

const basicChallenge, bearerChallenge = `Basic realm="xAPI", charset="UTF-8"`, `Bearer realm="xAPI"`

// Whatever is wrong with a token is answered 401, with the reason in the challenge (RFC 6750, 3), by whatever resource.
func TestTokensRefused(t *testing.T) {
	issuer, other := newTokenIssuer(t), newTokenIssuer(t)
	h, _ := newAPI(t, issuer.takes())
	ours := jose.SigningKey{Algorithm: jose.ES256, Key: issuer.key}
	public, err := x509.MarshalPKIXPublicKey(issuer.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	good := strings.Split(issuer.token(t, nil), ".")
	encode := base64.RawURLEncoding.EncodeToString
	const notJWT, signature = "the token is not a JWT with a signature of a kind that is taken", "the token's signature is not the issuer's"
	for name, x := range map[string]struct{ token, why string }{
		"no JWT":            {"nonsense", notJWT},
		"unsigned":          {encode([]byte(`{"alg":"none"}`)) + "." + good[1] + ".", notJWT},
		"by the public key": {issuer.signed(t, jose.SigningKey{Algorithm: jose.HS256, Key: public}, nil, "kid", "key"), notJWT},
		"too long":          {issuer.token(t, claims{"x": strings.Repeat("x", 16<<10)}), "the token is longer than 16 KB"},
		"another payload":   {good[0] + "." + strings.Split(issuer.token(t, claims{"sub": "u-2"}), ".")[1] + "." + good[2], signature},
		"another's key":     {issuer.signed(t, jose.SigningKey{Algorithm: jose.ES256, Key: other.key}, nil, "kid", "key"), signature},
		"an unknown key":    {issuer.signed(t, ours, nil, "kid", "made up"), "the token is signed by a key that the issuer does not publish"},
		"of another kind":   {issuer.signed(t, ours, nil, "kid", "key", "typ", "logout+jwt"), "the token is of a kind that is not taken"},
		"another issuer":    {other.token(t, nil), "the token is of an issuer whose tokens are not taken"},
		"another audience":  {issuer.token(t, claims{"aud": "account"}), "the token is made for another audience"},
		"expired":           {issuer.token(t, claims{"exp": at(-time.Hour)}), "the token has expired"},
		"endless":           {issuer.token(t, claims{"exp": nil}), "the token never expires"},
		"not yet":           {issuer.token(t, claims{"nbf": at(time.Hour)}), "the token is not good yet"},
	} {
		for _, path := range []string{"/xapi/statements", "/admin/keys"} {
			w := withToken(h, x.token, "1.0.3", asked(path))
			want := bearerChallenge + `, error="invalid_token", error_description="` + x.why + `"`
			if got := w.Header()["Www-Authenticate"]; w.Code != http.StatusUnauthorized || !slices.Equal(got, []string{want}) {
				t.Errorf("%s at %s: %d %q", name, path, w.Code, got)
			}
		}
	}
}

func TestWithoutATokenThatCanBeChecked(t *testing.T) {
	issuer := newTokenIssuer(t)
	token := issuer.token(t, nil)
	refused := func(what string, w *httptest.ResponseRecorder, challenges ...string) {
		t.Helper()
		if got := w.Header()["Www-Authenticate"]; w.Code != http.StatusUnauthorized || !slices.Equal(got, challenges) {
			t.Errorf("%s: %d %q", what, w.Code, got)
		}
	}
	takes, _ := newAPI(t, issuer.takes())
	refused("none", withToken(takes, "", "1.0.3", asked("/xapi/statements")), basicChallenge, bearerChallenge)
	takesNone, _ := newAPI(t, config.API{})
	refused("where none are taken", withToken(takesNone, token, "1.0.3", asked("/xapi/statements")), basicChallenge)

	issuer.Close()
	w := withToken(takes, token, "1.0.3", asked("/xapi/statements"))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header()["Www-Authenticate"] != nil {
		t.Errorf("the issuer is down: %d %v", w.Code, w.Header())
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
