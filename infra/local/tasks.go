package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"cairn/internal/index"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/verify"
)

// tasks are what is done to the data of a server that is stopped.
var tasks = map[string]func(ctx context.Context, s *stores, o options) error{
	"key": makeKey, "verify": verifyAll, "rebuild": rebuild, "shards": raiseShards, "export": exportTo,
}

func runTask(ctx context.Context, o options) error {
	s, err := openStores(ctx, o)
	if err != nil {
		return err
	}
	defer s.close()
	return tasks[o.task](ctx, s, o)
}

func makeKey(ctx context.Context, s *stores, o options) error {
	if o.scopes == "" {
		return errors.New(`say what the key may do: SCOPES="statements/write statements/read/mine", or SCOPES=all`)
	}
	id, secret, err := newKey(ctx, s.store, o)
	if err != nil {
		return err
	}
	fmt.Printf("key:    %s\nsecret: %s\nscopes: %s\n", id, secret, o.scopes)
	return nil
}

func raiseShards(ctx context.Context, s *stores, o options) error {
	if err := s.ledger.RaiseShards(ctx, o.shards); err != nil {
		return err
	}
	fmt.Printf("the log has %d shards; writers use them in a minute\n", o.shards)
	return nil
}

// verifyAll reads the whole log and prints what does not agree with it.
func verifyAll(ctx context.Context, s *stores, _ options) error {
	x, found := index.New(s.store, s.ledger), 0
	v := &verify.Verifier{Store: s.store, Ledger: s.ledger, Index: x, LRS: lrs.New(s.ledger, x, s.blobs), Found: func(f verify.Finding) {
		found++
		fmt.Println(f)
	}}
	p := &progress{what: "verified"}
	through, err := v.Run(ctx, 0, math.MaxInt64, p.tell)
	p.end()
	if err != nil {
		return err
	}
	if found > 0 {
		return fmt.Errorf("%d findings", found)
	}
	fmt.Printf("everything agrees, up to %s\n", through.Time().Format(time.RFC3339))
	return nil
}

// rebuild makes index and reports anew from the log. What an earlier call left is taken up.
func rebuild(ctx context.Context, s *stores, o options) error {
	for _, runner := range projections(s, o).Runners {
		if err := build(ctx, runner); err != nil {
			return err
		}
	}
	return nil
}

func build(ctx context.Context, runner *projection.Runner) error {
	if err := runner.Rebuild(ctx); err != nil {
		return err
	}
	p := &progress{what: "in " + runner.Name}
	defer p.end()
	for {
		done, err := runner.Build(ctx, p.tell)
		if err != nil && ctx.Err() != nil {
			return errors.New("stopped; the next make rebuild, or the running server, goes on from here")
		}
		if err != nil || done {
			return err
		}
		time.Sleep(time.Second) // another worker is at it
	}
}

// progress is a line that tells how far a task has come.
type progress struct {
	what       string
	statements int
	told       time.Time
	through    ledger.Instant
}

func (p *progress) tell(through ledger.Instant, statements int) {
	p.statements, p.through = p.statements+statements, through
	if time.Since(p.told) > time.Second/4 {
		p.told = time.Now()
		p.print()
	}
}

func (p *progress) print() {
	fmt.Fprintf(os.Stderr, "\r%d statements %s, up to %s", p.statements, p.what, p.through.Time().Format(time.RFC3339))
}

func (p *progress) end() {
	p.print()
	fmt.Fprintln(os.Stderr)
}
