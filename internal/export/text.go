package export

import (
	"context"
	"fmt"
	"io"

	"cairn/internal/table"
)

// The formats of text that tables are written in.
const (
	CSV    = "csv"
	NDJSON = "ndjson"
)

// Texts writes each table that is published as text, as one file, which open makes.
func (x *Exporter) Texts(ctx context.Context, format string, open func(table string) (io.WriteCloser, error)) error {
	for _, write := range []func() error{
		func() error { return writeText[table.Statement](ctx, x, table.Statements, format, open) },
		func() error { return writeText[table.Answer](ctx, x, table.Answers, format, open) },
		func() error { return writeText[table.VideoSegment](ctx, x, table.VideoSegments, format, open) },
		func() error { return writeText[table.Attempt](ctx, x, table.Attempts, format, open) },
		func() error { return writeText[table.Progressed](ctx, x, table.Progress, format, open) },
		func() error { return writeText[table.DayFigures](ctx, x, table.Daily, format, open) },
		func() error { return writeText[table.Identity](ctx, x, table.Identities, format, open) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func writeText[R any](ctx context.Context, x *Exporter, t table.Table, format string, open func(string) (io.WriteCloser, error)) error {
	partitions, err := x.partitions(ctx, t)
	if err != nil {
		return err
	}
	to, err := open(t.Name)
	if err != nil {
		return err
	}
	defer to.Close()
	write, flush, err := writerOf[R](&t, format, to)
	if err != nil {
		return err
	}
	for _, p := range partitions {
		files, _, err := x.files(ctx, p)
		if err != nil {
			return err
		}
		if err := each(&chain[R]{ctx: ctx, x: x, left: files}, write); err != nil {
			return err
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return to.Close()
}

func writerOf[R any](t *table.Table, format string, to io.Writer) (write func(*R) error, flush func() error, err error) {
	switch format {
	case CSV:
		c, err := table.NewCSV[R](t, to)
		if err != nil {
			return nil, nil, err
		}
		return c.Write, c.Flush, nil
	case NDJSON:
		return (&table.NDJSON[R]{Table: t, To: to}).Write, func() error { return nil }, nil
	}
	return nil, nil, fmt.Errorf("tables are written as %s or %s, not as %q", CSV, NDJSON, format)
}

func each[R any](all rows[R], do func(*R) error) error {
	for {
		row, err := all.Next()
		if err != nil || row == nil {
			return err
		}
		if err := do(row); err != nil {
			return err
		}
	}
}

// partitions are those of a table that have a manifest, in order.
func (x *Exporter) partitions(ctx context.Context, t table.Table) (all []partition, err error) {
	prefix, last := manifests+t.Name+"/", ""
	for {
		keys, err := x.out.List(ctx, prefix, last, 1000)
		if err != nil || len(keys) == 0 {
			return all, err
		}
		for _, key := range keys {
			last = key
			all = append(all, partitionOf(key))
		}
	}
}
