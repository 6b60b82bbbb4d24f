package export

import (
	"testing"

	"cairn/internal/table"
)

// Whatever comes late, is voided before or after, or runs with nothing to do: the files have each statement once, as the log has it.
func TestFilesAreWhatTheLogSays(t *testing.T) {
	for seed := range uint64(4) {
		w := newWorld(t, seed)
		x := w.exporter(w.store, w.out)
		for round := range 6 {
			for range w.random.IntN(6) {
				w.append(1 + w.random.IntN(12))
			}
			if round%2 == 0 {
				x = w.exporter(w.store, w.out) // another process
			}
			w.run(t.Context(), x)
			w.agrees("after a run")
		}
		if n := len(published(w, &table.StatementKind)); n != w.made {
			t.Errorf("%d rows of %d statements", n, w.made)
		}
		staged, err := w.out.List(t.Context(), stagedFolder, "", 10)
		if err != nil || len(staged) > 0 {
			t.Errorf("what is merged still stands: %v, %v", staged, err)
		}
	}
}
