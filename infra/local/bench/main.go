// Command bench measures a built Cairn from outside, over HTTP: real statements, one by one and in batches, over more and more
// connections, each of which sends again as soon as it is answered. It prints statements a second, how long answers took, and what
// the program used. With -follow it measures how soon reports count what is stored.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"cairn/infra/local/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path := flag.String("program", ".build/cairn", "the built `program`")
	stores := flag.String("stores", "embedded,aws", "`stores` to run on")
	file := flag.String("file", "testdata/video-statements.ndjson.gz", "`file` of statements, one a line")
	seconds := flag.Int("seconds", 5, "`seconds` each measurement takes")
	env := flag.String("env", "", "further `settings` of the program, NAME=value, separated by commas")
	reports := flag.Bool("follow", false, "measure instead how soon the reports count what is stored")
	flag.Parse()
	measured := run
	if *reports {
		measured = follow
	}
	if err := measured(ctx, *path, strings.Split(*stores, ","), *file, time.Duration(*seconds)*time.Second, *env); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, path string, stores []string, file string, span time.Duration, env string) error {
	statements, err := readStatements(file)
	if err != nil {
		return err
	}
	fmt.Printf("%-8s  %5s  %11s  %12s  %8s  %8s  %8s  %10s  %6s\n",
		"store", "batch", "connections", "statements/s", "p50 ms", "p95 ms", "p99 ms", "CPU µs/st.", "MB")
	for _, store := range stores {
		if store == "aws" {
			if err := printLimit(ctx, span); err != nil {
				return err
			}
		}
		if err := measureStore(ctx, path, store, statements, span, env); err != nil {
			return fmt.Errorf("%s: %w", store, err)
		}
	}
	return nil
}

func measureStore(ctx context.Context, path, store string, statements *statements, span time.Duration, env string) error {
	data, err := os.MkdirTemp("", "cairn-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	warmUp := embeddedWarmUp
	if store == "aws" {
		warmUp, env = awsWarmUp, env+",MEMORY=1"
	}
	for _, batch := range []int{1, 50} {
		for _, connections := range []int{1, 8, 64} {
			// A program of its own each time, so that memory is what this load takes.
			p, err := program.Start(ctx, program.Options{
				Path: path, Store: store, Data: filepath.Join(data, fmt.Sprint(batch, "-", connections)),
				Env: strings.Split(env, ","),
			})
			if err != nil {
				return err
			}
			r, err := measure(ctx, p, statements, batch, connections, warmUp, span)
			p.Stop()
			if err != nil {
				return err
			}
			fmt.Printf("%-8s  %5d  %11d  %12.0f  %8.2f  %8.2f  %8.2f  %10.1f  %6.0f\n", store, batch, connections,
				r.rate, r.p50, r.p95, r.p99, r.cpu, r.memory)
		}
	}
	return nil
}
