package projection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kv"
	"cairn/internal/ledger"
)

// Generations are those of a projection's generations that live. A rebuild writes the next one from the start of the log while the
// current one answers; then one row, this, switches.
type Generations struct {
	// Current answers.
	Current byte `json:"current"`
	// Next is being built; 0 for none.
	Next byte `json:"next,omitempty"`
	// Previous answered before, and is still kept up until Until, for readers that have not seen the switch; 0 for none.
	Previous byte           `json:"previous,omitempty"`
	Until    ledger.Instant `json:"until,omitempty"`

	version uint64
}

const (
	// firstGeneration is that of a projection that was never rebuilt.
	firstGeneration = 1
	// previousLives is how long the generation before runs on after a switch: much longer than readers go by what they know.
	previousLives = ledger.Instant(24 * time.Hour / time.Microsecond)
	// readersKnow is how long a reader goes by the generation that it knows.
	readersKnow = ledger.Instant(time.Minute / time.Microsecond)
)

func generationsKey(name string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("projection"), Sort: []byte(name)}
}

// ReadGenerations returns which generations of a projection live, strongly consistent.
func ReadGenerations(ctx context.Context, store kv.Store, name string) (Generations, error) {
	g := Generations{Current: firstGeneration}
	item, err := store.Get(ctx, generationsKey(name), kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return g, nil
	}
	if err != nil {
		return g, fmt.Errorf("reading the generations of %s: %w", name, err)
	}
	if err := json.Unmarshal(item.Value, &g); err != nil {
		return g, fmt.Errorf("the generations of %s cannot be read: %w", name, err)
	}
	g.version = item.Version
	return g, nil
}

// Live lists the generations that are kept up, the current one first.
func (g Generations) Live() []byte {
	live := []byte{g.Current}
	for _, other := range []byte{g.Previous, g.Next} {
		if other != 0 {
			live = append(live, other)
		}
	}
	return live
}

// begin begins a rebuild: the next generation lives, empty. It changes nothing while one is being built already.
func (g *Generations) begin() error {
	if g.Next != 0 {
		return nil
	}
	g.Next = max(g.Current, g.Previous) + 1
	if g.Next == 0 {
		return errors.New("projection: 255 generations were built, and there is no number for another")
	}
	return nil
}

// change reads the generations, has them changed, and writes them, on condition that they are as read.
func (r *Runner) change(ctx context.Context, change func(*Generations) error) (Generations, error) {
	for {
		g, err := ReadGenerations(ctx, r.Store, r.Name)
		if err != nil {
			return g, err
		}
		before := g
		if err := change(&g); err != nil || g == before {
			return g, err
		}
		value, err := json.Marshal(g)
		if err != nil {
			return g, err
		}
		err = replace(ctx, r.Store, kv.Item{Key: generationsKey(r.Name), Value: value, Version: kv.NewVersion()}, g.version)
		if !errors.Is(err, errMoved) {
			return g, err
		}
	}
}

// Rebuild begins to build the next generation, unless one is being built already. It does so when Build is called.
func (r *Runner) Rebuild(ctx context.Context) error {
	_, err := r.change(ctx, (*Generations).begin)
	return err
}

// Build goes on with the generation that is being built, if there is one, and switches to it once it has come as far as the current
// one: then it is done. It returns before that when another worker is at it, or when too little of the context's time is left for another
// range. Report, unless nil, is told of each range: how far the generation has come by it, and how many statements it has.
func (r *Runner) Build(ctx context.Context, report func(through ledger.Instant, statements int)) (done bool, err error) {
	g, err := ReadGenerations(ctx, r.Store, r.Name)
	if err != nil || g.Next == 0 {
		return err == nil, err
	}
	if err := r.run(ctx, g.Next, report); err != nil {
		return false, err
	}
	next, err := Read(ctx, r.Store, r.Name, g.Next)
	if err != nil {
		return false, err
	}
	current, err := Read(ctx, r.Store, r.Name, g.Current)
	if err != nil {
		return false, err
	}
	if next.Through < current.Through { // it has come as far all the same, if nothing lies between
		if lag, err := Lag(ctx, r.Ledger, next); err != nil || lag > 0 || next.Work != nil {
			return false, err
		}
	}
	_, err = r.change(ctx, func(now *Generations) error {
		if now.Next == g.Next {
			*now = Generations{Current: g.Next, Previous: g.Current, Until: r.Ledger.Now() + previousLives, version: now.version}
		}
		return nil
	})
	return err == nil, err
}
