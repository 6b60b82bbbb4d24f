// Command load sends a file of statements, one a line, to an LRS, and can then read them back and compare.
package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	env := func(name, otherwise string) string { return cmp.Or(os.Getenv(name), otherwise) }
	file := flag.String("file", "", "`file` of statements, one a line, .gz or not")
	batch := flag.Int("batch", 50, "statements a request; 1 sends each by itself")
	connections := flag.Int("connections", 4, "requests at once")
	check := flag.Bool("check", false, "read everything back and compare it with what was sent")
	var c client
	flag.StringVar(&c.address, "url", env("URL", "http://localhost:"+env("PORT", "8080")+"/xapi"), "`address` of the LRS (URL)")
	flag.StringVar(&c.key, "key", os.Getenv("KEY"), "`id` of the key (KEY)")
	flag.StringVar(&c.secret, "secret", os.Getenv("SECRET"), "`secret` of the key (SECRET)")
	flag.Parse()
	if err := run(ctx, &c, *file, *batch, *connections, *check); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c *client, file string, batch, connections int, check bool) error {
	lines, size, err := open(file)
	if err != nil {
		return err
	}
	since, err := c.now(ctx)
	if err != nil {
		return err
	}
	var sent sentStatements
	var done atomic.Int64
	begun := time.Now()
	progress(&done, func() {
		err = send(ctx, c, lines, batch, connections, func(statements []string) {
			done.Add(int64(len(statements)))
			if check {
				sent.add(statements)
			}
		})
	})
	if err != nil {
		return fmt.Errorf("after %d statements: %w", done.Load(), err)
	}
	took := time.Since(begun)
	fmt.Printf("sent %d statements (%.1f MB) in %.1f s: %.0f a second\n", done.Load(), float64(size())/1e6, took.Seconds(), float64(done.Load())/took.Seconds())
	if !check {
		return nil
	}
	progress(&done, func() { err = sent.compare(ctx, c, since, &done) })
	if err != nil {
		return err
	}
	fmt.Printf("read %d statements back: each once, every value as it was sent\n", done.Load())
	return nil
}

// progress prints how many statements are through, every second, while do runs.
func progress(done *atomic.Int64, do func()) {
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
			fmt.Printf("%8d\n", done.Load())
		}
	}
}

// send posts the lines in batches, several at once.
func send(ctx context.Context, c *client, lines *bufio.Scanner, batch, connections int, sent func([]string)) error {
	senders, ctx := errgroup.WithContext(ctx)
	senders.SetLimit(connections)
	post := func(statements []string) {
		senders.Go(func() error {
			if err := c.post(ctx, statements); err != nil {
				return err
			}
			sent(statements)
			return nil
		})
	}
	var waiting []string
	for ctx.Err() == nil && lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if waiting = append(waiting, lines.Text()); len(waiting) == batch {
			post(waiting)
			waiting = nil
		}
	}
	if len(waiting) > 0 {
		post(waiting)
	}
	if err := senders.Wait(); err != nil {
		return err
	}
	return lines.Err()
}

// open returns the file's lines, and how many bytes of it were read.
func open(file string) (*bufio.Scanner, func() int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (make load FILE=…)", err)
	}
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, nil, err
		}
	}
	counted := &counter{r: r}
	lines := bufio.NewScanner(counted)
	lines.Buffer(nil, 16<<20)
	return lines, func() int64 { return counted.n }, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
