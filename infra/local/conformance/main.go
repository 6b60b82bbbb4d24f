// Command conformance runs both batteries of the ADL conformance suite against Cairn on this machine: on the embedded store and
// on DynamoDB Local, twice in a row on the same data. The suite is a checkout outside this repository, with its packages
// installed (npm install).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"cairn/infra/local/program"
)

// battery is one version's tests, and how many a whole run of the suite's master has.
type battery struct {
	version string
	total   int
}

var batteries = []battery{{"1.0.3", 1365}, {"2.0.0", 1442}}

// batteryTime bounds a run: a test of the suite that never hears an answer waits for ever.
const batteryTime = 15 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	suite := flag.String("suite", "", "`folder` of the checked out suite")
	server := flag.String("server", ".build/cairn", "the built `program`")
	only := flag.String("store", "", "run on one store alone: embedded or aws")
	rounds := flag.Int("rounds", 2, "how often both batteries run on the same data")
	flag.Parse()
	if err := run(ctx, *suite, *server, *only, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, suite, server, only string, rounds int) error {
	if _, err := os.Stat(filepath.Join(suite, "bin", "console_runner.js")); err != nil {
		return errors.New("-suite names no checkout of the suite (make conformance SUITE=folder)")
	}
	if _, err := os.Stat(filepath.Join(suite, "node_modules")); err != nil {
		return errors.New("the suite's packages are not installed: run npm install in its folder")
	}
	passed, failed := 0, 0
	for _, store := range program.Stores {
		if only != "" && only != store {
			continue
		}
		data, err := os.MkdirTemp("", "cairn-conformance-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(data)
		for round := range rounds {
			for _, b := range batteries {
				s, err := runBattery(ctx, suite, server, store, data, b)
				if err != nil {
					return fmt.Errorf("%s, round %d, %s: %w", store, round+1, b.version, err)
				}
				fmt.Printf("%-8s  round %d  %s  %d of %d passed\n", store, round+1, b.version, s.Passed, b.total)
				passed, failed = passed+s.Passed, failed+b.total-s.Passed
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		return errors.New("not conformant")
	}
	return nil
}

// summary is what the suite's log says of a run.
type summary struct {
	Total, Passed, Failed int
}

// runBattery serves the data with the battery's version as the fallback, and runs the battery on it.
func runBattery(ctx context.Context, suite, server, store, data string, b battery) (s summary, err error) {
	p, err := program.Start(ctx, program.Options{
		Path: server, Data: filepath.Join(data, store), Store: store, Env: []string{"FALLBACK_VERSION=" + b.version}, Log: os.Stderr,
	})
	if err != nil {
		return s, err
	}
	defer p.Stop()
	ctx, cancel := context.WithTimeout(ctx, batteryTime)
	defer cancel()
	runner := exec.CommandContext(ctx, "node", "bin/console_runner.js", "-e", p.XAPI(), "-a", "-u", program.Key, "-p", program.Secret, "-x", b.version, "-z")
	runner.Dir = suite
	out, _ := runner.CombinedOutput() // its exit code is no verdict: it counts failures modulo 256, and is 0 when it never began
	return readLog(suite, string(out), b)
}

// readLog trusts a log alone, and that only if it is of a finished run of the whole battery.
func readLog(suite, out string, b battery) (s summary, err error) {
	_, rest, found := strings.Cut(out, "Full run log written to ")
	if !found {
		return s, fmt.Errorf("the run wrote no log; it said:\n%s", out)
	}
	path, _, _ := strings.Cut(rest, "\n")
	text, err := os.ReadFile(filepath.Join(filepath.Join(suite, "logs"), filepath.Base(strings.TrimSpace(path))))
	if err != nil {
		return s, err
	}
	var log struct {
		Summary summary
		State   string
		Log     json.RawMessage
	}
	if err := json.Unmarshal(text, &log); err != nil {
		return s, fmt.Errorf("the log cannot be read: %w", err)
	}
	s = log.Summary
	if log.State != "finished" || s.Total != b.total {
		return s, fmt.Errorf("the run is %q with %d tests, not finished with %d", log.State, s.Total, b.total)
	}
	if s.Passed != s.Total || s.Failed != 0 {
		printFailures(log.Log, "")
	}
	return s, nil
}

// printFailures prints the tests that failed, each behind the titles that lead to it.
func printFailures(node json.RawMessage, path string) {
	var n struct {
		Title, Status, Error string
		Tests                []json.RawMessage
	}
	if json.Unmarshal(node, &n) != nil {
		return
	}
	path = strings.TrimPrefix(path+" > "+n.Title, " > ")
	if len(n.Tests) == 0 && n.Status == "failed" {
		fmt.Printf("failed: %s\n        %s\n", path, n.Error)
	}
	for _, t := range n.Tests {
		printFailures(t, path)
	}
}
