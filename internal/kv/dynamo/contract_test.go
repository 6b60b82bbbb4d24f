package dynamo_test

import (
	"testing"

	"cairn/infra/local/partstest"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
	"cairn/internal/kv/kvtest"
)

func TestContract(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store {
		store, _ := partstest.Store(t)
		return store
	})
}

func TestBell(t *testing.T) {
	kvtest.RunBell(t, func(t *testing.T) kvtest.StoreWithBell {
		store, bell := partstest.Store(t)
		return struct {
			*dynamo.Store
			*dynamo.Bell
		}{store, bell}
	})
}
