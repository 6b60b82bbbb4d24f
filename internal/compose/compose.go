// Package compose puts each function together from the two ports. It is the one place where this is done: the Lambdas and the
// local server run what it returns.
package compose

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"cairn/internal/admin"
	"cairn/internal/audit"
	"cairn/internal/auth"
	"cairn/internal/auth/oidc"
	"cairn/internal/blob"
	"cairn/internal/config"
	"cairn/internal/documents"
	"cairn/internal/httpapi"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/report"
	"cairn/internal/roster"
	"cairn/internal/stream"
	"cairn/internal/upkeep"
)

// API is the api function over an open ledger: xAPI, and the operators' API beside it.
func API(store kv.Store, blobs blob.Store, l *ledger.Ledger, c config.API) http.Handler {
	now := func() time.Time { return l.Now().Time() }
	gate := Gate(store, Verifier(c.Issuers))
	keeper := Upkeep(store, blobs, l, config.Upkeep{}, nil)
	office := Office(store, gate.Keys)
	office.Keeper, office.Roster = keeper, roster.New(store, l.Secret())
	operators := admin.New(gate, office)
	xapi := httpapi.New(
		keeper.LRS,
		documents.New(store, blobs, l.Secret(), now),
		gate,
		httpapi.Settings{Fallback: c.Fallback, Origins: c.Origins},
	)
	return Observed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == admin.Base || strings.HasPrefix(r.URL.Path, admin.Base+"/") {
			operators.ServeHTTP(w, r)
			return
		}
		xapi.ServeHTTP(w, r)
	}))
}

// Gate lets in by the keys of a store, and by tokens where there is a verifier of them.
func Gate(store kv.Store, tokens *oidc.Verifier) *auth.Gate {
	if tokens == nil {
		return auth.NewGate(auth.New(store), nil)
	}
	return auth.NewGate(auth.New(store), tokens)
}

// Verifier verifies the tokens of some issuers; it is nil without any.
func Verifier(from []config.Issuer) *oidc.Verifier {
	if len(from) == 0 {
		return nil
	}
	issuers := make([]oidc.Issuer, len(from))
	for i, f := range from {
		issuers[i] = oidc.Issuer(f)
	}
	return oidc.New(issuers, http.DefaultClient)
}

// Office is where keys are made and changed.
func Office(store kv.Store, keys *auth.Keys) *admin.Office {
	return &admin.Office{Keys: keys, Trail: audit.New(store, time.Now)}
}

// ExportName is what the export calls itself; who names latecomers to it must not link it.
const ExportName = "export"

// projections are all that a stack keeps up. The reports fold anew what they find through the index, so it is the first to hear of latecomers. On
// one machine an export's checkpoint stands in the folder that it is written to.
func projections(l *ledger.Ledger) []string {
	all := []string{index.Name, report.ProjectionName}
	if !l.Alone() {
		all = append(all, ExportName)
	}
	return all
}

// Index is the index function over an open ledger.
func Index(store kv.Store, l *ledger.Ledger, c config.Index) *stream.Waker {
	return waker(store, l, &projection.Runner{
		Name: index.Name, Projection: index.New(store, l), Store: store, Ledger: l, FlushAfter: c.FlushAfter,
	})
}

// Aggregate is the aggregate function over an open ledger.
func Aggregate(store kv.Store, l *ledger.Ledger, c config.Index) *stream.Waker {
	return waker(store, l, &projection.Runner{
		Name: report.ProjectionName, Projection: report.NewAggregate(store, l, index.New(store, l)), Store: store, Ledger: l, FlushAfter: c.FlushAfter,
	})
}

func waker(store kv.Store, l *ledger.Ledger, r *projection.Runner) *stream.Waker {
	return &stream.Waker{Store: store, Ledger: l, Runners: []*projection.Runner{r}, Projections: projections(l)}
}

// Upkeep is the upkeep function over an open ledger.
func Upkeep(store kv.Store, blobs blob.Store, l *ledger.Ledger, c config.Upkeep, queues upkeep.Queues) *upkeep.Keeper {
	x := index.New(store, l)
	return &upkeep.Keeper{
		Store: store, Ledger: l, Index: x, LRS: lrs.New(l, x, blobs), Shards: c.Shards, Queues: queues,
		Projections: projections(l), Kept: []string{ExportName}, // which reads a span again when it is asked to
	}
}

// Open opens the ledger of a store that other processes write to as well.
func Open(ctx context.Context, store kv.Store) (*ledger.Ledger, error) {
	l, err := ledger.Open(ctx, store, ledger.Options{})
	if err != nil {
		return nil, fmt.Errorf("opening the ledger: %w", err)
	}
	return l, nil
}
