package report

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// change is what a range does to a row.
type change struct {
	counts map[fold.Key]int64
	lists  map[fold.Key]map[uint16]bool
}

// place is a row, or a block of its lists.
type place struct {
	fold.Row
	block uint16
}

// count adds what all parts add to the rows of figures. All progress stands by now.
func (w *rangeWork) count(ctx context.Context) error {
	changes := map[place]*change{}
	at := func(r fold.Row, block uint16) *change {
		p := place{r, block}
		if changes[p] == nil {
			changes[p] = &change{map[fold.Key]int64{}, map[fold.Key]map[uint16]bool{}}
		}
		return changes[p]
	}
	for _, of := range w.parts {
		for _, c := range of.delta.Counts {
			at(c.Row, 0).counts[c.Key] += c.N
		}
	}
	if err := w.enter(ctx, at); err != nil {
		return err
	}
	maps.DeleteFunc(changes, func(_ place, c *change) bool {
		maps.DeleteFunc(c.counts, func(_ fold.Key, n int64) bool { return n == 0 })
		return len(c.counts) == 0 && len(c.lists) == 0
	})
	return w.write(ctx, changes)
}

// enter has learners enter lists, or leave them. A list of a row that several courses share is left only when none of the
// learner's other courses has him in it.
func (w *rangeWork) enter(ctx context.Context, at func(fold.Row, uint16) *change) error {
	leaving := map[fold.Number][]part{}
	put := func(learner fold.Number, r fold.Row, k fold.Key, in bool) {
		block, bit := blockOf(learner)
		lists := at(r, block).lists
		if lists[k] == nil {
			lists[k] = map[uint16]bool{}
		}
		lists[k][bit] = lists[k][bit] || in
	}
	for p, of := range w.parts {
		for _, l := range of.delta.Lists {
			if l.In || !shared(l.Row) {
				put(p.learner, l.Row, l.Key, l.In)
			} else if n := leaving[p.learner]; len(n) == 0 || n[len(n)-1] != p {
				leaving[p.learner] = append(n, p)
			}
		}
	}
	var mu sync.Mutex
	reading, within := errgroup.WithContext(ctx)
	reading.SetLimit(w.writesAtOnce())
	for learner, parts := range leaving {
		reading.Go(func() error {
			all, err := learnerProgress(within, w.store, w.generation, learner, kv.Strong)
			if err != nil {
				return err
			}
			has := &fold.Tally{}
			for _, p := range all {
				has.Join(p.state.Tally(p.course))
			}
			mu.Lock()
			defer mu.Unlock()
			for _, p := range parts {
				for _, l := range w.parts[p].delta.Lists {
					if !l.In && shared(l.Row) {
						put(learner, l.Row, l.Key, has.Has(l.Row, l.Key))
					}
				}
			}
			return nil
		})
	}
	return reading.Wait()
}

// shared says whether several courses of a learner may list him in the row.
func shared(r fold.Row) bool {
	return r.Kind == fold.DayRow || r.Kind == fold.ModuleRow || r.Kind == fold.TeamRow
}

// write changes the rows, each on condition that it was last changed by a range before.
func (w *rangeWork) write(ctx context.Context, changes map[place]*change) error {
	if len(changes) == 0 {
		return nil
	}
	keys := make([]kv.Key, 0, len(changes))
	places := map[string]place{}
	for p := range changes {
		key := rowKey(w.generation, p.Row, p.block)
		keys = append(keys, key)
		places[string(key.Partition)+string(key.Sort)] = p
	}
	items, err := w.store.GetMany(ctx, keys, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading figures: %w", err)
	}
	stood := map[place]*row{}
	for _, item := range items {
		r, err := decodeRow(item)
		if err != nil {
			return err
		}
		stood[places[string(item.Partition)+string(item.Sort)]] = r
	}
	writing, at := errgroup.WithContext(ctx)
	writing.SetLimit(w.writesAtOnce())
	for p, c := range changes {
		writing.Go(func() error { return w.writeRow(at, p, c, stood[p]) })
	}
	return writing.Wait()
}

func (w *rangeWork) writeRow(ctx context.Context, p place, c *change, r *row) error {
	key := rowKey(w.generation, p.Row, p.block)
	for {
		cond := kv.Absent
		if r == nil {
			r = emptyRow()
		} else {
			cond = kv.IfVersion(r.version)
		}
		if r.through >= w.number || !r.change(c) {
			return nil
		}
		r.through = w.number
		next := itemOf(key, r.encode())
		if next.Check() != nil {
			leaveOut(ctx, "a row of figures has become too large to be counted any further", "kind", string(rune(p.Kind)), "a", p.A, "b", p.B)
			return nil
		}
		err := w.store.Put(ctx, next, cond)
		if !stands(err) {
			if err != nil {
				err = fmt.Errorf("writing figures: %w", err)
			}
			return err
		}
		item, err := w.store.Get(ctx, key, kv.Strong)
		if err != nil {
			return fmt.Errorf("reading figures: %w", err)
		}
		if r, err = decodeRow(item); err != nil {
			return err
		}
	}
}

// change changes the row, and says whether there was anything to change.
func (r *row) change(c *change) bool {
	changed := r.add(c.counts)
	for k, learners := range c.lists {
		changed = r.enter(k, learners) || changed
	}
	return changed
}
