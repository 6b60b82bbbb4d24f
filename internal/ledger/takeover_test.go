package ledger

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// far is a store of which each put takes five milliseconds.
type far struct{ kv.Store }

func (f far) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	time.Sleep(5 * time.Millisecond)
	return f.Store.Put(ctx, item, cond)
}

// A large batch whose writer died between claims and commit is stored by whoever sends it again, at the first try: its claims are taken over within the
// time that a writer has.
func TestALargeBatchOfADeadWriterIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := kvtest.NewMemory()
		var batch []Draft
		for n := range 5000 {
			batch = append(batch, said(fmt.Sprint(n), fmt.Sprint("statement ", n)))
		}
		dies := kvtest.Fail(store, kvtest.Plan{Nth: 1, Ops: []kvtest.Op{kvtest.OpPut}, Tables: []kv.Table{kv.Log}, Forever: true})
		if err := openLedger(t, dies).Append(t.Context(), batch, true); err == nil {
			t.Fatal("the first writer lives")
		}
		time.Sleep(10 * time.Second)
		l := openLedger(t, far{store})
		begun := time.Now()
		if err := l.Append(t.Context(), batch, true); err != nil {
			t.Fatalf("after %v: %v", time.Since(begun), err)
		}
		if n := len(scanAll(t, l, Span{To: l.Now()})); n != len(batch) {
			t.Errorf("%d statements, want %d", n, len(batch))
		}
	})
}
