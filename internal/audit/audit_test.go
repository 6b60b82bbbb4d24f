package audit_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"cairn/internal/audit"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// fill writes a record at each of the times, in their order, whose detail is its number.
func fill(t *testing.T, store kv.Store, times ...time.Time) {
	t.Helper()
	for i, at := range times {
		trail := audit.New(store, func() time.Time { return at })
		if err := trail.Write(t.Context(), audit.Record{By: "ada", Action: "look", Detail: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
}

// all follows a list to its end.
func all(t *testing.T, trail *audit.Trail, since, until time.Time, limit int) (list []audit.Record, pages int) {
	t.Helper()
	for more := ""; ; {
		page, next, err := trail.List(t.Context(), since, until, more, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit {
			t.Fatalf("a page of %d records, where %d were asked for", len(page), limit)
		}
		list, pages = append(list, page...), pages+1
		if next == "" {
			return list, pages
		}
		more = next
	}
}

func TestTheNewestComeFirstAcrossMonthsAndPages(t *testing.T) {
	store, turn := kvtest.NewMemory(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	times := []time.Time{
		turn.AddDate(-3, 0, 0), turn.AddDate(0, -1, 0), turn.Add(-time.Microsecond), turn, turn, turn, turn.Add(time.Microsecond), turn.AddDate(0, 2, 5),
	}
	fill(t, store, times...)
	trail := audit.New(store, time.Now)
	for _, limit := range []int{1, 2, 3, audit.MaxPage} {
		list, _ := all(t, trail, turn.AddDate(-4, 0, 0), turn.AddDate(1, 0, 0), limit)
		if len(list) != len(times) {
			t.Fatalf("pages of %d: %d of %d records", limit, len(list), len(times))
		}
		seen := map[string]bool{}
		for i, r := range list {
			if seen[r.Detail] || i > 0 && r.At.After(list[i-1].At) {
				t.Errorf("pages of %d: record %s, of %v, comes after one of %v, or twice", limit, r.Detail, r.At, list[max(i-1, 0)].At)
			}
			seen[r.Detail] = true
		}
	}
}

func TestSinceAndUntil(t *testing.T) {
	store, turn := kvtest.NewMemory(), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	fill(t, store, turn.Add(-time.Microsecond), turn, turn.Add(time.Hour), turn.Add(2*time.Hour))
	list, _ := all(t, audit.New(store, time.Now), turn, turn.Add(2*time.Hour), 10)
	if len(list) != 2 || list[0].Detail != "2" || list[1].Detail != "1" {
		t.Errorf("since is included and until is not: %v", list)
	}
}

func TestAWriteThatFailsSaysSo(t *testing.T) {
	for _, effect := range []kvtest.Effect{kvtest.None, kvtest.Whole} {
		failing := kvtest.Fail(kvtest.NewMemory(), kvtest.Plan{Nth: 1, Effect: effect})
		err := audit.New(failing, time.Now).Write(t.Context(), audit.Record{Action: "look"})
		if !errors.Is(err, kv.ErrUnavailable) {
			t.Errorf("written: %v", err)
		}
	}
}

func TestAPlaceThatNoListGave(t *testing.T) {
	for _, more := range []string{"!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, _, err := audit.New(kvtest.NewMemory(), time.Now).List(t.Context(), time.Time{}, time.Now(), more, 1); !errors.Is(err, audit.ErrMore) {
			t.Errorf("%q: %v", more, err)
		}
	}
}
