package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/kv"
)

// Key is what can be told of a key. Times that are zero never were, or never will be.
type Key struct {
	ID           string
	Label        string
	Scopes       Scopes
	Authority    json.RawMessage
	Created      time.Time
	Expires      time.Time
	Used         time.Time // last, known to the hour
	Rotated      time.Time // last
	OverlapUntil time.Time // until when a secret from before the rotation fits
	Revoked      time.Time
	Limits       Limits
}

// ErrNoKey: there is no key with that id.
var ErrNoKey = errors.New("auth: no such key")

func (c *credential) tell(id string) (Key, error) {
	scopes, err := ParseScopes(c.Scopes)
	if err != nil {
		return Key{}, fmt.Errorf("the row of a key: %w", err)
	}
	k := Key{
		ID: id, Label: c.Label, Scopes: scopes, Authority: c.Authority, Limits: c.Limits,
		Created: c.Created, Expires: c.Expires, Used: c.Used, Rotated: c.Rotated, Revoked: c.Revoked,
	}
	for _, f := range c.Before {
		if f.Until.After(k.OverlapUntil) {
			k.OverlapUntil = f.Until
		}
	}
	if !time.Now().Before(k.OverlapUntil) {
		k.OverlapUntil = time.Time{}
	}
	return k, nil
}

// Look tells of one key, or returns ErrNoKey.
func (k *Keys) Look(ctx context.Context, id string) (Key, error) {
	if !isID(id) {
		return Key{}, ErrNoKey
	}
	c, err := k.read(ctx, id)
	if errors.Is(err, kv.ErrAbsent) {
		return Key{}, ErrNoKey
	}
	if err != nil {
		return Key{}, err
	}
	return c.tell(id)
}

// isID says whether a key may have that id.
func isID(id string) bool { return id != "" && len(id) <= MaxID }

// List tells of the keys in the order of their ids, behind the id after, at most limit; next is the id to go on behind, "" at the end.
func (k *Keys) List(ctx context.Context, after string, limit int) (list []Key, next string, err error) {
	if len(after) > MaxID {
		after = after[:MaxID] // no key is between
	}
	span := &kv.Span{Table: kv.Control, Partition: partition, Limit: limit, Strength: kv.Strong}
	if after != "" {
		span.From = append([]byte(after), 0) // the first key behind it
	}
	for span != nil {
		page, err := k.store.Query(ctx, *span)
		if err != nil {
			return nil, "", fmt.Errorf("listing keys: %w", err)
		}
		for _, item := range page.Items {
			if len(list) == limit {
				return list, list[limit-1].ID, nil
			}
			c, err := decode(item.Value)
			if err != nil {
				return nil, "", err
			}
			told, err := c.tell(string(item.Sort))
			if err != nil {
				return nil, "", err
			}
			list = append(list, told)
		}
		span = page.Next
	}
	return list, "", nil
}

// Any says whether a key was ever made.
func (k *Keys) Any(ctx context.Context) (bool, error) {
	list, _, err := k.List(ctx, "", 1)
	return len(list) > 0, err
}
