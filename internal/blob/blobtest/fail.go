package blobtest

import (
	"context"
	"fmt"

	"cairn/internal/blob"
)

// Failing is a store of which the nth call fails with blob.ErrUnavailable, before it took effect or after.
type Failing struct {
	blob.Store
	nth    int
	effect bool
	fired  bool
}

// Fail wraps a store; the first call is number 1.
func Fail(store blob.Store, nth int, effect bool) *Failing {
	return &Failing{Store: store, nth: nth, effect: effect}
}

// Fired says whether the planned call has come, so that a test can go through all of them and stop.
func (f *Failing) Fired() bool { return f.fired }

func (f *Failing) run(call func() error) error {
	f.nth--
	if f.nth != 0 {
		return call()
	}
	f.fired = true
	if f.effect {
		call() //nolint:errcheck // its caller is told of another
	}
	return fmt.Errorf("%w: planned failure", blob.ErrUnavailable)
}

// PutIfAbsent implements blob.Store.
func (f *Failing) PutIfAbsent(ctx context.Context, key string, body []byte) error {
	return f.run(func() error { return f.Store.PutIfAbsent(ctx, key, body) })
}

// Get implements blob.Store.
func (f *Failing) Get(ctx context.Context, key string) (body []byte, err error) {
	err = f.run(func() error { body, err = f.Store.Get(ctx, key); return err })
	return body, err
}

// List implements blob.Store.
func (f *Failing) List(ctx context.Context, prefix, after string, limit int) (keys []string, err error) {
	err = f.run(func() error { keys, err = f.Store.List(ctx, prefix, after, limit); return err })
	return keys, err
}

// Delete implements blob.Store.
func (f *Failing) Delete(ctx context.Context, key string) error {
	return f.run(func() error { return f.Store.Delete(ctx, key) })
}

// Read implements blob.Versions.
func (f *Failing) Read(ctx context.Context, key string) (body []byte, version string, err error) {
	err = f.run(func() error { body, version, err = f.Store.(blob.Versions).Read(ctx, key); return err })
	return body, version, err
}

// Replace implements blob.Versions.
func (f *Failing) Replace(ctx context.Context, key string, body []byte, version string) error {
	return f.run(func() error { return f.Store.(blob.Versions).Replace(ctx, key, body, version) })
}
