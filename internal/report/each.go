package report

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// eachPage reads a span, page by page.
func eachPage(ctx context.Context, store kv.Reader, span kv.Span, do func([]kv.Item) error) error {
	for next := &span; next != nil; {
		page, err := store.Query(ctx, *next)
		if err != nil {
			return err
		}
		if err := do(page.Items); err != nil {
			return err
		}
		next = page.Next
	}
	return nil
}

// eachRow reads rows of figures, one after the other.
func eachRow(ctx context.Context, store kv.Reader, span kv.Span, do func(figureRow) error) error {
	return eachPage(ctx, store, span, func(items []kv.Item) error {
		for _, item := range items {
			r, err := decodeRow(item)
			if err != nil {
				return err
			}
			b, block := rowAt(item.Sort)
			if err := do(figureRow{r, b, block}); err != nil {
				return err
			}
		}
		return nil
	})
}

// learnerRows are a learner's progress in all courses.
type learnerRows struct {
	number fold.Number
	rows   []*progress // but for those of which everything was voided; one at least
}

// learnersAtOnce is how many learners are in memory at a time.
const learnersAtOnce = 64

// eachLearner reads the progress of all learners from a number on, in the order of their numbers: these go from the first to the counter's, and
// some are nobody's.
func eachLearner(ctx context.Context, store kv.Reader, generation byte, from fold.Number, s kv.Strength, do func([]learnerRows) error) error {
	end, err := learnersEnd(ctx, store, generation, s)
	if err != nil {
		return err
	}
	for from = max(from, fold.First); from < end; from += learnersAtOnce {
		block, err := readLearners(ctx, store, generation, from, min(from+learnersAtOnce, end), s)
		if err != nil {
			return err
		}
		if err := do(block); err != nil {
			return err
		}
	}
	return nil
}

// learnersEnd is above the numbers of all learners.
func learnersEnd(ctx context.Context, store kv.Reader, generation byte, s kv.Strength) (fold.Number, error) {
	item, err := store.Get(ctx, nameKey(generation, learnerName, fold.None), s)
	if errors.Is(err, kv.ErrAbsent) {
		return fold.First, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading how many learners there are: %w", err)
	}
	end, _, err := readUvarint(item.Value)
	return fold.Number(end), err
}

func readLearners(ctx context.Context, store kv.Reader, generation byte, from, end fold.Number, s kv.Strength) ([]learnerRows, error) {
	all := make([]learnerRows, end-from)
	reading, at := errgroup.WithContext(ctx)
	reading.SetLimit(readsAtOnce)
	for i := range all {
		reading.Go(func() error {
			rows, err := learnerProgress(at, store, generation, from+fold.Number(i), s)
			for _, p := range rows {
				if p.state.Newest != (fold.Order{}) { // what was voided leaves an empty state
					all[i].rows = append(all[i].rows, p)
				}
			}
			return err
		})
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	var found []learnerRows
	for i, l := range all {
		if l.number = from + fold.Number(i); len(l.rows) > 0 {
			found = append(found, l)
		}
	}
	return found, nil
}
