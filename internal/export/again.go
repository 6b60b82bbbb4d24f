package export

import (
	"context"
	"fmt"
	"time"

	"cairn/internal/ledger"
)

// Bounds of what is staged together when a span is read again: statements, and bytes of them.
const (
	againAtOnce = 20_000
	againBytes  = 32 << 20
)

// again exports once more what was stored in a span: for what was lost of the files, or as columns come to have more in them. What stands there
// already is merged with what is read.
func (x *Exporter) again(ctx context.Context, from, to time.Time) error {
	span := ledger.Span{From: ledger.At(from), To: min(ledger.At(to), x.ledger.Horizon())}
	scan, s := x.ledger.Scan(span, 0), x.runner.Projection.(*stager)
	for more := true; more; {
		var batch []ledger.Record
		for bytes := 0; len(batch) < againAtOnce && bytes < x.againBytes && more; {
			var r ledger.Record
			var err error
			if r, more, err = scan.Next(ctx); err != nil {
				return err
			}
			if more {
				batch, bytes = append(batch, r), bytes+len(r.Text)
			}
		}
		if err := s.room(ctx); err != nil {
			return err
		}
		read, err := s.read(ctx, batch)
		if err != nil {
			return err
		}
		if err := s.stage(ctx, read); err != nil {
			return err
		}
		if more && !x.inTime(ctx) {
			return fmt.Errorf("the time did not suffice: ask again, from %s on", batch[len(batch)-1].Stored().Time().Format(time.RFC3339Nano))
		}
	}
	return nil
}
