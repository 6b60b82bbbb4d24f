package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// Every key of ours in the table control.
//
//	control  "upkeep" | "verification"     Verifications
//	control  "upkeep" | "queues"           QueueDepths

var (
	verificationKey = keyOf("verification")
	queuesKey       = keyOf("queues")
)

func keyOf(row string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("upkeep"), Sort: []byte(row)}
}

// QueueDepths is how many messages waited in each queue when it was looked at.
type QueueDepths struct {
	At       time.Time      `json:"at"`
	Messages map[string]int `json:"messages"`
}

func write(ctx context.Context, store kv.Store, key kv.Key, row any, cond kv.Condition) error {
	value, err := json.Marshal(row)
	if err != nil {
		return err
	}
	if err := store.Put(ctx, kv.Item{Key: key, Value: value, Version: kv.NewVersion()}, cond); err != nil {
		return fmt.Errorf("writing a row of upkeep: %w", err)
	}
	return nil
}

// alter reads the verification's row, has it changed, and writes it, on condition that it is as read: again, when somebody else was faster.
// A change that returns errIdle leaves it.
func alter(ctx context.Context, store kv.Store, change func(*Verifications) error) (row Verifications, err error) {
	for {
		row = Verifications{}
		cond := kv.Absent
		item, err := store.Get(ctx, verificationKey, kv.Strong)
		switch {
		case err == nil:
			if err := json.Unmarshal(item.Value, &row); err != nil {
				return row, fmt.Errorf("the row of the verification cannot be read: %w", err)
			}
			cond = kv.IfVersion(item.Version)
		case !errors.Is(err, kv.ErrAbsent):
			return row, fmt.Errorf("reading the row of the verification: %w", err)
		}
		if err := change(&row); err != nil {
			return row, err
		}
		var moved *kv.Conflict
		if err := write(ctx, store, verificationKey, row, cond); !errors.As(err, &moved) {
			return row, err
		}
	}
}
