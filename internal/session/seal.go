package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// sealer writes what only this stack can read, and nobody else can make. What is sealed for one purpose is good for no other.
type sealer struct{ aead cipher.AEAD }

func newSealer(secret []byte) (s sealer, err error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "cairn dashboard sessions", 32)
	if err != nil {
		return s, fmt.Errorf("the key of sessions: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return s, fmt.Errorf("the key of sessions: %w", err)
	}
	s.aead, err = cipher.NewGCMWithRandomNonce(block)
	return s, err
}

func (s sealer) seal(purpose string, text []byte) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, text, []byte(purpose)))
}

func (s sealer) open(purpose, sealed string) (text []byte, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return nil, false
	}
	text, err = s.aead.Open(nil, nil, raw, []byte(purpose))
	return text, err == nil
}
