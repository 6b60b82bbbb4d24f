package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cairn/infra/local/program"
)

const (
	followRate    = 200 // statements a second, one by one
	followSenders = 16
	lookEach      = 20 * time.Millisecond
)

// follow measures how long it takes from the answer to a statement until the reports count it.
func follow(ctx context.Context, path string, stores []string, file string, span time.Duration, env string) error {
	statements, err := readStatements(file)
	if err != nil {
		return err
	}
	fmt.Printf("%-8s  %12s  %8s  %8s  %8s  %8s\n", "store", "statements/s", "counted", "p50 ms", "p95 ms", "p99 ms")
	for _, store := range stores {
		data, err := os.MkdirTemp("", "cairn-follow-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(data)
		p, err := program.Start(ctx, program.Options{Path: path, Store: store, Data: data, Env: strings.Split(env, ",")})
		if err != nil {
			return err
		}
		waits, err := followStore(ctx, p, statements, span)
		p.Stop()
		if err != nil {
			return fmt.Errorf("%s: %w", store, err)
		}
		slices.Sort(waits)
		at := func(share float64) float64 {
			return float64(waits[min(int(share*float64(len(waits))), len(waits)-1)]) / float64(time.Millisecond)
		}
		fmt.Printf("%-8s  %12.0f  %8d  %8.0f  %8.0f  %8.0f\n", store, float64(len(waits))/span.Seconds(), len(waits), at(.5), at(.95), at(.99))
	}
	return nil
}

// followStore sends at a steady rate, and looks at the overview all the while, until it has counted everything. The n-th answer is
// held against the moment at which n statements were counted.
func followStore(ctx context.Context, p *program.Program, s *statements, span time.Duration) (waits []time.Duration, err error) {
	var mu sync.Mutex
	var answered []time.Time
	senders, at := errgroup.WithContext(ctx)
	senders.SetLimit(followSenders)
	tick := time.NewTicker(time.Second / followRate)
	defer tick.Stop()
	sent := make(chan error, 1)
	go func() {
		for n := range int(span.Seconds() * followRate) {
			<-tick.C
			senders.Go(func() error {
				if err := postUntilStored(at, http.DefaultClient, p, s.body(nil, n, 1)); err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				answered = append(answered, time.Now())
				return nil
			})
		}
		sent <- senders.Wait()
	}()
	done := false
	for !done || len(waits) < len(answered) {
		select {
		case err = <-sent:
			if done = true; err != nil {
				return nil, err
			}
		case <-time.After(lookEach):
		}
		counted, err := countedBy(ctx, p)
		if err != nil {
			return nil, err
		}
		now := time.Now()
		mu.Lock()
		for len(waits) < min(counted, len(answered)) {
			waits = append(waits, max(now.Sub(answered[len(waits)]), 0))
		}
		mu.Unlock()
	}
	return waits, nil
}

// countedBy is how many statements the overview of the days of the file counts.
func countedBy(ctx context.Context, p *program.Program) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Address+"/reports/overview?from=2021-11-01&to=2021-12-31", nil)
	if err != nil {
		return 0, err
	}
	r.SetBasicAuth(program.Key, program.Secret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the overview is answered with %s", answer.Status)
	}
	var overview struct{ Total struct{ Statements int } }
	return overview.Total.Statements, json.NewDecoder(answer.Body).Decode(&overview)
}
