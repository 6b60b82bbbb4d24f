// Command benchexport exports made-up traffic and prints how fast that was, the memory it took, how large the files are beside the same statements as NDJSON,
// what a day costs that is written anew for one late statement, and how much of the files questions read.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"cairn/infra/local/recount"
	"cairn/infra/local/traffic"
	"cairn/internal/blob/files"
	"cairn/internal/export"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	statements := flag.Int("statements", 1_000_000, "`number` of statements to make up")
	days := flag.Int("days", 0, "`number` of days on which they happen; 0 for 90, and then all on 1")
	flag.Parse()
	spans := []int{90, 1}
	if *days > 0 {
		spans = []int{*days}
	}
	if err := run(ctx, *statements, spans); err != nil {
		fmt.Fprintln(os.Stderr, "benchexport:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int, spans []int) error {
	for _, days := range spans {
		err := inFolder(func(dir string) error { return bench(ctx, dir, n, days) })
		if err != nil {
			return err
		}
	}
	return nil
}

func inFolder(do func(dir string) error) error {
	dir, err := os.MkdirTemp("", "cairn-export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return do(dir)
}

// world is a log with made-up traffic in it.
type world struct {
	store  kv.Store
	ledger *ledger.Ledger
	ndjson int64 // bytes of the statements as NDJSON, as they are stored
	n      int
}

func bench(ctx context.Context, dir string, n, days int) error {
	store, err := bolt.Open(filepath.Join(dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer store.Close()
	l, err := ledger.Open(ctx, store, ledger.Options{Alone: true})
	if err != nil {
		return err
	}
	w := &world{store: store, ledger: l}
	for s := range traffic.Sendings(traffic.Settings{Seed: 1, Statements: n, Days: days, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		if err := recount.Append(ctx, l, s.Statements...); err != nil {
			return err
		}
	}
	if err := w.size(ctx); err != nil {
		return err
	}
	for _, raw := range []export.Raw{export.RawNone, export.RawKeys} {
		if err := w.export(ctx, filepath.Join(dir, string(raw)), days, raw); err != nil {
			return err
		}
	}
	return nil
}

// size measures the statements as NDJSON.
func (w *world) size(ctx context.Context) error {
	scan := w.ledger.Scan(ledger.Span{To: w.ledger.Now()}, 0)
	for {
		r, ok, err := scan.Next(ctx)
		if err != nil || !ok {
			return err
		}
		w.n++
		w.ndjson += int64(len(r.Text)) + 1
	}
}

// export exports everything to a folder, then one late statement.
func (w *world) export(ctx context.Context, dir string, days int, raw export.Raw) error {
	out, err := files.Open(dir, files.Options{NoSync: true})
	if err != nil {
		return err
	}
	checkpoints, err := bolt.Open(filepath.Join(dir, ".cairn", "checkpoint.db"), bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer checkpoints.Close()
	x := export.New(w.store, checkpoints, w.ledger, out, export.Settings{Raw: raw})
	c, err := watched(func() error { return x.Run(ctx, export.Event{}) })
	if err != nil {
		return err
	}
	sizes, err := measure(dir)
	if err != nil {
		return err
	}
	fmt.Printf("%d statements in %d days, raw=%s: exported in %.1f s, %.0f a second, %.0f a second of a processor; heap at most %.0f MB; %d files of statements\n",
		w.n, days, raw, c.time.Seconds(), float64(w.n)/c.time.Seconds(), float64(w.n)/c.processor.Seconds(), float64(c.heap)/1e6, sizes.files)
	fmt.Printf("  as NDJSON %.0f bytes a statement; as Parquet %.1f, 1/%.1f of that; with answers and video segments %.1f\n",
		float64(w.ndjson)/float64(w.n), float64(sizes.statements)/float64(w.n), float64(w.ndjson)/float64(sizes.statements), float64(sizes.all)/float64(w.n))
	for _, q := range questions {
		if raw == export.RawKeys && days > 1 {
			read, err := q.reads(dir)
			if err != nil {
				return err
			}
			fmt.Printf("  %s: reads %.2f MB, 1/%.0f of NDJSON\n", q.what, float64(read)/1e6, float64(w.ndjson)/float64(read))
		}
	}
	return w.late(ctx, x)
}

// late exports one more statement, of the first day.
func (w *world) late(ctx context.Context, x *export.Exporter) error {
	text := fmt.Appendf(nil, `{"id":"00000000-0000-4000-8000-%012d","actor":{"mbox":"mailto:late@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},
		"object":{"id":"http://example.com/late"},"timestamp":"2026-01-05T12:00:00Z"}`, time.Now().UnixNano()%1_000_000_000_000)
	if err := recount.Append(ctx, w.ledger, text); err != nil {
		return err
	}
	c, err := watched(func() error { return x.Run(ctx, export.Event{}) })
	fmt.Printf("  one late statement, and its day written anew: %.2f s\n", c.time.Seconds())
	return err
}
