// Package exports puts the export function together. It stands apart, because what writes files is large, and the functions that serve must not link it.
package exports

import (
	"fmt"
	"time"

	"cairn/internal/blob"
	"cairn/internal/config"
	"cairn/internal/export"
	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// aDay is how old the snapshot of the reports gets, and how long files stay that a query may still be reading.
const aDay = 24 * time.Hour

// New is the export function over an open ledger, to the bucket of its settings.
func New(store kv.Store, out blob.Versions, l *ledger.Ledger, c config.Export) (*export.Exporter, error) {
	raw, err := export.ParseRaw(c.Raw)
	if err != nil {
		return nil, fmt.Errorf("RAW: %w", err)
	}
	return export.New(store, store, l, out, export.Settings{Address: "s3://" + c.Bucket + "/", Raw: raw, SnapshotAfter: aDay, KeepFor: aDay}), nil
}
