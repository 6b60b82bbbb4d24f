package kvtest_test

import (
	"context"

	"cairn/internal/kv"
)

// gated is a store whose puts wait for a gate to open.
type gated struct {
	kv.Store
	open <-chan struct{}
}

func (g gated) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	<-g.open
	return g.Store.Put(ctx, item, cond)
}
