package dynamo_test

import (
	"testing"

	"cairn/infra/local/partstest"
	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

func TestContract(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store {
		store, _ := partstest.Store(t)
		return store
	})
}
