// Command local runs Cairn on one machine: the handlers of its Lambdas, behind one port, over the embedded store or over
// DynamoDB Local and an S3 server.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"cairn/internal/admin"
	"cairn/internal/auth"
	"cairn/internal/compose"
	"cairn/internal/compose/dashboard"
	"cairn/internal/config"
	"cairn/internal/export"
	"cairn/internal/kv"
	"cairn/internal/session"
	"cairn/internal/stream"
	"cairn/internal/telemetry"
	"cairn/internal/upkeep"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // a server of its own has memory to spare, and statements by the thousand to spend it on
	}
	o, err := readOptions(os.Args[1:])
	telemetry.Start(os.Stderr, "local", "", o.level)
	switch {
	case err != nil:
	case o.task == "":
		err = run(ctx, o)
	default:
		err = runTask(ctx, o)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cairn:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, o options) error {
	fallback, err := config.Fallback(o.fallback)
	if err != nil {
		return err
	}
	issuers, err := config.Issuers(o.issuers)
	if err != nil {
		return err
	}
	client, err := config.SignIn(issuers, o.client, o.clientSecret)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("localhost", strconv.Itoa(o.port)))
	if err != nil {
		return fmt.Errorf("port %d is taken; choose another with PORT=", o.port)
	}
	defer listener.Close()
	s, err := openStores(ctx, o)
	if err != nil {
		return err
	}
	defer s.close()

	if err := firstKey(ctx, s.store, o); err != nil {
		return err
	}
	if o.demo {
		filler, err := demoClient(ctx, s.store, o.base())
		if err != nil {
			return err
		}
		go fill(ctx, filler, demoOf(time.Now()))
	}
	go keepAwake(ctx, s.bell, projections(s, o))
	go keepUp(ctx, compose.Upkeep(s.store, s.blobs, s.ledger, config.Upkeep{}, nil))
	if o.export != "" {
		x, err := exporter(ctx, s, o, export.Settings{SnapshotAfter: time.Minute, KeepFor: 5 * time.Minute})
		if err != nil {
			return err
		}
		go keepExporting(ctx, x)
	}
	api := compose.API(s.store, s.blobs, s.ledger, config.API{Fallback: fallback, Origins: config.Origins(o.origins), Issuers: issuers})
	console, err := dashboard.New(s.store, s.ledger, config.Console{Issuers: issuers, SignIn: client})
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           dashboard.Beside(api, console),
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	return serve(ctx, server, listener)
}

// serve answers until ctx ends, and then lets the requests under way finish.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(last)
}

// flushAfter is how long statements wait for company: on AWS's parts as in AWS, where each row is paid for.
func (o options) flushAfter() time.Duration {
	if o.aws {
		return config.FlushAfter
	}
	return 0
}

// projections are those of all functions, in one waker: reports read the index.
func projections(s *stores, o options) *stream.Waker {
	waker := compose.Index(s.store, s.ledger, config.Index{FlushAfter: o.flushAfter()})
	waker.Runners = append(waker.Runners, compose.Aggregate(s.store, s.ledger, config.Index{FlushAfter: o.flushAfter()}).Runners...)
	return waker
}

// rest is how long the projections rest after each run: what is stored meanwhile is indexed together, and their commits leave room for
// the writers'. A search reads what waits from the log.
const rest = 100 * time.Millisecond

// keepAwake runs the projections when the bell rings, and every so often for what it left.
func keepAwake(ctx context.Context, bell kv.Bell, waker *stream.Waker) {
	go func() {
		for ctx.Err() == nil {
			if err := waker.Tick(ctx); err != nil && ctx.Err() == nil {
				slog.Error("tick", "error", err.Error())
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}()
	ring := func(ctx context.Context, changes []kv.Change) error {
		err := waker.Ring(ctx, changes)
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
		return err
	}
	for ctx.Err() == nil {
		if err := bell.Listen(ctx, kv.Log, ring); err != nil && ctx.Err() == nil {
			slog.Error("bell", "error", err.Error())
			time.Sleep(time.Second)
		}
	}
}

// keepUp does what a stack needs that is left running.
func keepUp(ctx context.Context, keeper *upkeep.Keeper) {
	for ctx.Err() == nil {
		if err := keeper.Tick(ctx); err != nil && ctx.Err() == nil {
			slog.Error("upkeep", "error", err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
	}
}

// origin is where everything is served.
func (o options) origin() string { return "http://localhost:" + strconv.Itoa(o.port) }

// base is the address of the xAPI resources.
func (o options) base() string { return o.origin() + "/xapi" }

// dashboard is the address of the pages.
func (o options) dashboard() string { return o.origin() + session.Base + "/" }

// firstKey makes the first key, or the one that was asked for, and prints how to use it.
func firstKey(ctx context.Context, store kv.Store, o options) error {
	keys := auth.New(store)
	if o.key == "" {
		if any, err := keys.Any(ctx); err != nil || any {
			if err == nil {
				fmt.Printf("\nCairn answers at %s, to the keys that were made before. Another: make key\nIts dashboard: %s\n\n", o.base(), o.dashboard())
			}
			return err
		}
	}
	if o.key != "" {
		// What was done to it since it was made, under /admin, stays done.
		if _, err := keys.Look(ctx, o.key); err == nil {
			fmt.Printf("\nCairn answers at %s, to the key %s as it was made before, and to others.\nIts dashboard: %s\n\n", o.base(), o.key, o.dashboard())
			return nil
		} else if !errors.Is(err, auth.ErrNoKey) {
			return err
		}
	}
	o.scopes = "all admin"
	id, secret, err := newKey(ctx, store, o)
	if err != nil {
		return err
	}
	fmt.Printf(greeting, o.base(), id, secret, o.dashboard(), id, secret, o.base())
	return nil
}

func newKey(ctx context.Context, store kv.Store, o options) (id, secret string, err error) {
	scopes, err := auth.ParseScopes(o.scopes)
	if err != nil {
		return "", "", err
	}
	office := compose.Office(store, auth.New(store))
	return office.MakeKey(ctx, admin.Operator{By: "make key"}, auth.NewKey{ID: o.key, Secret: o.secret, Scopes: scopes, Label: o.label, HomePage: o.base()})
}

const greeting = `
Cairn answers at %s
  key:    %s
  secret: %s   (shown once; another key: make key)

Its dashboard: %s, by the same key.

Try it:
curl -u '%s:%s' -H 'X-Experience-API-Version: 1.0.3' -H 'Content-Type: application/json' \
  -d '{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},"object":{"id":"http://example.com/first-steps"}}' \
  %s/statements

`
