package table

import (
	"testing"
	"time"
)

// Each row has a partition that readers look for: from the first day until tomorrow.
func TestADayIsOneThatReadersLookFor(t *testing.T) {
	at := func(day string) int64 {
		parsed, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return parsed.UnixMicro()
	}
	for _, x := range []struct{ occurred, stored, want string }{
		{"2026-01-05", "2026-01-05", "2026-01-05"},
		{"2025-12-31", "2026-01-05", "2025-12-31"},
		{"2026-01-06", "2026-01-05", "2026-01-06"},
		{"2026-01-07", "2026-01-05", "2026-01-06"},
		{"9999-12-31", "2026-01-05", "2026-01-06"},
		{"2010-01-01", "2026-01-05", "2010-01-01"},
		{"2009-12-31", "2026-01-05", "2010-01-01"},
		{"1969-07-20", "2026-01-05", "2010-01-01"},
	} {
		if got := StatementKind.Day(&Statement{Occurred: at(x.occurred), Stored: at(x.stored)}).String(); got != x.want {
			t.Errorf("what happened on %s and was stored on %s stands in %s, want %s", x.occurred, x.stored, got, x.want)
		}
	}
}
