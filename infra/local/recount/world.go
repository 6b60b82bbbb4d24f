package recount

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/report"
	"cairn/internal/xapi"
)

// World is a log with the projections that reports need, and no server.
type World struct {
	Store   kv.Store
	Ledger  *ledger.Ledger
	Index   *projection.Runner
	Reports *projection.Runner
}

// NewWorld puts one together. Flush is how many bytes of the log make a range; 0 for the runner's own choice.
func NewWorld(store kv.Store, l *ledger.Ledger, flush int) *World {
	w := &World{Store: store, Ledger: l}
	x := index.New(store, l)
	w.Index = &projection.Runner{Name: index.Name, Projection: x, Store: store, Ledger: l, FlushSize: flush}
	w.Reports = &projection.Runner{Name: report.ProjectionName, Projection: report.NewAggregate(store, l, x), Store: store, Ledger: l, FlushSize: flush}
	return w
}

// Append stores statements as one request, each a JSON object with an id.
func Append(ctx context.Context, l *ledger.Ledger, texts ...[]byte) error {
	drafts, err := Drafts(texts...)
	if err != nil {
		return err
	}
	return l.Append(ctx, drafts, true)
}

// authority stands on each statement.
var authority = []byte(`{"objectType":"Agent","account":{"homePage":"https://lrs.example.org/xapi","name":"4f1c2a9e8b7d6c5a4f1c2a9e8b7d6c5a"}}`)

// Drafts are statements on their way into the log.
func Drafts(texts ...[]byte) ([]ledger.Draft, error) {
	body := append(append([]byte{'['}, bytes.Join(texts, []byte{','})...), ']')
	statements, _, err := xapi.Decode(body, xapi.V1)
	if err != nil {
		return nil, err
	}
	drafts := make([]ledger.Draft, len(statements))
	for i, s := range statements {
		id, has := s.ID()
		if !has {
			return nil, errors.New("a statement without an id")
		}
		voids, _ := s.Voids()
		digest := sha256.Sum256(texts[i])
		drafts[i] = ledger.Draft{ID: id, Voids: voids, Digest: ledger.Digest(digest[:16]), Render: func(dst []byte, stored ledger.Instant) []byte {
			return s.AppendStored(dst, xapi.Stamp{ID: id, Stored: stored.Time(), Authority: authority, Version: xapi.V1})
		}}
	}
	return drafts, nil
}

// Compare holds a generation of the tables against the log, and says how many lines they have.
func (w *World) Compare(ctx context.Context, generation byte) (lines int, differences []Difference, err error) {
	log, err := ReadLog(ctx, w.Ledger)
	if err != nil {
		return 0, nil, err
	}
	should, err := Count(log)
	if err != nil {
		return 0, nil, err
	}
	tables := Tables{}
	err = report.Dump(ctx, w.Store, generation, func(l report.Line) {
		if before, twice := tables[l.Of]; twice {
			l.Says = fmt.Sprint(before, " and ", l.Says)
		}
		tables[l.Of] = l.Says
	})
	return len(tables), compare(tables, should), err
}
