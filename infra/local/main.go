// Command local runs Cairn on one machine: the handlers of its Lambdas, behind one port, over the embedded store or over
// DynamoDB Local and an S3 server.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"cairn/internal/auth"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/stream"
)

// options are the settings, each a flag and an environment variable.
type options struct {
	port          int
	data          string
	key, secret   string
	scopes, label string
	fallback      string
	origins       string
	memory, aws   bool
	makeKey, demo bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	compose.LogJSON()
	o, err := readOptions(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cairn:", err)
		os.Exit(1)
	}
}

func readOptions(args []string) (o options, err error) {
	env := func(name, otherwise string) string { return cmp.Or(os.Getenv(name), otherwise) }
	port, err := strconv.Atoi(env("PORT", "8080"))
	if err != nil {
		return o, errors.New("PORT is not a number")
	}
	f := flag.NewFlagSet("cairn", flag.ContinueOnError)
	f.IntVar(&o.port, "port", port, "`port` to listen on (PORT)")
	f.StringVar(&o.data, "data", env("DATA", ".data"), "`folder` that holds everything (DATA)")
	f.StringVar(&o.key, "key", os.Getenv("KEY"), "`id` of the first key (KEY)")
	f.StringVar(&o.secret, "secret", os.Getenv("SECRET"), "`secret` of the first key (SECRET)")
	f.StringVar(&o.scopes, "scopes", env("SCOPES", "all"), "`scopes` of a key that is made, separated by spaces (SCOPES)")
	f.StringVar(&o.label, "label", os.Getenv("LABEL"), "`name` of a key that is made (LABEL)")
	f.StringVar(&o.fallback, "fallback-version", os.Getenv("FALLBACK_VERSION"), "xAPI `version` answered when a request names none (FALLBACK_VERSION)")
	f.StringVar(&o.origins, "cors-origins", env("CORS_ORIGINS", "*"), "`origins` that browsers may call from (CORS_ORIGINS)")
	f.BoolVar(&o.memory, "memory", os.Getenv("MEMORY") == "1", "keep nothing when it stops (MEMORY=1)")
	f.BoolVar(&o.aws, "aws", false, "run on DynamoDB Local and an S3 server")
	f.BoolVar(&o.demo, "demo", false, "fill it with a few months of a small organisation")
	f.BoolVar(&o.makeKey, "make-key", false, "make one key, print it, and stop")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if (o.key == "") != (o.secret == "") {
		return o, errors.New("KEY and SECRET go together")
	}
	return o, nil
}

// run serves until ctx ends.
func run(ctx context.Context, o options) error {
	fallback, err := config.Fallback(o.fallback)
	if err != nil {
		return err
	}
	var listener net.Listener
	if !o.makeKey {
		if listener, err = net.Listen("tcp", net.JoinHostPort("localhost", strconv.Itoa(o.port))); err != nil {
			return fmt.Errorf("port %d is taken; choose another with PORT=", o.port)
		}
		defer listener.Close()
	}
	s, err := openStores(ctx, o)
	if err != nil {
		return err
	}
	defer s.close()

	base := "http://localhost:" + strconv.Itoa(o.port) + "/xapi"
	if err := firstKey(ctx, s.store, o, base); err != nil || o.makeKey {
		return err
	}
	if o.demo {
		filler, err := demoClient(ctx, s.store, base)
		if err != nil {
			return err
		}
		go fill(ctx, filler, demoOf(time.Now()))
	}
	waker := compose.Index(s.store, s.ledger, config.Index{})
	go keepAwake(ctx, s.bell, waker)
	server := &http.Server{
		Handler:           compose.API(s.store, s.blobs, s.ledger, config.API{Fallback: fallback, Origins: config.Origins(o.origins)}),
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

// keepAwake runs the projections whenever the bell rings, and every so often for what it left.
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
	for ctx.Err() == nil {
		if err := bell.Listen(ctx, kv.Log, waker.Ring); err != nil && ctx.Err() == nil {
			slog.Error("bell", "error", err.Error())
			time.Sleep(time.Second)
		}
	}
}

// firstKey makes the first key, or the one that was asked for, and prints how to use it.
func firstKey(ctx context.Context, store kv.Store, o options, base string) error {
	keys := auth.New(store)
	if o.key == "" && !o.makeKey {
		if any, err := keys.Any(ctx); err != nil || any {
			if err == nil {
				fmt.Printf("\nCairn answers at %s, to the keys that were made before. Another: make key\n\n", base)
			}
			return err
		}
	}
	scopes, err := auth.ParseScopes(o.scopes)
	if err != nil {
		return err
	}
	id, secret, err := keys.Make(ctx, auth.NewKey{ID: o.key, Secret: o.secret, Scopes: scopes, Label: o.label, HomePage: base})
	if err != nil {
		return err
	}
	if o.makeKey {
		fmt.Printf("key:    %s\nsecret: %s\nscopes: %s\n", id, secret, scopes)
		return nil
	}
	fmt.Printf(greeting, base, id, secret, id, secret, base)
	return nil
}

const greeting = `
Cairn answers at %s
  key:    %s
  secret: %s   (shown once; another key: make key)

Try it:
curl -u '%s:%s' -H 'X-Experience-API-Version: 1.0.3' -H 'Content-Type: application/json' \
  -d '{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},"object":{"id":"http://example.com/first-steps"}}' \
  %s/statements

`
