package lrs

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cairn/internal/xapi"
)

const unsigned = `{"id":"8f87ccde-bb56-4c2e-ab83-44982ef22df0","actor":{"mbox":"mailto:a@example.org"},` +
	`"verb":{"id":"https://example.org/v"},` +
	`"object":{"id":"https://example.org/o"},"result":{"duration":"PT1.129S"}}`

// signer is a key with its certificate.
type signer struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// newSigner makes a key and a certificate for it that issuer signs, or the key itself when issuer is nil. It expired long ago.
func newSigner(t *testing.T, name string, issuer *signer) *signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := &signer{key: key}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(2013, 4, 4, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2014, 4, 4, 0, 0, 0, 0, time.UTC),
	}
	if issuer == nil {
		issuer = &signer{key, template}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, &key.PublicKey, issuer.key)
	if err != nil {
		t.Fatal(err)
	}
	if s.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return s
}

// sign makes a JWS; x5c is left out when there are no certificates.
func (s *signer) sign(t *testing.T, algorithm jose.SignatureAlgorithm, payload string, x5c ...any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if len(x5c) > 0 {
		options = options.WithHeader("x5c", x5c)
	}
	var key any = s.key
	if algorithm == jose.HS256 {
		key = []byte("0123456789abcdef0123456789abcdef")
	}
	joseSigner, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := joseSigner.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return jws
}

// withSignature is the statement with the attachment of the signature, after another one of the same usage.
func withSignature(t *testing.T, statement, jws string) *xapi.Statement {
	t.Helper()
	sum := sha256.Sum256([]byte(jws))
	attachment := `{"usageType":"http://adlnet.gov/expapi/attachments/signature","display":{"en":"signature"},` +
		`"contentType":"application/octet-stream","length":%d,"sha2":"%s"}`
	list := fmt.Sprintf(attachment, 1, strings.Repeat("ab", 32)) + "," + fmt.Sprintf(attachment, len(jws),
		hex.EncodeToString(sum[:]))
	statements, _, err := xapi.Decode([]byte(strings.TrimSuffix(statement, "}")+`,"attachments":[`+list+`]}`), xapi.V1)
	if err != nil {
		t.Fatal(err)
	}
	return statements[0]
}

func TestSignatures(t *testing.T) {
	root := newSigner(t, "root", nil)
	ana := newSigner(t, "ana", root)
	ben := newSigner(t, "ben", nil)
	for _, c := range []struct{ name, jws, says string }{
		{"RS256", ana.sign(t, jose.RS256, unsigned), ""},
		{"RS384", ana.sign(t, jose.RS384, unsigned), ""},
		{"RS512", ana.sign(t, jose.RS512, unsigned), ""},
		{"another spelling of the statement", ana.sign(t, jose.RS256, strings.Replace(unsigned, "1.129S", "1.12S", 1)+"\n"),
			""},
		{"the certificate of the key", ben.sign(t, jose.RS256, unsigned, ben.certificate.Raw), ""},
		{"a chain, long expired", ana.sign(t, jose.RS512, unsigned, ana.certificate.Raw, root.certificate.Raw), ""},
		{"HS256", ana.sign(t, jose.HS256, unsigned), "RS256"},
		{"PS256", ana.sign(t, jose.PS256, unsigned), "RS256"},
		{"no JWS", "signature", "no JWS"},
		{"two parts", "e30.e30", "no JWS"},
		{"nothing", "", "no JWS"},
		{"a payload that is not JSON", ana.sign(t, jose.RS256, "'"+unsigned), "no statement"},
		{"a payload that is no statement", ana.sign(t, jose.RS256, `{"actor":{}}`), "no statement"},
		{"a payload of a list", ana.sign(t, jose.RS256, "["+unsigned+"]"), "not this statement"},
		{"a payload of another statement", ana.sign(t, jose.RS256, strings.Replace(unsigned, "/v", "/w", 1)),
			"not this statement"},
		{"a payload with another id", ana.sign(t, jose.RS256, strings.Replace(unsigned, "8f87", "8f88", 1)),
			"not this statement"},
		{"somebody else's certificate", ana.sign(t, jose.RS256, unsigned, ben.certificate.Raw), "not made with the key"},
		{"the chain in the wrong order", ana.sign(t, jose.RS256, unsigned, root.certificate.Raw, ana.certificate.Raw),
			"no chain"},
		{"a chain with a stranger", ana.sign(t, jose.RS256, unsigned, ana.certificate.Raw, ben.certificate.Raw), "no chain"},
		{"a broken certificate", ana.sign(t, jose.RS256, unsigned, ana.certificate.Raw[:100]), "certificate"},
		{"a certificate that is no base64", ana.sign(t, jose.RS256, unsigned, "?"), "certificate"},
		{"a signature of which a byte is changed", tampered(ben.sign(t, jose.RS256, unsigned, ben.certificate.Raw)),
			"not made with the key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := verifySignature(withSignature(t, unsigned, c.jws), []byte(c.jws))
			if c.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var problem *xapi.Problem
			if !errors.As(err, &problem) || !strings.Contains(problem.Message, c.says) || problem.Pointer != "/attachments/1" {
				t.Errorf("got %v, want a Problem at /attachments/1 that says %q", err, c.says)
			}
		})
	}
}

// tampered changes a character in the middle of the last part of a JWS.
func tampered(jws string) string {
	at := strings.LastIndexByte(jws, '.') + 100
	other := "A"
	if jws[at] == 'A' {
		other = "B"
	}
	return jws[:at] + other + jws[at+1:]
}

func TestManyCertificatesAreRefused(t *testing.T) {
	ben := newSigner(t, "ben", nil)
	var chain []any
	for range maxCertificates + 1 {
		chain = append(chain, ben.certificate.Raw)
	}
	jws := ben.sign(t, jose.RS256, unsigned, chain...)
	if err := verifySignature(withSignature(t, unsigned, jws), []byte(jws)); err == nil {
		t.Error("taken")
	}
}
