package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cairn/infra/local/recount"
	"cairn/internal/export"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/projection"
)

// stored is data with a statement in it.
func stored(t *testing.T) (*stores, options) {
	t.Helper()
	o := options{data: t.TempDir(), export: filepath.Join(t.TempDir(), "folder")}
	s, err := openStores(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	err = recount.Append(t.Context(), s.ledger, []byte(`{"id":"2a41c918-b88b-4220-a4a8-9e93cb1b9f01","actor":{"mbox":"mailto:ada@example.com"},
		"verb":{"id":"http://example.com/read"},"object":{"id":"http://example.com/page"},"timestamp":"2026-01-05T08:00:00Z"}`))
	if err != nil {
		t.Fatal(err)
	}
	return s, o
}

// exported exports as a process of its own does, and says how many files manifests name.
func exported(t *testing.T, s *stores, o options) (named int, err error) {
	t.Helper()
	own := &stores{store: s.store, blobs: s.blobs, ledger: s.ledger}
	err = exportTo(t.Context(), own, o)
	own.close()
	manifests, _ := filepath.Glob(filepath.Join(o.export, "manifests", "*", "*"))
	days, _ := filepath.Glob(filepath.Join(o.export, "manifests", "*", "*", "manifest"))
	for _, name := range append(manifests, days...) {
		if text, err := os.ReadFile(name); err == nil {
			named += bytes.Count(text, []byte("\n"))
		}
	}
	return named, err
}

// lease is what a worker leaves that was killed.
func lease(t *testing.T, store kv.Store, projections ...string) {
	t.Helper()
	for _, name := range projections {
		item := kv.Item{Key: kv.Key{Table: kv.Control, Partition: []byte("checkpoint"), Sort: append([]byte(name), 0, 1)}, Value: []byte(`{"lease":4000000000000000}`), Version: kv.NewVersion()}
		if err := store.Put(t.Context(), item, kv.Absent); err != nil {
			t.Fatal(err)
		}
		if cp, err := projection.Read(t.Context(), store, name, 1); err != nil || cp.Lease == 0 {
			t.Fatalf("%s has no lease: %v", name, err)
		}
	}
}

// Behind a server or an export that was killed, an export is as whole as behind any other.
func TestAnExportDoesNotWaitForWhoWasKilled(t *testing.T) {
	s, o := stored(t)
	if want, err := exported(t, s, o); err != nil || want == 0 {
		t.Fatalf("%d files: %v", want, err)
	}
	killed, behind := stored(t)
	for _, r := range projections(killed, behind).Runners {
		lease(t, killed.store, r.Name)
	}
	checkpoints, err := bolt.Open(filepath.Join(behind.export, ".cairn", "checkpoint.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lease(t, checkpoints, export.ProjectionName)
	checkpoints.Close()
	want, _ := exported(t, s, o)
	if got, err := exported(t, killed, behind); err != nil || got != want {
		t.Errorf("%d files, want %d: %v", got, want, err)
	}
}

// What stands in a folder would stay beside what comes.
func TestAFolderHasTheExportOfOneRecord(t *testing.T) {
	s, o := stored(t)
	for range 2 {
		if _, err := exported(t, s, o); err != nil {
			t.Fatal(err)
		}
	}
	other, there := stored(t)
	there.export = o.export
	if _, err := exported(t, other, there); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("other data: %v", err)
	}
	o.raw = "full"
	if _, err := exported(t, s, o); err == nil || !strings.Contains(err.Error(), "RAW=keys") {
		t.Errorf("another RAW: %v", err)
	}
}

// A format that there is not is refused before anything is written.
func TestAFormatIsRefusedAtOnce(t *testing.T) {
	s, o := stored(t)
	o.format = "xlsx"
	if _, err := exported(t, s, o); err == nil {
		t.Error("xlsx is taken")
	}
	if _, err := os.Stat(o.export); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}
