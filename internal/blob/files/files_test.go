package files

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
)

func TestContract(t *testing.T) {
	for name, o := range map[string]Options{"synced": {}, "not synced": {NoSync: true}} {
		t.Run(name, func(t *testing.T) {
			blobtest.Run(t, func(t *testing.T) blob.Versions {
				s, err := Open(filepath.Join(t.TempDir(), "new", "folder"), o)
				if err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func TestOpenFindsWhatWasPutAndRemovesWhatACrashLeft(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := Open("./blobs/", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutIfAbsent(t.Context(), "a/b", []byte("body")); err != nil {
		t.Fatal(err)
	}
	left, fresh := filepath.Join("blobs", newFolder, "1"), filepath.Join("blobs", newFolder, "2")
	for _, path := range []string{left, fresh} {
		if err := os.WriteFile(path, []byte("half a bo"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(left, time.Time{}, time.Now().Add(-2*leftAfter)); err != nil {
		t.Fatal(err)
	}
	if s, err = Open("blobs", Options{}); err != nil {
		t.Fatal(err)
	}
	if body, err := s.Get(t.Context(), "a/b"); err != nil || string(body) != "body" {
		t.Errorf("get: %q, %v", body, err)
	}
	if keys, err := s.List(t.Context(), "", "", 10); err != nil || len(keys) != 1 {
		t.Errorf("list: %q, %v", keys, err)
	}
	remaining, err := os.ReadDir(filepath.Join("blobs", newFolder))
	if err != nil || len(remaining) != 1 || remaining[0].Name() != "2" {
		t.Errorf("left: %v, %v", remaining, err)
	}
}
