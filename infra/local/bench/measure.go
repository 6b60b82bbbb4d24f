package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cairn/infra/local/program"
)

// result is what one measurement found.
type result struct {
	rate          float64 // statements a second
	p50, p95, p99 float64 // milliseconds to an answer
	cpu           float64 // microseconds of the program's own time for a statement
	memory        float64 // megabytes, at most
}

// What is sent before anything is measured: Java takes its time to compile.
const (
	embeddedWarmUp = 500 * time.Millisecond
	awsWarmUp      = 8 * time.Second
)

// measure has connections send batches for a time.
func measure(ctx context.Context, p *program.Program, s *statements, batch, connections int, warmUp, span time.Duration) (result, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	if _, err := load(ctx, client, p, s, batch, connections, warmUp); err != nil {
		return result{}, err
	}
	before, err := used(p.PID())
	if err != nil {
		return result{}, err
	}
	begun := time.Now()
	times, err := load(ctx, client, p, s, batch, connections, span)
	if err != nil {
		return result{}, err
	}
	took := time.Since(begun)
	after, err := used(p.PID())
	if err != nil {
		return result{}, err
	}
	count := float64(batch * len(times))
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[min(int(share*float64(len(times))), len(times)-1)]) / float64(time.Millisecond)
	}
	return result{
		rate: count / took.Seconds(), p50: at(0.50), p95: at(0.95), p99: at(0.99),
		cpu: float64((after.cpu - before.cpu).Microseconds()) / count, memory: after.memory,
	}, nil
}

func load(ctx context.Context, client *http.Client, p *program.Program, s *statements, batch, connections int, span time.Duration) ([]time.Duration, error) {
	end := time.Now().Add(span)
	times := make([][]time.Duration, connections)
	senders, ctx := errgroup.WithContext(ctx)
	for c := range connections {
		senders.Go(func() error {
			var body []byte
			for n := c; time.Now().Before(end); n += connections {
				body = s.body(body[:0], n*batch, batch)
				begun := time.Now()
				if err := postUntilStored(ctx, client, p, body); err != nil {
					return err
				}
				times[c] = append(times[c], time.Since(begun))
			}
			return nil
		})
	}
	err := senders.Wait()
	return slices.Concat(times...), err
}

// postUntilStored sends again what is answered with 503, as a provider does; the wait counts.
func postUntilStored(ctx context.Context, client *http.Client, p *program.Program, body []byte) error {
	for {
		status, text, err := post(ctx, client, p, body)
		switch {
		case err != nil:
			return err
		case status == http.StatusOK:
			return nil
		case status != http.StatusServiceUnavailable:
			return fmt.Errorf("answered %d: %s", status, text)
		}
		time.Sleep(time.Second)
	}
}

func post(ctx context.Context, client *http.Client, p *program.Program, body []byte) (status int, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.XAPI()+"/statements", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.SetBasicAuth(program.Key, program.Secret)
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

// usage is what a process has used so far.
type usage struct {
	cpu    time.Duration
	memory float64 // megabytes, at most
}

// used reads a process's times and its largest size from /proc.
func used(pid int) (u usage, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for _, ticks := range fields[11:13] { // user and system, in hundredths of a second
		n, err := strconv.Atoi(ticks)
		if err != nil {
			return u, err
		}
		u.cpu += time.Duration(n) * 10 * time.Millisecond
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return u, err
	}
	for line := range strings.Lines(string(status)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(size)[0], 64)
			if err != nil {
				return u, err
			}
			u.memory = kb / 1024
		}
	}
	return u, nil
}
