package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"cairn/internal/blob/files"
	"cairn/internal/export"
	"cairn/internal/kv/bolt"
)

// exporter opens a folder to export to. How far it has come stands in the folder itself, so each is exported to by itself.
func exporter(s *stores, o options, settings export.Settings) (*export.Exporter, error) {
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
	raw, err := export.ParseRaw(o.raw)
	if err != nil {
		return err
	}
	x, err := exporter(s, o, export.Settings{Raw: raw})
	if err != nil {
		return err
	}
	return x.Run(ctx, export.Event{Snapshot: true})
}
