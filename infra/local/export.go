package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cairn/internal/blob/files"
	"cairn/internal/export"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
)

// exporter opens a folder to export to. How far it has come stands in the folder itself, so each is exported to by itself.
func exporter(ctx context.Context, s *stores, o options, settings export.Settings) (*export.Exporter, error) {
	settings.Alone = true // the checkpoint's file is locked
	var err error
	if settings.Raw, err = export.ParseRaw(o.raw); err != nil {
		return nil, err
	}
	out, err := files.Open(o.export, files.Options{})
	if err != nil {
		return nil, err
	}
	checkpoints, err := bolt.Open(filepath.Join(o.export, ".cairn", "checkpoint.db"), bolt.Options{})
	if errors.Is(err, bolt.ErrInUse) {
		return nil, fmt.Errorf("the folder %s is being exported to by another Cairn", o.export)
	}
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be exported to: %w", o.export, err)
	}
	s.ends = append(s.ends, func() { checkpoints.Close() })
	if err := claim(ctx, checkpoints, s.ledger.Secret(), settings.Raw); err != nil {
		return nil, fmt.Errorf("the folder %s cannot be exported to: %w", o.export, err)
	}
	return export.New(s.store, checkpoints, s.ledger, out, settings), nil
}

// claim sees to it that a folder has what one record holds, and its JSON told one way: rows that an earlier export left would stand beside those that come.
func claim(ctx context.Context, checkpoints kv.Store, secret []byte, raw export.Raw) error {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("exported folder"))
	of := kv.Item{Key: kv.Key{Table: kv.Control, Partition: []byte("folder"), Sort: mac.Sum(nil)}, Value: []byte(raw), Version: kv.NewVersion()}
	page, err := checkpoints.Query(ctx, kv.Span{Table: of.Table, Partition: of.Partition, Limit: 1, Strength: kv.Strong})
	switch {
	case err != nil:
		return err
	case len(page.Items) == 0:
		return checkpoints.Put(ctx, of, kv.Absent)
	case !bytes.Equal(page.Items[0].Sort, of.Sort):
		return errors.New("it holds the export of other data; choose another folder")
	case string(page.Items[0].Value) != string(raw):
		return fmt.Errorf("it was written with RAW=%s, and what stands there would stay so; choose another folder", page.Items[0].Value)
	}
	return nil
}

// exportTo writes what is stored into a folder, or what came since it was last written to.
func exportTo(ctx context.Context, s *stores, o options) error {
	if o.export == "" {
		return errors.New("say where to: make export DIR=folder")
	}
	switch o.format {
	case "", "parquet", export.CSV, export.NDJSON:
	default:
		return fmt.Errorf("FORMAT is parquet, %s or %s, not %q", export.CSV, export.NDJSON, o.format)
	}
	x, err := exporter(ctx, s, o, export.Settings{})
	if err != nil {
		return err
	}
	counting := projections(s, o) // a server that was killed may not have counted everything, and has left its lease
	for _, r := range counting.Runners {
		r.Alone, r.FlushAfter = true, 0
	}
	if err := counting.Tick(ctx); err != nil {
		return err
	}
	if err := x.Run(ctx, export.Event{Snapshot: true}); err != nil {
		return err
	}
	fmt.Printf("%s has what is stored in %s\n", o.export, o.data)
	if o.format == "" || o.format == "parquet" {
		return nil
	}
	return x.Texts(ctx, o.format, func(table string) (io.WriteCloser, error) {
		folder := filepath.Join(o.export, o.format)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
		return os.Create(filepath.Join(folder, table+"."+o.format))
	})
}

// keepExporting exports every minute, as long as it serves. Who reads the folder meanwhile finds each file for as long as five minutes.
func keepExporting(ctx context.Context, x *export.Exporter) {
	for {
		if err := x.Run(ctx, export.Event{}); err != nil && ctx.Err() == nil {
			slog.Error("export", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}
