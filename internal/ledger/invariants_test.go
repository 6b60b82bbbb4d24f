package ledger

import (
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// logged is a statement of a committed entry.
type logged struct {
	Record
	ID   uuid.UUID `json:"id"`
	Said string    `json:"said"`
	out  bool
}

// log reads every committed entry off the store, what it left out too.
func (s *stage) log() (all []logged, err error) {
	for _, item := range s.store.Items(kv.Log) {
		ref, isHead := HeadOf(item.Key)
		h, err := decodeHead(item.Value)
		if !isHead || err != nil || h.fence {
			continue
		}
		e := &Entry{EntryRef: ref, head: h}
		whole := *h
		whole.out = nil
		l := s.ledger(s.store, 0)
		if err := l.fill(context.Background(), e); err != nil {
			return nil, err
		}
		records, err := l.Records(&Entry{EntryRef: ref, head: &whole, parts: e.parts})
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			st := logged{Record: r, out: h.out.has(r.Ordinal)}
			if err := json.Unmarshal(r.Text, &st); err != nil {
				return nil, err
			}
			all = append(all, st)
		}
	}
	return all, nil
}

// check is protocol_model's list of what must hold in every state.
func (s *stage) check(ends []kvtest.Outcome) error {
	all, err := s.log()
	if err != nil {
		return err
	}
	stored := map[uuid.UUID]logged{}
	var ids []uuid.UUID
	for _, st := range all {
		if _, twice := stored[st.ID]; twice && !st.out {
			return fmt.Errorf("a statement stands in the log twice: %s", st.Said)
		}
		if !st.out {
			stored[st.ID] = st
		}
		ids = append(ids, st.ID)
	}
	if err := s.checkVisible(all, stored, ids); err != nil {
		return err
	}
	for i, end := range ends {
		if err, ok := s.healed[i]; ok {
			end = kvtest.Outcome{Ended: true, Err: err}
		}
		if end.Ended {
			if err := s.checkEnd(s.parties[i], end.Err, stored); err != nil {
				return fmt.Errorf("%c: %w", 'A'+i, err)
			}
		}
	}
	return nil
}

// checkVisible holds what can be found against the log: all of an entry, nothing else, and for ever.
func (s *stage) checkVisible(all []logged, stored map[uuid.UUID]logged, ids []uuid.UUID) error {
	for _, p := range s.parties {
		for _, d := range p.writes {
			ids = append(ids, d.ID)
		}
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	found, err := s.ledger(s.store, 0).FindMany(context.Background(), slices.Compact(ids))
	if err != nil {
		return err
	}
	for _, st := range all {
		if _, ok := found[st.ID]; !ok {
			return fmt.Errorf("half a batch is visible: not %s", st.Said)
		}
	}
	for id, r := range found {
		if stored[id].Place != r.Place {
			return errors.New("a claim does not agree with the log")
		}
	}
	for id, place := range s.visible {
		if found[id].Place != place {
			return errors.New("a statement was visible and is gone")
		}
	}
	for id, r := range found {
		s.visible[id] = r.Place
	}
	return nil
}

// checkEnd holds what a party was told against the log.
func (s *stage) checkEnd(p party, err error, stored map[uuid.UUID]logged) error {
	var conflict *ErrConflict
	switch {
	case errors.As(err, &conflict):
		d := p.writes[conflict.Ordinal]
		if st, ok := stored[d.ID]; !ok || said("", st.Said).Digest == d.Digest {
			return errors.New("409 against nothing that is stored")
		}
	case errors.Is(err, kv.ErrUnavailable), errors.Is(err, ErrBusy):
	case err != nil:
		return fmt.Errorf("an error that nobody should get: %w", err)
	default:
		for _, d := range p.writes {
			if st, ok := stored[d.ID]; !ok || said("", st.Said).Digest != d.Digest {
				return errors.New("an acknowledged statement is lost")
			}
			p.voids = ""
			if d.Voids != uuid.Nil && !voidedIn(stored, d.Voids) {
				return errors.New("a void mark was not seen")
			}
		}
		if p.voids != "" && !voidedIn(stored, idOf(p.voids)) {
			return errors.New("a void mark was not seen")
		}
	}
	for _, r := range s.read {
		if !slices.ContainsFunc(mapped(stored), func(st logged) bool { return st.Place == r.Place }) {
			return errors.New("a reader saw what is not committed")
		}
	}
	return nil
}

func mapped(stored map[uuid.UUID]logged) (out []logged) {
	for _, st := range stored {
		out = append(out, st)
	}
	return out
}

func voidedIn(stored map[uuid.UUID]logged, target uuid.UUID) bool {
	st, ok := stored[target]
	return !ok || st.Voided
}
