package projection

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// check holds the rows and the checkpoint against the log.
func (s *stage) check(ends []kvtest.Outcome) error {
	for i, end := range ends {
		if end.Ended && end.Err != nil && !errors.Is(end.Err, kv.ErrUnavailable) {
			return fmt.Errorf("%c: %w", 'A'+i, end.Err)
		}
	}
	cp, err := Read(context.Background(), s.store, recorded, firstGeneration)
	if err != nil {
		return err
	}
	if cp.Through < s.through {
		return errors.New("the checkpoint fell")
	}
	s.through = cp.Through
	applied, err := s.applied()
	if err != nil {
		return err
	}
	named := s.late == nil || s.healed || ends[len(ends)-1].Ended && ends[len(ends)-1].Err == nil
	if err := s.checkCovered(cp, applied, named); err != nil || !s.healed {
		return err
	}
	if len(cp.Pending) > 0 || cp.Work != nil {
		return errors.New("something is left to do")
	}
	if rows := rowsOf(s.store); s.rows != nil && !maps.Equal(rows, s.rows) {
		return fmt.Errorf("the rows are not those of an undisturbed run: %q, want %q", rows, s.rows)
	}
	return nil
}

// checkCovered: every statement is applied, or the tail of the projection has it.
func (s *stage) checkCovered(cp Checkpoint, applied map[string]bool, named bool) error {
	log, err := s.log()
	if err != nil {
		return err
	}
	late := map[ledger.EntryRef]bool{}
	for _, item := range s.late {
		ref, _ := ledger.HeadOf(item.Key)
		late[ref] = true
	}
	for _, r := range log {
		covered := applied[string(r.Text)] || !s.healed && r.Stored() >= cp.Through || !named && late[r.EntryRef]
		if !covered && !slices.Contains(cp.PendingEntries(), r.EntryRef) {
			return fmt.Errorf("a statement is neither applied nor in the tail: %s", r.Text)
		}
	}
	return nil
}

// log reads the log once for each number of entries that it comes to have.
func (s *stage) log() ([]ledger.Record, error) {
	entries := len(s.store.Items(kv.Log))
	if records, ok := s.logs[entries]; ok {
		return records, nil
	}
	l, err := ledger.Open(context.Background(), s.store, ledger.Options{})
	if err != nil {
		return nil, err
	}
	scan := l.Scan(ledger.Span{To: math.MaxInt64}, 0)
	for {
		r, more, err := scan.Next(context.Background())
		if err != nil || !more {
			return s.logs[entries], err
		}
		s.logs[entries] = append(s.logs[entries], r)
	}
}

// applied tells which statements have rows, and sees to it that no ranges overlap and none holds a statement of another.
func (s *stage) applied() (map[string]bool, error) {
	out, first := map[string]bool{}, map[string]bool{}
	var from, to ledger.Instant
	for _, item := range s.store.Items(kv.Index) {
		text := string(item.Value[8:])
		out[text] = true
		if string(item.Partition) != "first" {
			continue
		}
		if first[text] {
			return nil, fmt.Errorf("a statement is in two ranges: %s", text)
		}
		first[text] = true
		begins, ends := ledger.Instant(binary.BigEndian.Uint64(item.Value)), ledger.Instant(binary.BigEndian.Uint64(item.Sort))
		if begins < to && (begins != from || ends != to) {
			return nil, errors.New("ranges overlap")
		}
		from, to = begins, ends
	}
	return out, nil
}

func rowsOf(m *kvtest.Memory) map[string]string {
	out := map[string]string{}
	for _, item := range m.Items(kv.Index) {
		out[fmt.Sprintf("%s %x", item.Partition, item.Sort)] = string(item.Value)
	}
	return out
}
