package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cairn/internal/blob/files"
	"cairn/internal/export"
	"cairn/internal/kv/bolt"
)

// exporter opens a folder to export to. How far it has come stands in the folder itself, so each is exported to by itself.
func exporter(s *stores, o options, settings export.Settings) (*export.Exporter, error) {
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
	return export.New(s.store, checkpoints, s.ledger, out, settings), nil
}

// exportTo writes what is stored into a folder, or what came since it was last written to.
func exportTo(ctx context.Context, s *stores, o options) error {
	if o.export == "" {
		return errors.New("say where to: make export DIR=folder")
	}
	x, err := exporter(s, o, export.Settings{})
	if err != nil {
		return err
	}
	if err := projections(s, o).Tick(ctx); err != nil { // a server that was killed may not have counted everything
		return err
	}
	if err := x.Run(ctx, export.Event{Snapshot: true}); err != nil || o.format == "" || o.format == "parquet" {
		return err
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
