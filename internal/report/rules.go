package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Rules are how modalities are told, the first that fits first. They hold for what is counted from then on; a rebuild has them hold for all.
type Rules struct {
	Modalities []fold.Rule `json:"modalities"`
}

// MaxRules is how many rules there may be.
const MaxRules = 200

var rulesKey = kv.Key{Table: kv.Control, Partition: []byte("rules"), Sort: []byte("modalities")}

// ReadRules returns the stack's rules, strongly consistent; none at first.
func ReadRules(ctx context.Context, store kv.Reader) (r Rules, err error) {
	item, err := store.Get(ctx, rulesKey, kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return Rules{Modalities: []fold.Rule{}}, nil
	}
	if err != nil {
		return r, fmt.Errorf("reading the rules of modalities: %w", err)
	}
	if err := json.Unmarshal(item.Value, &r); err != nil {
		return r, fmt.Errorf("the rules of modalities cannot be read: %w", err)
	}
	return r, nil
}

// WriteRules replaces the stack's rules.
func WriteRules(ctx context.Context, store kv.Writer, r Rules) error {
	value, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return store.Put(ctx, itemOf(rulesKey, value), kv.Always)
}
