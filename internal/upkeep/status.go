package upkeep

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"cairn/internal/kv"
	"cairn/internal/projection"
)

// Status is how a stack stands. It says nothing of learners.
type Status struct {
	At          time.Time          `json:"at"`
	Version     Version            `json:"version"`
	Shards      ShardStatus        `json:"shards"`
	Projections []ProjectionStatus `json:"projections"`
	// Verifications: what is being verified, what is asked for, and what was verified last; those that there are.
	Verifications Verifications `json:"verifications"`
	// Queues: how many messages waited in each queue when upkeep looked last. Absent on one machine.
	Queues *QueueDepths `json:"queues,omitempty"`
}

// Version is what program runs.
type Version struct {
	Revision string `json:"revision,omitempty"`
	Built    string `json:"built,omitempty"` // the revision's time
	Go       string `json:"go"`
}

// ShardStatus is the number of the log's shards, and when it was raised last.
type ShardStatus struct {
	Count  int       `json:"count"`
	Raised time.Time `json:"raised,omitzero"`
}

// ProjectionStatus is how far a projection has come.
type ProjectionStatus struct {
	Name       string    `json:"name"`
	Generation int       `json:"generation"`
	Through    time.Time `json:"through"` // what was stored before is applied, but for what is pending
	// LagSeconds is how long the oldest entry that waits has been waiting; 0 when none is.
	LagSeconds float64        `json:"lagSeconds"`
	Pending    int            `json:"pending"`
	Reasons    map[string]int `json:"reasons,omitempty"` // for which entries are pending
	// Rebuild is there while another generation is built: through when that has come.
	Rebuild *RebuildStatus `json:"rebuild,omitempty"`
}

// RebuildStatus is how far a rebuild has come.
type RebuildStatus struct {
	Generation int       `json:"generation"`
	Through    time.Time `json:"through"`
}

// Status tells how the stack stands, in a handful of strongly consistent reads.
func (k *Keeper) Status(ctx context.Context) (s Status, err error) {
	s.At, s.Version = k.Ledger.Now().Time(), version()
	shards, err := k.Ledger.Shards(ctx)
	if err != nil {
		return s, err
	}
	s.Shards.Count = shards.Count
	if shards.Raised != 0 {
		s.Shards.Raised = shards.Raised.Time()
	}
	for _, name := range k.Projections {
		p, err := k.projection(ctx, name)
		if err != nil {
			return s, err
		}
		s.Projections = append(s.Projections, p)
	}
	return s, k.rows(ctx, &s)
}

func version() Version {
	v := Version{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			v.Revision = setting.Value
		case "vcs.time":
			v.Built = setting.Value
		}
	}
	return v
}

func (k *Keeper) projection(ctx context.Context, name string) (p ProjectionStatus, err error) {
	g, err := projection.ReadGenerations(ctx, k.Store, name)
	if err != nil {
		return p, err
	}
	cp, err := projection.Read(ctx, k.Store, name, g.Current)
	if err != nil {
		return p, err
	}
	lag, err := projection.Lag(ctx, k.Ledger, cp)
	if err != nil {
		return p, err
	}
	p = ProjectionStatus{Name: name, Generation: int(g.Current), Through: cp.Through.Time(), LagSeconds: lag.Seconds(), Pending: len(cp.Pending)}
	for _, pending := range cp.Pending {
		if p.Reasons == nil {
			p.Reasons = map[string]int{}
		}
		p.Reasons[pending.Reason]++
	}
	if g.Next != 0 {
		next, err := projection.Read(ctx, k.Store, name, g.Next)
		if err != nil {
			return p, err
		}
		p.Rebuild = &RebuildStatus{int(g.Next), next.Through.Time()}
	}
	return p, nil
}

// rows reads the rows of upkeep.
func (k *Keeper) rows(ctx context.Context, s *Status) error {
	items, err := k.Store.GetMany(ctx, []kv.Key{verificationKey, queuesKey}, kv.Strong)
	if err != nil {
		return fmt.Errorf("reading the rows of upkeep: %w", err)
	}
	for _, item := range items {
		if string(item.Sort) == string(queuesKey.Sort) {
			if err := json.Unmarshal(item.Value, &s.Queues); err != nil {
				return fmt.Errorf("the row of the queues cannot be read: %w", err)
			}
			continue
		}
		if err := json.Unmarshal(item.Value, &s.Verifications); err != nil {
			return fmt.Errorf("the row of the verification cannot be read: %w", err)
		}
	}
	return nil
}
