// Package browser holds what a person sees of the dashboard: each scenario, a script beside this file, drives Chromium over the server of `make run`.
package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cairn/internal/auth"
	"cairn/internal/blob/files"
	"cairn/internal/compose"
	"cairn/internal/compose/dashboard"
	"cairn/internal/config"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
)

const (
	key    = "manager"
	secret = "only-for-the-browser"
	// patience is how long a step waits for what must come, in milliseconds.
	patience = "20000"
	// longest is how long a scenario may take, on a machine that does other things too.
	longest = 2 * time.Minute
)

func TestScenarios(t *testing.T) {
	scripts, err := filepath.Glob("*.mjs")
	if err != nil {
		t.Fatal(err)
	}
	address := serve(t)
	for _, script := range scripts {
		if name := strings.TrimSuffix(script, ".mjs"); name != "browser" {
			t.Run(name, func(t *testing.T) { run(t, script, address) })
		}
	}
}

// TestAScenarioFails for what it must not let pass.
func TestAScenarioFails(t *testing.T) {
	for what, page := range map[string]string{
		"the console says": `<script src="/x.js"></script>`,
		"is answered 404":  `<img src="/none.png" alt="">`,
		"asks elsewhere":   `<img src="http://127.0.0.1:1/x.png" alt="">`,
		"signing in":       `<p>There is no form here.</p>`,
		"document-title":   `<p>There is no title here.</p>`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/console/":
				http.Redirect(w, r, "/console/signin", http.StatusSeeOther)
			case "/console/signin":
				w.Header().Set("Content-Type", "text/html")
				title := "<title>A page</title>"
				if what == "document-title" {
					title = ""
				}
				w.Write([]byte(`<!doctype html><html lang="en"><link rel="icon" href="/icon"><meta charset="utf-8">` + title + `<main><h1>A page</h1>` + page + `</main></html>`))
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
		if err == nil || !strings.Contains(said, what) {
			t.Errorf("%s: %v, and it said:\n%s", what, err, said)
		}
	}
}

// serve is the server of `make run`, with a key for who looks at reports. It returns its address.
func serve(t *testing.T) string {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "kv"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := files.Open(t.TempDir(), files.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), store, ledger.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	made := auth.NewKey{ID: key, Secret: secret, Scopes: auth.ReportsRead, HomePage: "http://localhost/xapi"}
	if _, _, err := auth.New(store).Make(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	console, err := dashboard.New(store, l, config.Console{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(dashboard.Beside(compose.API(store, blobs, l, config.API{}), console))
	t.Cleanup(server.Close)
	return server.URL
}

func run(t *testing.T, script, address string) {
	t.Helper()
	if said, err := output(t, script, address, patience); err != nil {
		t.Errorf("%v\n%s", err, said)
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
	cmd.Env = append(os.Environ(), "ADDRESS="+address, "CHROMIUM="+chromium(t), "PARTS="+parts, "PATIENCE="+patience, "KEY="+key, "SECRET="+secret)
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
