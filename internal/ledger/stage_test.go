package ledger

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// party is one process of an explored case: a writer of drafts, a voider of a target, or a reader.
type party struct {
	writes []Draft
	voids  string
	reads  []string
	again  bool          // a writer that sends once more what failed
	ahead  time.Duration // of its clock
	lie    func(kv.Store) kv.Store
}

// stage is the world of one schedule: parties over a store, and what was seen so far.
type stage struct {
	store   *kvtest.Memory
	parties []party
	began   time.Time
	visible map[uuid.UUID]Place
	read    []Record // by readers
	healed  map[int]error
}

// stagedTime is what the clocks of a stage begin with.
var stagedTime = time.UnixMicro(1_000_000_000_000)

// staged makes the world of a case: its parties' code is the ledger's own.
func staged(before *kvtest.Memory, parties []party) kvtest.World {
	s := &stage{store: before.Clone(), parties: parties, began: time.Now(), visible: map[uuid.UUID]Place{}, healed: map[int]error{}}
	w := kvtest.World{Store: s.store, Check: s.check, Heal: s.heal}
	for i, p := range parties {
		w.Actors = append(w.Actors, kvtest.Actor{Name: string(rune('A' + i)), Do: func(ctx context.Context, store kv.Store) error {
			l := s.ledger(store, p.ahead)
			if p.lie != nil {
				l.store = p.lie(store)
			}
			return s.play(ctx, l, p)
		}})
	}
	return w
}

func (s *stage) ledger(store kv.Store, ahead time.Duration) *Ledger {
	l := &Ledger{store: store, codec: bare, shards: &shards{row: shardRow{Count: 1, Before: 1}, read: math.MaxInt64}}
	l.clock = newClock(func() time.Time { // asked when an attempt begins, which knows nothing of the one before
		wall := stagedTime.Add(time.Since(s.began) + ahead)
		kvtest.BeginAnew(store, uint64(max(l.clock.last, At(wall))))
		return wall
	}, 0)
	return l
}

func (s *stage) play(ctx context.Context, l *Ledger, p party) error {
	switch {
	case p.voids != "":
		return l.Void(ctx, Voiding{idOf(p.voids), newPosition(l.Now())})
	case p.reads != nil:
		return s.look(ctx, l, p)
	}
	err := l.Append(ctx, p.writes, false)
	if p.again && (errors.Is(err, kv.ErrUnavailable) || errors.Is(err, ErrBusy)) {
		err = l.Append(ctx, p.writes, false)
	}
	return err
}

// look reads twice: what was seen stays.
func (s *stage) look(ctx context.Context, l *Ledger, p party) error {
	var ids []uuid.UUID
	for _, name := range p.reads {
		ids = append(ids, idOf(name))
	}
	first, err := l.FindMany(ctx, ids)
	if err != nil {
		return err
	}
	second, err := l.FindMany(ctx, ids)
	for id, r := range first {
		if again, ok := second[id]; err == nil && (!ok || again.Place != r.Place) {
			return errors.New("a statement that was read is gone")
		}
		s.read = append(s.read, r)
	}
	return err
}

// heal has everybody who got no answer ask again, in peace: it is as if nothing had gone wrong.
func (s *stage) heal(ctx context.Context, ends []kvtest.Outcome) error {
	for i, p := range s.parties {
		if ends[i].Ended && !errors.Is(ends[i].Err, kv.ErrUnavailable) && !errors.Is(ends[i].Err, ErrBusy) {
			continue
		}
		s.healed[i] = s.play(ctx, s.ledger(s.store, time.Minute), p)
		if err := s.healed[i]; errors.Is(err, kv.ErrUnavailable) || errors.Is(err, ErrBusy) {
			return err
		}
	}
	return nil
}
