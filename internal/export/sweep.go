package export

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"cairn/internal/ledger"
	"cairn/internal/table"
)

// sweep deletes files that no manifest names any more, and that nobody can be reading: what was written anew, and what a crash left.
func (x *Exporter) sweep(ctx context.Context) error {
	before := x.ledger.Now() - ledger.Instant(x.settings.KeepFor/time.Microsecond)
	for _, t := range table.All {
		j, err := x.job(ctx, t.Name)
		if err != nil {
			return err
		}
		if err := x.sweepTable(ctx, t.Name+"/", before, j.Files); err != nil {
			return fmt.Errorf("deleting files that nobody names: %w", err)
		}
	}
	return nil
}

func (x *Exporter) sweepTable(ctx context.Context, prefix string, before ledger.Instant, busy []string) error {
	named := map[string]bool{} // the files of one partition, and those that are on their way
	for _, key := range busy {
		named[key] = true
	}
	var last string
	for of := partition(""); ; {
		keys, err := x.out.List(ctx, prefix, last, 1000)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			last = key
			if !olderThan(key, before) {
				continue
			}
			if p := partition(path.Dir(key)); p != of {
				of = p
				files, _, err := x.files(ctx, p)
				if err != nil {
					return err
				}
				for _, file := range files {
					named[file] = true
				}
			}
			if !named[key] {
				if err := x.out.Delete(ctx, key); err != nil {
					return err
				}
			}
		}
	}
}

// olderThan says whether a file got its name before an instant.
func olderThan(key string, before ledger.Instant) bool {
	at, _, _ := strings.Cut(path.Base(key), "-")
	named, err := strconv.ParseInt(at, 16, 64)
	return err == nil && ledger.Instant(named) < before
}
