package export

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"cairn/internal/fold"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/roster"
	"cairn/internal/table"
	"cairn/internal/xapi"
)

const stagedFolder = "staged/"

// stager stages ranges of the log.
type stager struct {
	*Exporter
	roster *roster.Roster
}

var _ projection.Projection = (*stager)(nil)

// Apply implements projection.Projection. Rows that are staged twice are merged into one.
func (s *stager) Apply(ctx context.Context, _ byte, r projection.Range) error {
	if err := s.room(ctx); err != nil {
		return err
	}
	read, err := s.read(ctx, slices.Concat(r.Records, r.Late))
	if err != nil {
		return err
	}
	return s.stage(ctx, read)
}

// said is a statement, with whether it is known to be voided.
type said struct {
	*xapi.Statement
	ledger.Record
}

// read parses records, and adds what they void, as it stands now. Statements that they void but that are not there yet are born voided.
func (s *stager) read(ctx context.Context, records []ledger.Record) ([]said, error) {
	var voidings []ledger.Voiding
	var by []ledger.EntryRef
	var targets []uuid.UUID
	all := make([]said, 0, len(records))
	for _, record := range records {
		statement, err := xapi.Parse(record.Text)
		if err != nil {
			return nil, &projection.EntryError{Entry: record.EntryRef, Err: err}
		}
		all = append(all, said{statement, record})
		if target, ok := statement.Voids(); ok {
			voidings, by = append(voidings, ledger.Voiding{Target: target, By: record.Position}), append(by, record.EntryRef)
			targets = append(targets, target)
		}
	}
	if len(voidings) == 0 {
		return all, nil
	}
	if err := projection.Void(ctx, s.ledger, voidings, by); err != nil {
		return nil, err
	}
	found, err := s.ledger.FindMany(ctx, targets)
	if err != nil {
		return nil, err
	}
	for _, record := range found {
		if statement, err := xapi.Parse(record.Text); err == nil { // else it is pending
			all = append(all, said{statement, record})
		}
	}
	return all, nil
}

// stage writes rows of statements into staged files.
func (s *stager) stage(ctx context.Context, all []said) error {
	rows, err := s.rows(ctx, all)
	if err != nil || len(rows.Statements) == 0 {
		return err
	}
	name := newName(s.ledger.Now())
	if err := stage(ctx, s.Exporter, &table.AnswerKind, name, rows.Answers); err != nil {
		return err
	}
	if err := stage(ctx, s.Exporter, &table.VideoSegmentKind, name, rows.VideoSegments); err != nil {
		return err
	}
	return stage(ctx, s.Exporter, &table.StatementKind, name, rows.Statements)
}

func (s *stager) rows(ctx context.Context, all []said) (*table.Rows, error) {
	rules, err := s.roster.Modalities(ctx)
	if err != nil {
		return nil, err
	}
	var agents []string
	for _, x := range all {
		for _, f := range x.Facets() {
			if f.Kind == xapi.Agent || f.Kind == xapi.RelatedAgent {
				agents = append(agents, f.Value)
			}
		}
	}
	key, err := s.keys.of(ctx, agents, s.ledger.Now())
	if err != nil {
		return nil, err
	}
	rows := &table.Rows{Key: key}
	for _, x := range all {
		var raw string
		switch s.settings.Raw {
		case RawFull:
			raw = string(x.Text)
		case RawKeys:
			raw = string(x.Statement.AppendKeyed(nil, key))
		}
		stored := int64(x.Place.Stored())
		facts := fold.Facts(x.Statement, stored, binary.BigEndian.Uint64(x.Position[8:]), rules)
		rows.Add(x.Statement, facts, stored, x.Voided, raw)
	}
	return rows, nil
}

// stage writes rows, in order, into a staged file.
func stage[R any](ctx context.Context, x *Exporter, kind *table.Kind[R], name string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	sorted := make([]*R, len(rows))
	for i := range rows {
		sorted[i] = &rows[i]
	}
	slices.SortFunc(sorted, kind.CompareDays)
	w := table.NewPassingWriter[R]()
	for _, row := range sorted {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	file, err := w.Close()
	if err != nil {
		return err
	}
	return x.put(ctx, stagedFolder+kind.Name+"/"+name, file)
}

func (x *Exporter) put(ctx context.Context, key string, file []byte) error {
	if err := x.out.PutIfAbsent(ctx, key, file); err != nil {
		return fmt.Errorf("writing a file of rows: %w", err)
	}
	return nil
}

// room sees to it that another file can be staged: as many as are merged at once are merged first.
func (s *stager) room(ctx context.Context) error {
	staged, err := s.out.List(ctx, stagedFolder+table.Statements.Name+"/", "", mostStaged)
	if err != nil || len(staged) < mostStaged {
		return err
	}
	return s.publish(ctx)
}

// newName names a file: by when, so that names are in the order in which they were given, and by chance.
func newName(now ledger.Instant) string {
	var random [8]byte
	rand.Read(random[:])
	return fmt.Sprintf("%016x-%s.parquet", int64(now), hex.EncodeToString(random[:]))
}
