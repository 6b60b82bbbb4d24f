package report

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"cairn/internal/fold"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// Reports answers questions from the reporting tables. What an answer reads is bounded by the days that it spans and the lines that it has,
// whatever the number of statements.
type Reports struct {
	store      kv.Reader
	ledger     *ledger.Ledger
	index      *index.Index
	checkpoint *projection.Reader
	names      *names
}

var _ Questions = (*Reports)(nil)

// New returns the reports over a store, the ledger in it and its index.
func New(store kv.Store, l *ledger.Ledger, x *index.Index) *Reports {
	return &Reports{store: store, ledger: l, index: x, checkpoint: projection.NewReader(store, ProjectionName, l), names: newNames(store, l.Secret())}
}

// Mark implements Questions.
func (r *Reports) Mark(ctx context.Context) (string, error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return "", err
	}
	mark := fmt.Sprintf("%d.%d.%d", cp.Generation, cp.Number, cp.Through)
	if cp.Work != nil {
		mark += "." + strconv.FormatInt(r.ledger.Now().Time().Unix(), 10) // it may change with each read
	}
	return mark, nil
}

// question is one that is being answered.
type question struct {
	*Reports
	Scope
	generation byte
	platform   *fold.Number // that is asked for; nil for all
	modality   *fold.Modality
	group      *members            // whose figures are asked for; nil for everybody's
	about      func(fold.Row) bool // which rows it may be about, of a group's: nil for all
}

// ask begins to answer.
func (r *Reports) ask(ctx context.Context, f Filter) (*question, error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	q := &question{Reports: r, generation: cp.Generation}
	if q.AsOf, err = r.asOf(ctx, cp); err != nil {
		return nil, err
	}
	if f.From == 0 && f.To == 0 {
		f.To = DayOf(r.ledger.Now().Time())
		f.From = f.To - 29
	}
	if f.To < f.From || f.To-f.From >= MaxDays {
		return nil, fmt.Errorf("%w: from and to must span 1 to %d days", ErrFilter, MaxDays)
	}
	q.From, q.To, q.Platform, q.Modality = f.From, f.To, f.Platform, f.Modality
	return q, q.narrow(ctx, f)
}

// asOf is the instant up to which everything is counted: where the checkpoint stands, or the horizon when nothing waits behind it.
func (r *Reports) asOf(ctx context.Context, cp projection.Checkpoint) (time.Time, error) {
	horizon := r.ledger.Horizon()
	lag, err := projection.Lag(ctx, r.ledger, cp)
	if err != nil || lag > 0 {
		return cp.Through.Time(), err
	}
	return max(horizon, cp.Through).Time(), nil
}

func (q *question) narrow(ctx context.Context, f Filter) error {
	if f.Group != "" {
		var err error
		q.Group = f.Group
		if q.group, err = q.members(ctx, f.Group); err != nil {
			return err
		}
	}
	if f.Modality != "" {
		m, known := fold.ParseModality(f.Modality)
		if !known {
			return fmt.Errorf("%w: there is no modality %q", ErrFilter, f.Modality)
		}
		q.modality = &m
	}
	if f.Platform != "" {
		n, err := q.number(ctx, name{platformName, f.Platform})
		if err != nil {
			return err
		}
		if n == fold.None { // which is that of statements without a platform
			n = nobodys
		}
		q.platform = &n
	}
	return nil
}

// nobodys is a number that no name has.
const nobodys fold.Number = math.MaxUint32

// number is the number of a name; None for one that has none.
func (q *question) number(ctx context.Context, x name) (fold.Number, error) {
	found, _, err := q.names.look(ctx, q.generation, []name{x})
	return found[x], err
}

// narrowed says whether only a part of the figures is asked for.
func (q *question) narrowed() bool { return q.platform != nil || q.modality != nil }

// wants says whether figures of a platform in a modality are asked for.
func (q *question) wants(k fold.Key) bool {
	return (q.platform == nil || *q.platform == fold.Number(k.A)) && (q.modality == nil || *q.modality == fold.Modality(k.B))
}

// figureRow is a row of figures and where it stands: B, and which block of learners.
type figureRow struct {
	*row
	b     uint32
	block uint16
}

// rows reads rows of a kind under A, with from <= B < to in the order of days, the descending last at most so many when limit is not 0.
func (q *question) rows(ctx context.Context, kind fold.RowKind, a uint32, from, to []byte, limit int) (all []figureRow, err error) {
	if q.group != nil {
		group, err := q.tablesOf(ctx, q.group)
		return group.rows(kind, a, from, to, limit), err
	}
	span := &kv.Span{Table: kv.Reports, Partition: rowPartition(q.generation, kind, a), From: from, To: to, Limit: limit, Descending: limit > 0}
	for span != nil && (limit == 0 || len(all) < limit) {
		page, err := q.store.Query(ctx, *span)
		if err != nil {
			return nil, fmt.Errorf("reading figures: %w", err)
		}
		for _, item := range page.Items {
			r, err := decodeRow(item)
			if err != nil {
				return nil, err
			}
			b, block := rowAt(item.Sort)
			all = append(all, figureRow{r, b, block})
		}
		span = page.Next
	}
	return all, nil
}

// days reads the rows of days.
func (q *question) days(ctx context.Context, kind fold.RowKind, a fold.Number, from, to Day) ([]figureRow, error) {
	return q.rows(ctx, kind, uint32(a), rowSort(uint32(from), 0), rowSort(uint32(to+1), 0), 0)
}

// standing reads where learners stand in a course: in itself, under module 0, and in each of its modules.
func (q *question) standing(ctx context.Context, course fold.Number) (map[fold.Number]*sum, error) {
	rows, err := q.rows(ctx, fold.StandingRow, uint32(course), nil, nil, 0)
	if err != nil {
		return nil, err
	}
	out := map[fold.Number]*sum{}
	for _, r := range rows {
		n := fold.Number(r.b)
		if out[n] == nil {
			out[n] = newSum()
		}
		out[n].take(r)
	}
	return out, nil
}

func percent(hundredths int32) float64 { return float64(hundredths) / 100 }

func scoreOf(c *fold.Counts) Score {
	s := Score{Count: c[fold.Scores]}
	copy(s.Distribution[:], c[fold.ScoreBands:])
	if s.Count > 0 {
		n := float64(s.Count)
		s.Mean = float64(c[fold.ScoreSum]) / 100 / n
		s.Deviation = math.Sqrt(max(float64(c[fold.ScoreSquares])/1e4/n-s.Mean*s.Mean, 0))
	}
	return s
}
