package projection

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
	"cairn/internal/ledger"
)

// worker is a process that runs the projection once.
type worker struct {
	leases   bool // are looked at: nothing but economy rests on them
	ahead    time.Duration
	lie      func(kv.Store) kv.Store
	careless bool
}

// stage is the world of one schedule.
type stage struct {
	*scene
	store   *kvtest.Memory
	through ledger.Instant
	healed  bool
}

// scene is what the schedules of a case have in common.
type scene struct {
	before  *kvtest.Memory
	now     time.Time
	late    []kv.Item         // the items of an entry that is committed too late, and then named
	rows    map[string]string // of an undisturbed run; nil where they depend on the order
	workers []worker
	logs    map[int][]ledger.Record // by the number of its entries
}

func (sc *scene) world() kvtest.World {
	s := &stage{scene: sc, store: sc.before.Clone()}
	w := kvtest.World{Store: s.store, Check: s.check, Heal: s.heal}
	for i, worker := range sc.workers {
		w.Actors = append(w.Actors, kvtest.Actor{Name: string(rune('A' + i)), Do: func(ctx context.Context, store kv.Store) error {
			return s.run(ctx, store, worker)
		}})
	}
	if sc.late != nil {
		w.Actors = append(w.Actors, kvtest.Actor{Name: "late", Do: s.commitLate})
	}
	return w
}

// seat lets a ledger be opened in peace before its calls are ordered.
type seat struct{ kv.Store }

func (s *stage) run(ctx context.Context, store kv.Store, w worker) error {
	at := &seat{s.store}
	l, err := ledger.Open(ctx, at, ledger.Options{Alone: true, Now: func() time.Time { return s.now.Add(w.ahead) }})
	if err != nil {
		return err
	}
	if w.lie != nil {
		store = w.lie(store)
	}
	if !w.leases {
		store = rewritten{store, func(cp *Checkpoint) { cp.Lease = 0 }}
	}
	at.Store = store
	r := &Runner{Name: recorded, Projection: recorder{store, w.careless}, Store: store, Ledger: l, FlushSize: 1}
	return r.run(ctx, firstGeneration, nil)
}

func (s *stage) commitLate(ctx context.Context, store kv.Store) error {
	var refs []ledger.EntryRef
	for _, item := range s.late {
		if err := store.Put(ctx, item, kv.Absent); err != nil && !errors.As(err, new(*kv.Conflict)) {
			return err
		}
		ref, _ := ledger.HeadOf(item.Key)
		refs = append(refs, ref)
	}
	return addPending(ctx, store, recorded, firstGeneration, "late", refs)
}

// heal ends what is left: who named no latecomer does so, and a worker comes when the leases have passed.
func (s *stage) heal(ctx context.Context, ends []kvtest.Outcome) error {
	if last := ends[len(ends)-1]; s.late != nil && (!last.Ended || last.Err != nil) {
		if err := s.commitLate(ctx, s.store); err != nil {
			return err
		}
	}
	s.healed = true
	if err := s.run(ctx, s.store, worker{}); err != nil {
		return err
	}
	return s.run(ctx, s.store, worker{}) // what failed in its turn is tried again in the next run
}

// rewritten is a store of which a checkpoint is read otherwise than it stands.
type rewritten struct {
	kv.Store
	change func(*Checkpoint)
}

func (r rewritten) Get(ctx context.Context, key kv.Key, s kv.Strength) (kv.Item, error) {
	item, err := r.Store.Get(ctx, key, s)
	if err != nil || key.Table != kv.Control || string(key.Partition) != "checkpoint" {
		return item, err
	}
	var cp Checkpoint
	if err := json.Unmarshal(item.Value, &cp); err != nil {
		return item, err
	}
	r.change(&cp)
	item.Value, err = json.Marshal(cp)
	return item, err
}
