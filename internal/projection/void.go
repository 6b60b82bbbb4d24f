package projection

import (
	"context"
	"errors"

	"cairn/internal/ledger"
)

// Void marks what statements of a range void, for the writer that died between its commit and its marks. by are the entries of the voiding
// statements, one for each. It comes before a projection writes anything: an entry that cannot be applied must leave no row.
func Void(ctx context.Context, l *ledger.Ledger, voidings []ledger.Voiding, by []ledger.EntryRef) error {
	err := l.Void(ctx, voidings...)
	if !errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	for i, v := range voidings { // whose target it is
		if err := l.Void(ctx, v); errors.Is(err, ledger.ErrDamaged) {
			return &EntryError{Entry: by[i], Err: err} // until the target is mended
		} else if err != nil {
			return err
		}
	}
	return nil
}
