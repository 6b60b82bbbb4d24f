package oidc_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
)

func TestTokensAreTaken(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier()
	for name, token := range map[string]string{
		"RS256":              i.token(t, nil),
		"PS512":              sign(t, jose.PS512, rsaKey(), "rsa", i.claims(nil)),
		"ES256":              sign(t, jose.ES256, ecKey(), "ec", i.claims(nil)),
		"EdDSA":              sign(t, jose.EdDSA, edwardsKey(), "edwards", i.claims(nil)),
		"no key id":          sign(t, jose.ES256, ecKey(), "", i.claims(nil)),
		"an access token":    sign(t, jose.RS256, rsaKey(), "rsa", i.claims(nil), "typ", "at+jwt"),
		"several audiences":  i.token(t, said{"aud": []string{"account", "cairn"}}),
		"expired just now":   i.token(t, said{"exp": time.Now().Add(-50 * time.Second).Unix()}),
		"good in a moment":   i.token(t, said{"nbf": time.Now().Add(50 * time.Second).Unix(), "iat": time.Now().Add(50 * time.Second).Unix()}),
		"fractions of times": i.token(t, said{"exp": float64(time.Now().Add(time.Hour).Unix()) + 0.5}),
		"odd claims":         i.token(t, said{"roles": said{"a": 1}, "scp": 7}),
	} {
		p, err := bearer(t, v, token)
		if err != nil || !p.WriteStatements() || p.ReadState() || p.Key != i.url+"|course" {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if n := i.fetches(); n != 1 {
		t.Errorf("the keys are fetched %d times", n)
	}
}

func TestTokensAreRefused(t *testing.T) {
	i := newIssuer(t)
	i.publish("rs alone", rsaKey().Public(), "RS256")
	v := i.verifier()
	good := i.token(t, nil)
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	public, err := x509.MarshalPKIXPublicKey(rsaKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	encrypter, err := jose.NewEncrypter(jose.A128GCM, jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: rsaKey().Public()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := encrypter.Encrypt([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	encrypted, _ := sealed.CompactSerialize()
	const notJWT, signature = "the token is not a JWT with a signature of a kind that is taken", "the token's signature is not the issuer's"
	sayable := regexp.MustCompile(`^[ !#-\[\]-~]+$`) // RFC 6750, 3: what may stand in error_description
	for name, x := range map[string]struct{ token, why string }{
		"nothing":                      {"", notJWT},
		"no JWT":                       {"secret", notJWT},
		"two parts":                    {parts[0] + "." + parts[1], notJWT},
		"unsigned":                     {encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", notJWT},
		"signed by the public key":     {sign(t, jose.HS256, public, "rsa", i.claims(nil)), notJWT},
		"encrypted":                    {encrypted, notJWT},
		"too long":                     {i.token(t, said{"x": strings.Repeat("x", 16<<10)}), "the token is longer than 16 KB"},
		"another payload":              {parts[0] + "." + encode(bytes.Replace(decoded(t, parts[1]), []byte("ada"), []byte("bob"), 1)) + "." + parts[2], signature},
		"another signature":            {parts[0] + "." + parts[1] + "." + encode(make([]byte, 256)), signature},
		"no signature":                 {parts[0] + "." + parts[1] + ".", signature},
		"another's key, our id":        {sign(t, jose.ES256, otherKey(), "ec", i.claims(nil)), signature},
		"the key of another algorithm": {sign(t, jose.ES256, ecKey(), "edwards", i.claims(nil)), signature},
		"a key in another algorithm":   {sign(t, jose.PS256, rsaKey(), "rs alone", i.claims(nil)), signature},
		"an unknown key":               {sign(t, jose.ES256, otherKey(), "other", i.claims(nil)), "the token is signed by a key that the issuer does not publish"},
		"critical":                     {sign(t, jose.RS256, rsaKey(), "rsa", i.claims(nil), "crit", []string{"exp"}, "exp", 1), "the token insists on what is not known here"},
		"for logging out":              {sign(t, jose.RS256, rsaKey(), "rsa", i.claims(nil), "typ", "logout+jwt"), "the token is of a kind that is not taken"},
		"another issuer":               {i.token(t, said{"iss": "https://example.com"}), "the token is of an issuer whose tokens are not taken"},
		"no issuer":                    {i.token(t, said{"iss": nil}), "the token is of an issuer whose tokens are not taken"},
		"another audience":             {i.token(t, said{"aud": "account"}), "the token is made for another audience"},
		"no audience":                  {i.token(t, said{"aud": nil}), "the token is made for another audience"},
		"no audience, but a client":    {i.token(t, said{"aud": nil, "client_id": "cairn"}), "the token is made for another audience"},
		"expired":                      {i.token(t, said{"exp": time.Now().Add(-61 * time.Second).Unix()}), "the token has expired"},
		"never expires":                {i.token(t, said{"exp": nil}), "the token never expires"},
		"not yet":                      {i.token(t, said{"nbf": time.Now().Add(70 * time.Second).Unix()}), "the token is not good yet"},
		"from the future":              {i.token(t, said{"iat": time.Now().Add(70 * time.Second).Unix()}), "the token is not good yet"},
		"nobody's":                     {i.token(t, said{"sub": nil, "azp": nil}), "the token names neither a subject nor a client"},
		"claims that are none":         {i.token(t, said{"exp": "tomorrow"}), "the token's claims cannot be read"},
	} {
		var refused *auth.BadToken
		if p, err := bearer(t, v, x.token); !errors.As(err, &refused) || refused.Why != x.why || !sayable.MatchString(refused.Why) {
			t.Errorf("%s: %+v, %v; want %q", name, p, err, x.why)
		}
	}
}

func decoded(t *testing.T, part string) []byte {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTwoIssuersWithTheSameKeyID(t *testing.T) {
	one, two := newIssuer(t), newIssuer(t)
	two.set(func(i *issuer) { i.keys = nil })
	two.publish("rsa", otherKey().Public(), "")
	v := oidc.New([]oidc.Issuer{{URL: one.url, Audiences: []string{"cairn"}}, {URL: two.url, Audiences: []string{"cairn"}}}, http.DefaultClient)
	if _, err := bearer(t, v, one.token(t, nil)); err != nil {
		t.Error(err)
	}
	if _, err := bearer(t, v, sign(t, jose.ES256, otherKey(), "rsa", two.claims(nil))); err != nil {
		t.Error(err)
	}
	for _, token := range []string{sign(t, jose.ES256, otherKey(), "rsa", one.claims(nil)), two.token(t, nil)} {
		if p, err := bearer(t, v, token); err == nil {
			t.Errorf("one issuer's key signs for the other: %+v", p)
		}
	}
}

func FuzzBearer(f *testing.F) {
	i := newIssuer(f)
	v := i.verifier()
	f.Add(i.token(f, nil))
	f.Add("a.b.c")
	f.Add(`{"payload":"e30","signatures":[{},{}]}`)
	f.Fuzz(func(t *testing.T, token string) {
		p, err := bearer(t, v, token)
		if err == nil && !p.WriteStatements() {
			t.Errorf("%q is taken as %+v", token, p)
		}
	})
}
