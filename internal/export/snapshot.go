package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cairn/internal/blob"
	"cairn/internal/fold"
	"cairn/internal/ledger"
	"cairn/internal/report"
	"cairn/internal/table"
	"cairn/internal/telemetry"
)

// snapshotJob is a snapshot of the reports on its way, written down when the time ends, so that whoever comes next goes on.
type snapshotJob struct {
	// Generation is that of the reports: in another one numbers stand for others, and it begins anew.
	Generation byte `json:"generation"`
	// Learners and Courses are the numbers of those with whom it goes on; Told says that all learners are written.
	Learners fold.Number `json:"learners"`
	Told     bool        `json:"told"`
	Courses  fold.Number `json:"courses"`
	// Files are written, by table.
	Files map[string][]string `json:"files"`

	version string
}

const snapshotKey = "jobs/snapshot"

// learnersAtOnce is after how many learners it is looked whether time is left.
const learnersAtOnce = 200

// due says whether it is time for another snapshot, or one is on its way.
func (x *Exporter) due(ctx context.Context) (bool, error) {
	_, _, err := x.out.Read(ctx, snapshotKey)
	if err == nil || !errors.Is(err, blob.ErrAbsent) {
		return err == nil, err
	}
	files, version, err := x.files(ctx, partition(table.Progress.Name))
	if err != nil || version == "" || len(files) == 0 {
		return err == nil, err
	}
	return olderThan(files[0], x.ledger.Now()-ledger.Instant(x.settings.SnapshotAfter/time.Microsecond)), nil
}

// snapshot writes the tables anew that tell what the reports say.
func (x *Exporter) snapshot(ctx context.Context) error {
	walk, err := x.reports.Walk(ctx)
	if err != nil {
		return err
	}
	job := &snapshotJob{}
	body, version, err := x.out.Read(ctx, snapshotKey)
	if err == nil {
		err = json.Unmarshal(body, job)
	}
	if err != nil && !errors.Is(err, blob.ErrAbsent) {
		return fmt.Errorf("a snapshot cannot be taken up: %w", err)
	}
	if job.Generation != walk.Generation {
		job = &snapshotJob{Generation: walk.Generation, Learners: fold.First, Files: map[string][]string{}}
	}
	job.version = version
	s := &snapshotting{Exporter: x, snapshotJob: job, walk: walk}
	for !s.Told {
		if err := s.learners(ctx); err != nil {
			return s.left(ctx, err)
		}
	}
	if err := s.courses(ctx); err != nil {
		return s.left(ctx, err)
	}
	return s.commitAll(ctx)
}

// snapshotting is a snapshot at work.
type snapshotting struct {
	*Exporter
	*snapshotJob
	walk *report.Walk
}

// left writes down how far it has come, when the time ended.
func (s *snapshotting) left(ctx context.Context, err error) error {
	if !errors.Is(err, errLater) {
		return err
	}
	body, wrong := json.Marshal(s.snapshotJob)
	if wrong != nil {
		return wrong
	}
	wrong = s.out.Replace(ctx, snapshotKey, body, s.version)
	if wrong != nil && !errors.Is(wrong, blob.ErrChanged) { // else another worker has come as far
		return wrong
	}
	return err
}

// errFull: files are large enough, or must do, since the time ends.
var errFull = errors.New("export: enough for a file")

// learners writes the next files of the tables of learners.
func (s *snapshotting) learners(ctx context.Context) error {
	if !s.inTime(ctx) {
		return errLater
	}
	attempts, progress, identities := table.NewWriter[table.Attempt](), table.NewWriter[table.Progressed](), table.NewWriter[table.Identity]()
	next, read := s.Learners, 0
	err := s.walk.Learners(ctx, s.Learners, func(l *report.LearnerProgress) error {
		rows := &learnerRows{}
		rows.add(l, s.keys.key(l.Counted))
		if err := errors.Join(writeAll(attempts, rows.attempts), writeAll(progress, rows.progress), writeAll(identities, rows.identities)); err != nil {
			return err
		}
		next, read = l.Number+1, read+1
		// Learners come slower than rows are written.
		if max(attempts.Rows(), progress.Rows(), identities.Rows()) >= s.fileRows || read%learnersAtOnce == 0 && !s.inTime(ctx) {
			return errFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFull) {
		return err
	}
	s.Told = err == nil
	if err := writeRows(ctx, s, table.Attempts, attempts); err != nil {
		return err
	}
	if err := writeRows(ctx, s, table.Progress, progress); err != nil {
		return err
	}
	s.Learners = next
	return writeRows(ctx, s, table.Identities, identities)
}

// courses writes the figures of days.
func (s *snapshotting) courses(ctx context.Context) error {
	for done := false; !done; {
		if !s.inTime(ctx) {
			return errLater
		}
		figures := table.NewWriter[table.DayFigures]()
		next := s.Courses
		err := s.walk.Courses(ctx, s.Courses, func(c *report.CourseDays) error {
			next = c.Number + 1
			if err := writeAll(figures, figuresOf(c)); err != nil {
				return err
			}
			if figures.Rows() >= s.fileRows || !s.inTime(ctx) {
				return errFull
			}
			return nil
		})
		if err != nil && !errors.Is(err, errFull) {
			return err
		}
		done = err == nil
		if err := writeRows(ctx, s, table.Daily, figures); err != nil {
			return err
		}
		s.Courses = next
	}
	return nil
}

func writeAll[R any](w *table.Writer[R], rows []R) error {
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// writeRows writes a file of a table.
func writeRows[R any](ctx context.Context, s *snapshotting, of table.Table, w *table.Writer[R]) error {
	if w.Rows() == 0 {
		return nil
	}
	telemetry.Note(ctx, slog.Int(of.Name, w.Rows()))
	file, err := w.Close()
	if err != nil {
		return err
	}
	key := partition(of.Name).file(newName(s.ledger.Now()))
	if err := s.put(ctx, key, file); err != nil {
		return err
	}
	s.Files[of.Name] = append(s.Files[of.Name], key)
	return nil
}

// commitAll has the new files take the place of those before.
func (s *snapshotting) commitAll(ctx context.Context) error {
	for _, t := range []table.Table{table.Attempts, table.Identities, table.Daily, table.Progress} { // the last one tells how old the snapshot is
		p := partition(t.Name)
		_, version, err := s.files(ctx, p)
		if err != nil {
			return err
		}
		if err := s.commit(ctx, p, s.Files[t.Name], version); err != nil && !errors.Is(err, errChanged) { // by another snapshot, as good as this one
			return err
		}
	}
	if s.version == "" {
		return nil
	}
	return s.out.Delete(ctx, snapshotKey)
}
