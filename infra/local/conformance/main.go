// Command conformance runs both batteries of the ADL conformance suite against Cairn on this machine: on the embedded store and
// on DynamoDB Local, twice in a row on the same data. The suite is a checkout outside this repository, with its packages
// installed (npm install).
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
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
	for _, store := range []string{"embedded", "aws"} {
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
func runBattery(ctx context.Context, suite, program, store, data string, b battery) (s summary, err error) {
	address, stop, err := serve(ctx, program, store, data, b.version)
	if err != nil {
		return s, err
	}
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, batteryTime)
	defer cancel()
	runner := exec.CommandContext(ctx, "node", "bin/console_runner.js", "-e", address+"/xapi", "-a", "-u", "key", "-p", "secret", "-x", b.version, "-z")
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

// serve starts the program and waits until it answers.
func serve(ctx context.Context, program, store, data, fallback string) (address string, stop func(), err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	var args []string
	if store == "aws" {
		args = append(args, "-aws")
	}
	server := exec.Command(program, args...)
	server.Env = append(os.Environ(), fmt.Sprint("PORT=", port), "DATA="+filepath.Join(data, store), "KEY=key", "SECRET=secret", "FALLBACK_VERSION="+fallback)
	server.Stdout, server.Stderr = io.Discard, os.Stderr
	if err := server.Start(); err != nil {
		return "", nil, fmt.Errorf("%w (make build)", err)
	}
	stop = func() {
		server.Process.Signal(os.Interrupt)
		server.Wait()
	}
	address = fmt.Sprint("http://127.0.0.1:", port)
	for wait := time.Now().Add(time.Minute); ; {
		answer, err := http.Get(address + "/health")
		if err == nil {
			answer.Body.Close()
			return address, stop, nil
		}
		if time.Now().After(wait) || ctx.Err() != nil {
			stop()
			return "", nil, cmp.Or(ctx.Err(), errors.New("the server does not answer"))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
