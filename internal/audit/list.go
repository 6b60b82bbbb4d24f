package audit

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// MaxPage is how many records a page holds at most.
const MaxPage = 1000

// maxMonths is how many months are looked through for one page.
const maxMonths = 12

// ErrMore: what says where a list goes on was not made by List.
var ErrMore = errors.New("audit: not a place in the trail")

// List returns the records with since <= at < until, the newest first, at most limit of them, and where the list goes on, "" at its
// end. A page may hold fewer, even none, though more follow. The error is ErrMore, or a fault of the storage.
func (t *Trail) List(ctx context.Context, since, until time.Time, more string, limit int) (list []Record, next string, err error) {
	from, to := sortOf(since), sortOf(until)
	if more != "" {
		if to, err = parsePlace(more); err != nil {
			return nil, "", err
		}
	}
	limit = min(limit, MaxPage)
	for range maxMonths {
		if bytes.Compare(from, to) >= 0 {
			return list, "", nil
		}
		month := monthBelow(to)
		span := &kv.Span{Table: kv.Control, Partition: partitionOf(month), From: from, To: to, Descending: true, Strength: kv.Strong}
		for span != nil {
			span.Limit = limit - len(list)
			page, err := t.store.Query(ctx, *span)
			if err != nil {
				return nil, "", fmt.Errorf("reading the audit trail: %w", err)
			}
			for _, item := range page.Items {
				var r Record
				if err := json.Unmarshal(item.Value, &r); err != nil {
					return nil, "", fmt.Errorf("a record of the audit trail cannot be read: %w", err)
				}
				list, to = append(list, r), item.Sort
			}
			if len(list) >= limit {
				return list, place(to), nil
			}
			span = page.Next
		}
		to = sortOf(month)
	}
	return list, place(to), nil
}

// monthBelow is the start of the month of the last record that may stand below a key.
func monthBelow(key []byte) time.Time {
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(key))).UTC()
	if len(key) == instantSize { // it stands before all records of its instant
		at = at.Add(-time.Microsecond)
	}
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func place(key []byte) string { return base64.RawURLEncoding.EncodeToString(key) }

func parsePlace(more string) ([]byte, error) {
	key, err := base64.RawURLEncoding.DecodeString(more)
	if err != nil || len(key) != instantSize && len(key) != instantSize+chanceSize {
		return nil, ErrMore
	}
	return key, nil
}
