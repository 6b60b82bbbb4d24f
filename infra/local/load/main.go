// Command load sends statements to an LRS, those of a file or made-up traffic, and can then read them back and compare. Or it
// writes them to a file.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"cairn/infra/local/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := load(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func load(ctx context.Context) error {
	env := func(name, otherwise string) string { return cmp.Or(os.Getenv(name), otherwise) }
	var from source
	if err := from.flags(flag.CommandLine); err != nil {
		return err
	}
	out := flag.String("out", "", "`file` to write, one statement a line, .gz or not, instead of sending")
	connections := flag.Int("connections", 0, "requests at once; 0 is 4, and as many as traffic's many providers would make")
	check := flag.Bool("check", false, "read everything back and compare it with what was sent")
	var c client.Client
	flag.StringVar(&c.Address, "url", env("URL", "http://localhost:"+env("PORT", "8080")+"/xapi"), "`address` of the LRS (URL)")
	flag.StringVar(&c.Key, "key", os.Getenv("KEY"), "`id` of the key (KEY)")
	flag.StringVar(&c.Secret, "secret", os.Getenv("SECRET"), "`secret` of the key (SECRET)")
	flag.Parse()
	requests, err := from.open()
	if err != nil {
		return err
	}
	if *out != "" {
		return keep(*out, requests)
	}
	return send(ctx, &c, requests, cmp.Or(*connections, from.connections()), *check)
}

// keep writes the statements to a file.
func keep(file string, requests client.Requests) (err error) {
	var done atomic.Int64
	client.Progress(os.Stdout, &done, func() { err = write(file, requests, &done) })
	if err != nil {
		return err
	}
	fmt.Printf("wrote %d statements to %s\n", done.Load(), file)
	return nil
}

// send posts the statements, and reads them back if that is asked for.
func send(ctx context.Context, c *client.Client, requests client.Requests, connections int, check bool) error {
	since, err := c.Now(ctx)
	if err != nil {
		return err
	}
	var sent sentStatements
	var done, size atomic.Int64
	begun := time.Now()
	client.Progress(os.Stdout, &done, func() {
		err = c.Send(ctx, requests, connections, func(statements [][]byte) {
			done.Add(int64(len(statements)))
			for _, statement := range statements {
				size.Add(int64(len(statement)))
			}
			if check {
				sent.add(statements)
			}
		})
	})
	if err != nil {
		return fmt.Errorf("after %d statements: %w", done.Load(), err)
	}
	took := time.Since(begun)
	fmt.Printf("sent %d statements (%.1f MB) in %.1f s: %.0f a second\n", done.Load(), float64(size.Load())/1e6, took.Seconds(), float64(done.Load())/took.Seconds())
	if !check {
		return nil
	}
	client.Progress(os.Stdout, &done, func() { err = sent.compare(ctx, c, since, &done) })
	if err != nil {
		return err
	}
	fmt.Printf("read %d statements back: each once, every value as it was sent\n", done.Load())
	return nil
}
