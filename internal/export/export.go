// Package export writes what the log holds as files that analysts ask: a projection into the tables of package table, and a snapshot of the
// reports beside it.
//
// A range's rows are first *staged*, in files of their own; then staged rows are merged into the days that they belong to. A day is a list of files, its
// *manifest*, and is written anew as a whole: new files under names that nobody had, then the manifest, replaced on condition that it is as it was read.
// So a reader sees a day as it was or as it is. A staged file is deleted when every day has its rows.
//
// What holds this together: merging is a union of rows, in which "voided" wins. In whatever order it happens, how often, by how many at once, and from whichever
// files a crash left, the same rows come out.
package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cairn/internal/blob"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
	"cairn/internal/report"
	"cairn/internal/roster"
	"cairn/internal/telemetry"
)

// ProjectionName is under which its checkpoint stands.
const ProjectionName = "export"

// Raw says what the column raw has.
type Raw string

// The choices.
const (
	RawKeys Raw = "keys" // statements with Agents by their keys alone
	RawFull Raw = "full" // statements as they are
	RawNone Raw = "none" // nothing
)

// ParseRaw reads a choice; an empty one is RawKeys.
func ParseRaw(name string) (Raw, error) {
	switch r := Raw(name); r {
	case "":
		return RawKeys, nil
	case RawKeys, RawFull, RawNone:
		return r, nil
	}
	return "", errors.New("what an export tells of statements as JSON is keys, full or none")
}

// Settings of an export.
type Settings struct {
	// Address is what comes before a file's key in manifests, such as "s3://bucket/"; empty in a folder.
	Address string
	// Raw is what the column raw has; "" is RawKeys.
	Raw Raw
	// SnapshotAfter is how old a snapshot of the reports gets before there is another.
	SnapshotAfter time.Duration
	// KeepFor is how long a file stays that no manifest names any more: whoever began a query before may be reading it.
	KeepFor time.Duration
	// Alone says that nobody else exports to the same place at the same time.
	Alone bool
}

const (
	flushSize  = 2 << 20 // of the log; some 15,000 statements, as they are packed
	mostStaged = 32      // staged files that are merged at once: so many are open
	fileSize   = 64 << 20
	fileRows   = 1_000_000
	// fileTime is what a file of that size takes at most, as a rule.
	fileTime = 90 * time.Second
)

// Exporter is the projection with what it writes to. It is safe for concurrent use, also by several processes.
type Exporter struct {
	runner   *projection.Runner
	ledger   *ledger.Ledger
	out      blob.Versions
	reports  *report.Reports
	keys     *keys
	settings Settings
	fileRows int
	// againBytes is how large statements are together at most that are read again at once.
	againBytes int
	inTime     func(context.Context) bool // whether it leaves time for another file
}

// New returns an export of a record, the ledger in store, to out. Its checkpoint stands in checkpoints, which is store as a rule.
func New(store, checkpoints kv.Store, l *ledger.Ledger, out blob.Versions, s Settings) *Exporter {
	if s.Raw == "" {
		s.Raw = RawKeys
	}
	r := roster.New(store, l.Secret())
	x := &Exporter{ledger: l, out: out, reports: report.New(store, l, index.New(store, l)), keys: newKeys(r, l.Secret()), settings: s, fileRows: fileRows, againBytes: againBytes, inTime: inTime}
	x.runner = &projection.Runner{Name: ProjectionName, Projection: &stager{x, r}, Store: checkpoints, Ledger: l, FlushSize: flushSize, Alone: s.Alone}
	return x
}

// errLater: too little of the context's time is left; whoever comes next goes on from here.
var errLater = errors.New("export: no time is left")

// Event asks for more than a schedule's, which asks for a run.
type Event struct {
	// Snapshot asks for a snapshot of the reports, however old the last one is.
	Snapshot bool `json:"snapshot"`
	// From and To ask that what was stored between them is exported again.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Handle takes an event.
func (x *Exporter) Handle(ctx context.Context, event json.RawMessage) error {
	var e Event
	if err := json.Unmarshal(event, &e); err != nil {
		return fmt.Errorf("the event cannot be read: %w", err)
	}
	if !(e.From.IsZero() && e.To.IsZero()) && !e.From.Before(e.To) {
		return errors.New("a span has a from, and a to that is later")
	}
	return telemetry.Do(ctx, "export", func(ctx context.Context) error { return x.Run(ctx, e) })
}

// Run exports what is stored, and what an event asks for, as far as the context's time goes: whoever runs next goes on from there.
func (x *Exporter) Run(ctx context.Context, e Event) error {
	err := x.run(ctx, e)
	if errors.Is(err, errLater) {
		return nil
	}
	return err
}

func (x *Exporter) run(ctx context.Context, e Event) error {
	if err := x.runner.Run(ctx); err != nil {
		return err
	}
	if !e.To.IsZero() {
		if err := x.again(ctx, e.From, e.To); err != nil {
			return err
		}
	}
	if err := x.publish(ctx); err != nil {
		return err
	}
	due, err := x.due(ctx)
	if err != nil || !due && !e.Snapshot {
		return err
	}
	if err := x.snapshot(ctx); err != nil {
		return err
	}
	return x.sweep(ctx) // as often as that, and as seldom
}

func inTime(ctx context.Context) bool {
	end, bounded := ctx.Deadline()
	return !bounded || time.Until(end) > fileTime
}
