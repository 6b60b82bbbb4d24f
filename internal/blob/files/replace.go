package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

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
	before, stands, err := s.Read(ctx, key)
	if err != nil && !errors.Is(err, blob.ErrAbsent) {
		return err
	}
	if stands != version {
		return blob.ErrChanged
	}
	if version != "" && bytes.Equal(before, body) {
		return nil
	}
	unnamed, err := s.write(body)
	if err != nil {
		return fault(err)
	}
	defer os.Remove(unnamed)
	path := s.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault(err)
	}
	if err := os.Rename(unnamed, path); err != nil {
		return fault(err)
	}
	return s.syncAbove(path)
}
