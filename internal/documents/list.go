package documents

import (
	"context"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// List returns the ids of a resource's documents that were written after since (all, when it is zero), and when the latest of
// them was; it reads what the last write that returned left.
func (d *Documents) List(ctx context.Context, res Resource, since time.Time) (ids []string, latest time.Time, err error) {
	err = d.each(ctx, res, func(r *record) error {
		if !since.IsZero() && !r.time().After(since) {
			return nil
		}
		ids = append(ids, r.id)
		if r.time().After(latest) {
			latest = r.time()
		}
		return nil
	})
	return ids, latest, err
}

// each calls do with every record of a resource, in the order of their keys.
func (d *Documents) each(ctx context.Context, res Resource, do func(*record) error) error {
	span := &kv.Span{Table: kv.Documents, Partition: d.partition(res), Strength: kv.Strong}
	for span != nil {
		page, err := d.store.Query(ctx, *span)
		if err != nil {
			return fmt.Errorf("listing documents: %w", err)
		}
		for _, item := range page.Items {
			r, err := decode(item)
			if err != nil {
				return err
			}
			if err := do(r); err != nil {
				return err
			}
		}
		span = page.Next
	}
	return nil
}
