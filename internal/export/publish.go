package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"cairn/internal/table"
	"cairn/internal/telemetry"
)

// publish merges all that is staged into its days.
func (x *Exporter) publish(ctx context.Context) error {
	if err := publish(ctx, x, &table.StatementKind); err != nil {
		return err
	}
	if err := publish(ctx, x, &table.AnswerKind); err != nil {
		return err
	}
	return publish(ctx, x, &table.VideoSegmentKind)
}

// tries is how often a merge begins again because somebody else is at the same.
const tries = 5

func publish[R any](ctx context.Context, x *Exporter, kind *table.Kind[R]) error {
	for try := 0; ; {
		j, err := x.job(ctx, kind.Name)
		if err != nil || len(j.Staged) == 0 {
			return err
		}
		err = (&merging[R]{Exporter: x, kind: kind, job: j, file: table.NewWriter[R]()}).run(ctx)
		switch {
		case errors.Is(err, errElsewhere):
			return nil
		case errors.Is(err, errGone), errors.Is(err, errChanged):
			if try++; try == tries {
				return fmt.Errorf("merging %s: %w", kind.Name, err)
			}
		case err != nil:
			return err
		}
	}
}

// merging merges the staged files of a job into the days of a table.
type merging[R any] struct {
	*Exporter
	kind *table.Kind[R]
	*job
	file          *table.Writer[R] // the one that is being written
	written, days int
}

func (m *merging[R]) run(ctx context.Context) error {
	defer func() {
		telemetry.Note(ctx, slog.Int(m.kind.Name, m.written), slog.Int(m.kind.Name+"Days", m.days))
	}()
	err := m.all(ctx)
	switch {
	case errors.Is(err, errGone) && m.version != "": // its files are somebody else's doing by now
		return errors.Join(err, m.out.Delete(ctx, m.key))
	case err != nil:
		return err
	}
	for _, key := range m.Staged { // every day has their rows
		if err := m.out.Delete(ctx, key); err != nil {
			return err
		}
	}
	if m.version == "" {
		return nil
	}
	return m.out.Delete(ctx, m.key)
}

func (m *merging[R]) all(ctx context.Context) error {
	var files []rows[R]
	for _, key := range slices.Backward(m.Staged) {
		files = append(files, &chain[R]{ctx: ctx, x: m.Exporter, left: []string{key}})
	}
	union, err := merged(m.kind, files...)
	if err != nil {
		return err
	}
	staged, err := peek[R](union)
	if err != nil {
		return err
	}
	for staged.row != nil {
		if m.kind.Day(staged.row) < m.Day {
			if _, err := staged.Next(); err != nil {
				return err
			}
			continue
		}
		if err := m.writeDay(ctx, staged); err != nil {
			return err
		}
	}
	return nil
}

// writeDay writes the day of the next staged row anew: its rows and those that are staged.
func (m *merging[R]) writeDay(ctx context.Context, staged *peeked[R]) error {
	day := m.kind.Day(staged.row)
	p := dayOf(m.kind.Name, day.String())
	keys, version, err := m.files(ctx, p)
	if err != nil {
		return err
	}
	if day != m.Day || version != m.Version { // else it was begun
		m.Day, m.Version, m.Files, m.Rows = day, version, nil, 0
	}
	if !m.inTime(ctx) {
		return m.later(ctx)
	}
	union, err := merged(m.kind, upTo[R]{staged, m.kind, day}, &chain[R]{ctx: ctx, x: m.Exporter, left: keys})
	if err != nil {
		return err
	}
	for range m.Rows { // they are written
		if _, err := union.Next(); err != nil {
			return err
		}
	}
	for {
		more, err := m.writeFile(ctx, p, union)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := m.writeDown(ctx, m.job); err != nil {
			return err
		}
		if !m.inTime(ctx) {
			return errLater
		}
	}
	m.days++
	if err := m.commit(ctx, p, m.Files, m.Version); err != nil {
		return err
	}
	m.Day, m.Version, m.Files, m.Rows = day+1, "", nil, 0
	return nil
}

func (m *merging[R]) later(ctx context.Context) error {
	if err := m.writeDown(ctx, m.job); err != nil {
		return err
	}
	return errLater
}

// writeFile writes the next file of a day, and says whether there may be another.
func (m *merging[R]) writeFile(ctx context.Context, p partition, union rows[R]) (more bool, err error) {
	for m.file.Rows() < m.fileRows && m.file.Size() < fileSize {
		row, err := union.Next()
		if err != nil {
			return false, err
		}
		if more = row != nil; !more {
			break
		}
		if err := m.file.Write(row); err != nil {
			return false, err
		}
	}
	n := m.file.Rows()
	if n == 0 {
		return false, nil
	}
	file, err := m.file.Close()
	if err != nil {
		return false, err
	}
	key := p.file(newName(m.ledger.Now()))
	if err := m.put(ctx, key, file); err != nil {
		return false, err
	}
	m.Files, m.Rows, m.written = append(m.Files, key), m.Rows+n, m.written+n
	return more, nil
}
