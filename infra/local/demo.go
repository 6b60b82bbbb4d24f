package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"cairn/infra/local/client"
	"cairn/infra/local/traffic"
	"cairn/internal/auth"
	"cairn/internal/kv"
)

// demoOf is the demo's traffic: it ends as the day begins, so another start on the same day sends the same statements, and adds
// nothing.
func demoOf(now time.Time) traffic.Settings {
	const days = 120
	return traffic.Settings{Seed: 1, Statements: 20_000, From: now.UTC().AddDate(0, 0, -days), Days: days, Learners: 100}
}

// demoClient makes the key that the demo is sent with: the first key's secret may be known to nobody any more.
func demoClient(ctx context.Context, store kv.Store, base string) (*client.Client, error) {
	id, secret, err := auth.New(store).Make(ctx, auth.NewKey{ID: "demo", Scopes: auth.All, Label: "Demo", HomePage: base})
	return &client.Client{Address: base, Key: id, Secret: secret}, err
}

// fill sends the demo to the server, as its providers would, but in fewer requests.
func fill(ctx context.Context, c *client.Client, s traffic.Settings) {
	var done atomic.Int64
	var err error
	fmt.Fprintf(os.Stderr, "demo: sending %d days of Calderwood Care, a small organisation\n", s.Days)
	client.Progress(os.Stderr, &done, func() {
		requests := client.Batches(client.Traffic(s), 200)
		err = c.Send(ctx, requests, 4, func(statements [][]byte) { done.Add(int64(len(statements))) })
	})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		fmt.Fprintf(os.Stderr, "demo: after %d statements: %v\n", done.Load(), err)
	default:
		fmt.Fprintf(os.Stderr, "demo: all %d statements are in\n", done.Load())
	}
}
