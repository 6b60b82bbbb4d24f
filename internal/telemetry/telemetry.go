// Package telemetry tells what a request or an invocation did, in one JSON line of the log: what whoever serves it has noted in its context on
// the way. In AWS the line carries its numbers in CloudWatch's embedded metric format as well, so that metrics cost no call.
//
// Each metric with each value of its dimension is paid for by the month. So there are few, each with one dimension: the function, or the
// projection. What tables consume is in the lines, but no metric of ours: DynamoDB has these, for nothing; and so has the gateway the answers by
// 4xx and 5xx. Neither can tell who was sent away only for now, so that is one of ours.
//
// Nothing of learners goes into a line, and no secret: ids of keys, paths that are known, statuses, sizes, counts.
package telemetry

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Metric is a number that is watched.
type Metric string

// The metrics of a function.
const (
	BatchSize        Metric = "BatchSize"        // statements of a request that stores
	StatementsStored Metric = "StatementsStored" // of these, new ones
	Duplicates       Metric = "Duplicates"       // of these, what was stored already
	Conflicts        Metric = "Conflicts"        // requests refused, since another statement has an id
	Restarts         Metric = "Restarts"         // entries that were fenced, and begun again
	Throttled        Metric = "Throttled"        // requests that were told to come again: 429 and 503
	Findings         Metric = "Findings"         // of a verification
	Uncounted        Metric = "Uncounted"        // what a range would have counted, and reports leave out: a row has no room for it, say
)

// The metrics of a projection.
const (
	IndexLag   Metric = "IndexLag"   // seconds that the oldest statement has waited behind the horizon
	Pending    Metric = "Pending"    // entries to be applied out of turn
	Latecomers Metric = "Latecomers" // entries committed after their time
)

// Record is what is known of one request or invocation. It is safe for concurrent use.
type Record struct {
	id    string
	began time.Time

	mu          sync.Mutex
	fields      []slog.Attr
	counts      map[Metric]float64
	projection  string
	progress    map[Metric]float64
	read, write map[string]float64 // capacity units by table
}

type recordKey struct{}

// Begin returns a context in which what is done is noted, under the id that it names already, or a new one.
func Begin(ctx context.Context) (context.Context, *Record) {
	id := idOf(ctx)
	if id == "" {
		id = rand.Text()
	}
	r := &Record{id: id, began: time.Now()}
	return context.WithValue(ctx, recordKey{}, r), r
}

func of(ctx context.Context) *Record {
	r, _ := ctx.Value(recordKey{}).(*Record)
	return r
}

// On says whether anybody notes what is done.
func On(ctx context.Context) bool { return of(ctx) != nil }

// Note notes a field of the line.
func Note(ctx context.Context, fields ...slog.Attr) {
	if r := of(ctx); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.fields = append(r.fields, fields...)
	}
}

// Add adds to a metric of the function.
func Add(ctx context.Context, m Metric, n int) {
	if r := of(ctx); r != nil && n != 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.counts == nil {
			r.counts = map[Metric]float64{}
		}
		r.counts[m] += float64(n)
	}
}

// Progress sets a metric of a projection; the last word counts. An invocation works on one projection.
func Progress(ctx context.Context, projection string, m Metric, value float64) {
	if r := of(ctx); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.progress == nil {
			r.progress = map[Metric]float64{}
		}
		r.projection, r.progress[m] = projection, value
	}
}

// Units adds what a call to a table consumed, in capacity units.
func Units(ctx context.Context, table string, read, write float64) {
	if r := of(ctx); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.read == nil {
			r.read, r.write = map[string]float64{}, map[string]float64{}
		}
		if read != 0 {
			r.read[table] += read
		}
		if write != 0 {
			r.write[table] += write
		}
	}
}

// Consumed tells what tables consumed so far, in capacity units.
func (r *Record) Consumed() (read, write map[string]float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.read), maps.Clone(r.write)
}

// End writes the line, at a level, unless nobody reads that one; a line with metrics is always written.
func (r *Record) End(ctx context.Context, what string, level slog.Level) {
	r.mu.Lock()
	defer r.mu.Unlock()
	measured := settings.namespace != "" && len(r.counts)+len(r.progress) > 0
	out := slog.Default().Handler()
	if !measured && !out.Enabled(ctx, level) {
		return
	}
	line := slog.NewRecord(time.Now(), level, what, 0)
	line.AddAttrs(r.fields...)
	line.AddAttrs(slog.Float64("ms", float64(time.Since(r.began).Microseconds())/1000))
	for _, m := range slices.Sorted(maps.Keys(r.counts)) {
		line.AddAttrs(slog.Float64(string(m), r.counts[m]))
	}
	for _, m := range slices.Sorted(maps.Keys(r.progress)) {
		line.AddAttrs(slog.Float64(string(m), r.progress[m]))
	}
	if len(r.read) > 0 {
		line.AddAttrs(slog.Any("readUnits", r.read))
	}
	if len(r.write) > 0 {
		line.AddAttrs(slog.Any("writeUnits", r.write))
	}
	if measured {
		line.AddAttrs(r.embedded()...)
	}
	out.Handle(ctx, line) //nolint:errcheck // there is nowhere else to say it
}

// Do runs an invocation, and writes its line.
func Do(ctx context.Context, what string, run func(context.Context) error) error {
	ctx, r := Begin(ctx)
	err := run(ctx)
	level := slog.LevelInfo
	if err != nil {
		Note(ctx, slog.String("error", err.Error()))
		level = slog.LevelError
	}
	r.End(ctx, what, level)
	return err
}
