// Command benchreports counts the reporting tables once more, by brute force, after made-up traffic and after the statements of a file,
// and prints how many lines of the tables were compared, which differ, what it cost to count them, and what it costs to ask about many.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"cairn/infra/local/recount"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	made := flag.Int("statements", 100_000, "`number` of statements to make up")
	file := flag.String("file", "testdata/video-statements.ndjson.gz", "`file` of statements, one a line")
	many := flag.Int("reads", 1_000_000, "`number` of statements at which answers must read no more than at 10,000; 0 to leave that out")
	flag.Parse()
	if err := run(ctx, *made, *file, *many); err != nil {
		fmt.Fprintln(os.Stderr, "benchreports:", err)
		os.Exit(1)
	}
}

var (
	errDiffer = errors.New("the tables are not what the log says")
	errMore   = errors.New("answers read more when there are more statements")
)

func run(ctx context.Context, made int, file string, many int) error {
	if err := compareReads(ctx, many); err != nil {
		return err
	}
	sent, err := readRequests(file, 50)
	if err != nil {
		return err
	}
	differ := 0
	for _, c := range []struct {
		name     string
		requests [][][]byte
	}{{"made-up traffic", makeUp(made)}, {file, sent}} {
		n, err := compare(ctx, c.name, c.requests)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		differ += n
	}
	statements, err := recount.Registered(slices.Concat(sent...))
	if err != nil {
		return err
	}
	for _, flush := range []int{1, 4, 50, 500, 2000} {
		err := inWorld(ctx, func(w *recount.World, m *recount.Meter) error {
			cost, err := recount.MeasureWrites(ctx, w, m, statements, flush)
			if err == nil {
				fmt.Println(cost)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if differ > 0 {
		return errDiffer
	}
	return nil
}

// inWorld does something in an empty world.
func inWorld(ctx context.Context, do func(*recount.World, *recount.Meter) error) error {
	dir, err := os.MkdirTemp("", "cairn-reports-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store, err := bolt.Open(filepath.Join(dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer store.Close()
	meter := recount.NewMeter(store)
	l, err := ledger.Open(ctx, meter, ledger.Options{Alone: true})
	if err != nil {
		return err
	}
	return do(recount.NewWorld(meter, l, 0), meter)
}

// compare stores requests, counts them, and counts them again.
func compare(ctx context.Context, name string, requests [][][]byte) (differ int, err error) {
	err = inWorld(ctx, func(w *recount.World, m *recount.Meter) error {
		for _, r := range requests {
			if err := recount.Append(ctx, w.Ledger, r...); err != nil {
				return err
			}
		}
		if err := w.Index.Run(ctx); err != nil {
			return err
		}
		m.Reads()
		begun := time.Now()
		if err := w.Reports.Run(ctx); err != nil {
			return err
		}
		took, reads, n := time.Since(begun), m.Reads(), len(slices.Concat(requests...))
		fmt.Printf("%s: %d statements in %d requests counted in %.1f s, %.0f a second; %.2f read units a statement, calls %v\n",
			name, n, len(requests), took.Seconds(), float64(n)/took.Seconds(), reads.Units().Read/float64(n), reads.Calls)
		lines, differences, err := w.Compare(ctx, 1)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d lines of the tables compared with the recount, %d differences\n", name, lines, len(differences))
		for _, d := range differences[:min(20, len(differences))] {
			fmt.Println("  ", d)
		}
		differ = len(differences)
		return nil
	})
	return differ, err
}
