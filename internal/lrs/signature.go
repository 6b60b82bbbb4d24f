package lrs

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"cairn/internal/xapi"
)

const signatureRule = "xAPI 1.0.3 Data 2.6"

// signatureAlgorithms are the only ones that a signature may use.
var signatureAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}

// Bounds on the certificates of a signature, so that checking it stays cheap.
const (
	maxCertificates = 8
	maxKeyBits      = 8192
)

// verifySignature checks the signature of a statement, a JWS in compact form: it must use RSA, hold the statement as it was before
// the signature was added, and fit the certificate that it names, if it names one (xAPI 1.0.3 Data 2.6). Whom the
// certificate belongs to and whether it has expired is not asked: the check finds mistakes and is no proof of who signed.
// The error is a *xapi.Problem.
func verifySignature(st *xapi.Statement, jws []byte) error {
	signed, err := jose.ParseSignedCompact(string(jws), signatureAlgorithms)
	if err != nil {
		return badSignature(st, jws, "it is no JWS in compact form with RS256, RS384 or RS512 and sound certificates")
	}
	payload, single, err := xapi.Decode(signed.UnsafePayloadWithoutVerification(), xapi.V2)
	if err != nil {
		return badSignature(st, jws, "what is signed is no statement: "+err.Error())
	}
	if !single || !st.SignedAs(payload[0]) {
		return badSignature(st, jws, "what is signed is not this statement")
	}
	chain, err := certificates(jws)
	if err != nil {
		return badSignature(st, jws, err.Error())
	}
	if len(chain) == 0 {
		return nil
	}
	if _, err := signed.Verify(chain[0].PublicKey); err != nil {
		return badSignature(st, jws, "it was not made with the key of its first certificate")
	}
	return nil
}

// certificates are those in the x5c header of a JWS, the signer's first, none when there is no such header. Each must have been
// issued by the one after it (RFC 7515 4.1.6).
func certificates(jws []byte) ([]*x509.Certificate, error) {
	var header struct {
		X5C [][]byte `json:"x5c"`
	}
	encoded, _, _ := bytes.Cut(jws, []byte("."))
	decoded, err := base64.RawURLEncoding.DecodeString(string(encoded))
	if err != nil || json.Unmarshal(decoded, &header) != nil {
		return nil, errors.New("its header cannot be read")
	}
	if len(header.X5C) > maxCertificates {
		return nil, errors.New("it has more than 8 certificates")
	}
	var chain []*x509.Certificate
	for _, der := range header.X5C {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, errors.New("one of its certificates cannot be read")
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxKeyBits {
			return nil, errors.New("the key of one of its certificates is longer than 8192 bits")
		}
		chain = append(chain, certificate)
	}
	for i := 1; i < len(chain); i++ {
		if !issued(chain[i], chain[i-1]) {
			return nil, errors.New("its certificates are no chain: one was not issued by the one after it")
		}
	}
	return chain, nil
}

// issued says whether parent issued child. Of hashes that Go no longer checks (SHA-1) the names must do.
func issued(parent, child *x509.Certificate) bool {
	if !bytes.Equal(child.RawIssuer, parent.RawSubject) {
		return false
	}
	err := parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature)
	var insecure x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &insecure)
}

// badSignature is the Problem of a signature, at its attachment.
func badSignature(st *xapi.Statement, jws []byte, reason string) error {
	p := &xapi.Problem{Rule: signatureRule, Message: "the signature is not right: " + reason}
	for _, a := range st.Attachments() {
		if a.UsageType == xapi.UsageSignature && (p.Pointer == "" || strings.EqualFold(a.SHA2, sha2(jws, len(a.SHA2)))) {
			p.Pointer = a.Pointer
		}
	}
	return p
}
