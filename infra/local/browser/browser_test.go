// Package browser holds what a person sees of the dashboard: each scenario, a script beside this file, drives Chromium over the server of `make run`.
package browser

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/infra/local/client"
	"cairn/infra/local/program"
	"cairn/infra/local/traffic"
)

const (
	// patience is how long a step waits for what must come, in milliseconds.
	patience = "20000"
	// longest is how long a scenario may take, on a machine that does other things too.
	longest = 2 * time.Minute
	// days of traffic that the server holds: the span that pages show.
	days = 28
)

// Scenarios that change what others look at: each by itself, the first on a new server.
var alone = []string{"first.mjs", "keys.mjs", "live.mjs"}

// TestScenarios runs the first on a new server, and all others on one that holds some weeks of a small organisation.
func TestScenarios(t *testing.T) {
	p := start(t)
	for i, script := range alone {
		if i == 1 {
			fill(t, p)
		}
		t.Run(script, func(t *testing.T) { run(t, script, p.Address) })
	}
	scripts, err := filepath.Glob("*.mjs")
	if err != nil || len(scripts) < 2*len(alone) {
		t.Fatal(scripts, err)
	}
	for _, script := range scripts {
		if script != "browser.mjs" && !slices.Contains(alone, script) {
			t.Run(script, func(t *testing.T) {
				t.Parallel()
				run(t, script, p.Address)
			})
		}
	}
}

// TestAScenarioFails for what it must not let pass.
func TestAScenarioFails(t *testing.T) {
	for page, faults := range map[string][]string{
		`<title>A page</title><script src="/x.js"></script><img src="/none.png" alt=""><img src="http://127.0.0.1:1/x.png" alt=""><p>There is no form here.</p>`: {
			"the console says: no", "none.png is answered 404", "asks elsewhere", "signing in"},
		`<p>There is no title here.</p>`: {"document-title"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/console/":
				http.Redirect(w, r, "/console/signin", http.StatusSeeOther)
			case "/console/signin":
				w.Header().Set("Content-Type", "text/html")
				w.Write([]byte(`<!doctype html><html lang="en"><link rel="icon" href="/icon"><meta charset="utf-8"><main><h1>A page</h1>` + page + `</main></html>`))
			case "/x.js":
				w.Header().Set("Content-Type", "text/javascript")
				w.Write([]byte(`console.error("no")`))
			case "/icon":
			default:
				http.NotFound(w, r)
			}
		}))
		said, err := output(t, "signin.mjs", server.URL, "500") // what never comes is not waited for long
		server.Close()
		for _, fault := range faults {
			if err == nil || !strings.Contains(said, fault) {
				t.Errorf("%s: %v, and it said:\n%s", fault, err, said)
			}
		}
	}
}

// start starts the server of `make run`, with nothing in it.
func start(t *testing.T) *program.Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cairn")
	if said, err := exec.Command("go", "build", "-o", path, "cairn/infra/local").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	p, err := program.Start(t.Context(), program.Options{Path: path, Data: t.TempDir(), Store: "embedded", Env: []string{"MEMORY=1"}, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// fill sends the traffic of the last weeks, and waits until every figure has it.
func fill(t *testing.T, p *program.Program) {
	t.Helper()
	c := &client.Client{Address: p.XAPI(), Key: program.Key, Secret: program.Secret}
	made := traffic.Settings{Seed: 1, Statements: 2500, From: time.Now().UTC().AddDate(0, 0, -days), Days: days}
	if err := c.Send(t.Context(), client.Batches(client.Traffic(made), 200), 1, func([][]byte) {}); err != nil {
		t.Fatal(err)
	}
	for sent := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		text, _, err := c.Get(t.Context(), p.Address+"/reports/overview")
		if err != nil {
			t.Fatal(err)
		}
		var overview struct{ AsOf time.Time }
		if err := json.Unmarshal(text, &overview); err != nil {
			t.Fatal(err)
		}
		if overview.AsOf.After(sent) {
			return
		}
	}
}

func run(t *testing.T, script, address string) {
	t.Helper()
	said, err := output(t, script, address, patience)
	if err != nil {
		t.Errorf("%v\n%s", err, said)
		return
	}
	for line := range strings.Lines(said) {
		t.Log(strings.TrimSpace(line))
	}
}

// output runs a scenario and returns what it said.
func output(t *testing.T, script, address, patience string) (string, error) {
	t.Helper()
	parts, err := filepath.Abs("../../../.build/browser")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(parts); err != nil {
		t.Fatal("what drives the browser is not installed: run `make .build/browser`")
	}
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", script)
	cmd.Env = append(os.Environ(), "ADDRESS="+address, "CHROMIUM="+chromium(t), "PARTS="+parts, "PATIENCE="+patience, "KEY="+program.Key, "SECRET="+program.Secret)
	cmd.WaitDelay = 5 * time.Second
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// chromium is the browser, by whatever name this machine has it.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("Chromium is missing: run `make chromium`")
	return ""
}
