package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cairn/internal/fold"
	"cairn/internal/kv"
	"cairn/internal/xapi"
)

// MaxRules is how many rules of modalities there may be.
const MaxRules = 200

// maxPlatform is how many bytes a rule's platform may have.
const maxPlatform = 1000

// Modalities returns the rules by which modalities are told, the first that fits first; none at first. They hold for what is
// counted from then on; a rebuild has them hold for all.
func (r *Roster) Modalities(ctx context.Context) ([]fold.Rule, error) {
	rules := []fold.Rule{}
	item, err := r.store.Get(ctx, rulesKey, kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return rules, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the rules of modalities: %w", err)
	}
	if err := json.Unmarshal(item.Value, &rules); err != nil {
		return nil, fmt.Errorf("the rules of modalities cannot be read: %w", err)
	}
	return rules, nil
}

// PutModalities replaces the rules. The error may be a *Refused.
func (r *Roster) PutModalities(ctx context.Context, rules []fold.Rule) error {
	if len(rules) > MaxRules {
		return refused("/modalities", "there are at most %d rules, and these are %d", MaxRules, len(rules))
	}
	for i, rule := range rules {
		if len(rule.Platform) > maxPlatform {
			return refused(fmt.Sprintf("/modalities/%d/platform", i), "a platform has at most %d bytes", maxPlatform)
		}
		if err := xapi.ParseIRI(rule.Type); rule.Type != "" && err != nil {
			return refused(fmt.Sprintf("/modalities/%d/type", i), "a type of activities is an IRI: %v", err)
		}
	}
	value, err := encode(rules)
	if err != nil {
		return err
	}
	item := itemOf(rulesKey, value)
	if errors.Is(item.Check(), kv.ErrBounds) {
		return refused("/modalities", "the rules take more than %d KB", kv.MaxItem>>10)
	}
	if err := r.store.Put(ctx, item, kv.Always); err != nil {
		return fmt.Errorf("storing the rules of modalities: %w", err)
	}
	return nil
}
