package blob

import (
	"errors"
	"fmt"
	"strings"
)

// ErrKey: a string is not a key. Adapters refuse it before they touch the storage.
var ErrKey = errors.New("blob: not a key")

// Bounds that adapters keep, in bytes. A file system holds no longer names.
const (
	MaxKey     = 512
	MaxSegment = 255
)

// CheckKey says whether a string is a key; the error wraps ErrKey.
func CheckKey(key string) error {
	if len(key) > MaxKey {
		return fmt.Errorf("%w: %d bytes", ErrKey, len(key))
	}
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment == "." || segment == ".." || len(segment) > MaxSegment {
			return fmt.Errorf("%w: %q has a segment that cannot be", ErrKey, key)
		}
	}
	if strings.ContainsFunc(key, func(r rune) bool { return !inKey(r) }) {
		return fmt.Errorf("%w: %q has a character that cannot be", ErrKey, key)
	}
	return nil
}

func inKey(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._=-/", r)
}
