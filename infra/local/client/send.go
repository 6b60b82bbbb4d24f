package client

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Send posts requests, several at once, and tells of each what it stored, from several goroutines.
func (c *Client) Send(ctx context.Context, requests Requests, connections int, sent func([][]byte)) error {
	senders, alive := errgroup.WithContext(ctx)
	senders.SetLimit(connections)
	var broken error
	for statements, err := range requests {
		if broken = err; err != nil || alive.Err() != nil {
			break
		}
		senders.Go(func() error {
			if err := c.Post(alive, statements); err != nil {
				return err
			}
			sent(statements)
			return nil
		})
	}
	if err := senders.Wait(); err != nil {
		return err
	}
	if broken != nil {
		return broken
	}
	return ctx.Err()
}

// Progress writes how many statements are through, every second, while do runs.
func Progress(w io.Writer, done *atomic.Int64, do func()) {
	done.Store(0)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		do()
	}()
	for {
		select {
		case <-ended:
			return
		case <-time.After(time.Second):
			fmt.Fprintf(w, "%8d\n", done.Load())
		}
	}
}
