package recount

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"cairn/internal/kv"
	"cairn/internal/kv/kvtest"
)

// Meter counts what is written, apart for each kind of row, and what is read.
type Meter struct {
	kv.Store // counts reads
	reads    *kvtest.Counter
	kinds    map[string]*kvtest.Counter

	mu   sync.Mutex
	rows map[string]int // put, by kind
}

// kinds of rows, by table and the letters that their keys begin with.
var kinds = map[string]string{
	"index 1": "postings", "index 2": "postings that came late", "index 3": "referrers", "reports a": "catalogue",
	"reports k": "numbers of names", "reports n": "names of numbers", "reports p": "progress",
	"reports rd": "days", "reports rc": "days of courses", "reports rm": "days of modules", "reports rs": "standing", "reports rq": "questions", "reports rv": "videos", "reports rt": "teams",
}

// NewMeter wraps a store that is empty.
func NewMeter(store kv.Store) *Meter {
	reads := kvtest.Count(store)
	m := &Meter{Store: reads, reads: reads, kinds: map[string]*kvtest.Counter{"others": kvtest.Count(store), "checkpoints": kvtest.Count(store)}, rows: map[string]int{}}
	for _, kind := range kinds {
		m.kinds[kind] = kvtest.Count(store)
	}
	return m
}

// Reads is what was read since the last call.
func (m *Meter) Reads() kvtest.Usage {
	defer m.reads.Reset()
	return m.reads.Snapshot()
}

func kindOf(key kv.Key) string {
	letters := key.Partition[1:min(3, len(key.Partition))]
	table := "index "
	switch key.Table {
	case kv.Control:
		return "checkpoints"
	case kv.Reports:
		table = "reports "
	case kv.Index:
	default:
		return "others"
	}
	if letters[0] != 'r' {
		letters = letters[:1]
	}
	return kinds[table+string(letters)]
}

func (m *Meter) put(item kv.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[kindOf(item.Key)]++
}

// Put implements kv.Writer.
func (m *Meter) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	m.put(item)
	return m.kinds[kindOf(item.Key)].Put(ctx, item, cond)
}

// InsertMany implements kv.Writer.
func (m *Meter) InsertMany(ctx context.Context, items []kv.Item) []error {
	outcomes := make([]error, len(items))
	by := map[string][]int{}
	for i, item := range items {
		m.put(item)
		by[kindOf(item.Key)] = append(by[kindOf(item.Key)], i)
	}
	for kind, which := range by {
		var some []kv.Item
		for _, i := range which {
			some = append(some, items[i])
		}
		for n, err := range m.kinds[kind].InsertMany(ctx, some) {
			outcomes[which[n]] = err
		}
	}
	return outcomes
}

// Cost is what was written for each statement, in write units: of the index and the reporting tables together, and by kinds of rows, with how many
// rows of each were put.
type Cost struct {
	Flush int
	Total float64
	Kinds map[string]float64
	Rows  map[string]int
}

func (c Cost) String() string {
	text := fmt.Sprintf("flushes of %d: %.2f write units a statement", c.Flush, c.Total)
	for _, kind := range slices.SortedFunc(maps.Keys(c.Kinds), func(a, b string) int { return int(math.Copysign(1, c.Kinds[b]-c.Kinds[a])) }) {
		if c.Kinds[kind] >= 0.005 {
			text += fmt.Sprintf("; %s %.2f in %d rows", kind, c.Kinds[kind], c.Rows[kind])
		}
	}
	return text
}

// MeasureWrites stores statements one by one, and has each flush of so many go through the index and the reporting tables of a world whose store
// is a meter.
func MeasureWrites(ctx context.Context, w *World, m *Meter, statements [][]byte, flush int) (Cost, error) {
	w.Index.FlushSize, w.Reports.FlushSize = math.MaxInt, math.MaxInt
	cost := Cost{Flush: flush, Kinds: map[string]float64{}, Rows: map[string]int{}}
	for some := range slices.Chunk(statements, flush) {
		for _, s := range some {
			if err := Append(ctx, w.Ledger, s); err != nil {
				return cost, err
			}
		}
		if err := w.Index.Run(ctx); err != nil {
			return cost, err
		}
		if err := w.Reports.Run(ctx); err != nil {
			return cost, err
		}
	}
	for kind, counter := range m.kinds {
		each := counter.Snapshot().Units().Write / float64(len(statements))
		switch kind {
		case "others":
		case "checkpoints":
			kind = "(beside them) " + kind
			cost.Kinds[kind], cost.Rows[kind] = each, m.rows["checkpoints"]
		default:
			cost.Kinds[kind], cost.Rows[kind] = each, m.rows[kind]
			cost.Total += each
		}
	}
	return cost, nil
}

// Registered puts statements into the order of their timestamps, and gives those of a learner in a course a registration of their own.
func Registered(texts [][]byte) ([][]byte, error) {
	type registered struct {
		event *event
		text  []byte
	}
	all := make([]registered, len(texts))
	for i, text := range texts {
		var s statement
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, err
		}
		events, err := eventsOf(&s, Stored{Stored: time.Now().UnixMicro()})
		if err != nil || len(events) == 0 {
			return nil, fmt.Errorf("statement %s has no learner, or %w", s.ID, err)
		}
		var context map[string]json.RawMessage
		if err := json.Unmarshal(text, &fields); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields["context"], &context); err != nil {
			return nil, err
		}
		context["registration"], _ = json.Marshal(uuid.NewSHA1(uuid.Nil, []byte(events[0].learner+" "+events[0].course)))
		fields["context"], _ = json.Marshal(context)
		all[i].event = events[0]
		if all[i].text, err = json.Marshal(fields); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b registered) int { return order(a.event, b.event) })
	out := make([][]byte, len(all))
	for i, r := range all {
		out[i] = r.text
	}
	return out, nil
}
