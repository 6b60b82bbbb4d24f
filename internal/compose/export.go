package compose

import (
	"context"
	"encoding/json"

	"cairn/internal/blob"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/telemetry"
)

// exportName is what the projection is called that writes exports.
const exportName = "export"

// Export is the export function over an open ledger, and the objects that it writes.
func Export(store kv.Store, out blob.Versions, l *ledger.Ledger, c config.Export) *Exporter {
	return &Exporter{store: store, ledger: l}
}

// Exporter writes nothing yet: it tells how far behind an export is.
type Exporter struct {
	store  kv.Store
	ledger *ledger.Ledger
}

// Handle answers an invocation of the export function.
func (e *Exporter) Handle(ctx context.Context, _ json.RawMessage) error {
	return telemetry.Do(ctx, exportName, func(ctx context.Context) error {
		cp, err := projection.Read(ctx, e.store, exportName, 1)
		if err != nil {
			return err
		}
		lag, err := projection.Lag(ctx, e.ledger, cp)
		if err != nil {
			return err
		}
		telemetry.Progress(ctx, exportName, telemetry.IndexLag, lag.Seconds())
		return nil
	})
}
