package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"

	"cairn/internal/blob"
)

var _ blob.Versions = (*Store)(nil)

// Read implements blob.Versions: a version is the body's SHA-256.
func (s *Store) Read(ctx context.Context, key string) (body []byte, version string, err error) {
	if body, err = s.Get(ctx, key); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(body)
	return body, hex.EncodeToString(sum[:]), nil
}

// Replace implements blob.Versions. The folder is one process's, so a lock of its own is enough.
func (s *Store) Replace(ctx context.Context, key string, body []byte, version string) error {
	s.replacing.Lock()
	defer s.replacing.Unlock()
	_, stands, err := s.Read(ctx, key)
	if err != nil && !errors.Is(err, blob.ErrAbsent) {
		return err
	}
	if stands != version {
		return blob.ErrChanged
	}
	return s.place(key, body, os.Rename)
}
