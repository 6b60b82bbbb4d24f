package projection

import (
	"context"
	"time"

	"cairn/internal/ledger"
)

// Lag is how long the oldest statement that a checkpoint has not passed has been waiting behind the horizon; 0 when none is.
func Lag(ctx context.Context, l *ledger.Ledger, cp Checkpoint) (time.Duration, error) {
	horizon := l.Horizon()
	if cp.Through >= horizon {
		return 0, nil
	}
	first, ok, err := l.Scan(ledger.Span{From: cp.Through, To: horizon}, 1).Next(ctx)
	if err != nil || !ok {
		return 0, err
	}
	return time.Duration(horizon-first.Stored()) * time.Microsecond, nil
}
