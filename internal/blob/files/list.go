package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List implements blob.Store.
func (s *Store) List(ctx context.Context, prefix, after string, limit int) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, fault(err)
	}
	l := listing{ctx: ctx, dir: s.dir, prefix: prefix, after: after, limit: limit}
	if err := l.walk(""); err != nil {
		return nil, fault(err)
	}
	return l.keys, nil
}

type listing struct {
	ctx           context.Context
	dir           string
	prefix, after string
	limit         int
	keys          []string
}

// walk adds the keys below a folder, whose own name ends in a slash, in the order of their bytes.
func (l *listing) walk(folder string) error {
	names, err := l.names(folder)
	if err != nil {
		return err
	}
	for _, name := range names {
		key := folder + name
		if len(l.keys) >= l.limit {
			return nil
		}
		isFolder := strings.HasSuffix(key, "/")
		switch {
		case isFolder && l.mayHold(key):
			if err := l.walk(key); err != nil {
				return err
			}
		case !isFolder && strings.HasPrefix(key, l.prefix) && key > l.after:
			l.keys = append(l.keys, key)
		}
	}
	return l.ctx.Err()
}

// mayHold says whether keys that are wanted can begin with folder.
func (l *listing) mayHold(folder string) bool {
	inPrefix := strings.HasPrefix(folder, l.prefix) || strings.HasPrefix(l.prefix, folder)
	return inPrefix && (folder > l.after || strings.HasPrefix(l.after, folder))
}

// names lists a folder. A folder's name is sorted with its slash, as its keys are: "a-b" comes before "a/b".
func (l *listing) names(folder string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(l.dir, filepath.FromSlash(folder)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		switch {
		case folder == "" && e.Name() == newFolder:
		case e.IsDir():
			names = append(names, e.Name()+"/")
		default:
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}
