package bell_test

import (
	"testing"

	"cairn/infra/local/partstest"
	"cairn/internal/kv/dynamo"
	"cairn/internal/kv/dynamo/bell"
	"cairn/internal/kv/kvtest"
)

func TestBell(t *testing.T) {
	kvtest.RunBell(t, func(t *testing.T) kvtest.StoreWithBell {
		store, rings := partstest.Store(t)
		return struct {
			*dynamo.Store
			*bell.Bell
		}{store, rings}
	})
}
