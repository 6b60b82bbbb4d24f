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
//	control  "upkeep" | "verification"     verificationRow
//	control  "upkeep" | "queues"           queuesRow

var (
	verificationKey = keyOf("verification")
	queuesKey       = keyOf("queues")
)

func keyOf(row string) kv.Key {
	return kv.Key{Table: kv.Control, Partition: []byte("upkeep"), Sort: []byte(row)}
}

// queuesRow is what waited in the queues when it was looked at.
type queuesRow struct {
	At     time.Time      `json:"at"`
	Depths map[string]int `json:"depths"`
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
// A change that returns errStays leaves it.
func alter(ctx context.Context, store kv.Store, change func(*verificationRow) error) (row verificationRow, err error) {
	for {
		row = verificationRow{}
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
