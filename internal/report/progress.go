package report

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// progress is a learner's state in a course, with what the last range added.
type progress struct {
	part
	through uint64 // number of the last range that is folded in
	state   *fold.State
	delta   *fold.Tally
	version uint64
}

func (p *progress) item(generation byte) kv.Item {
	b := binary.AppendUvarint(nil, p.through)
	state := p.state.Encode()
	b = append(binary.AppendUvarint(b, uint64(len(state))), state...)
	return itemOf(progressKey(generation, p.learner, p.course), append(b, p.delta.Encode()...))
}

func decodeProgress(item kv.Item) (*progress, error) {
	if len(item.Partition) != 6 || len(item.Sort) != 4 {
		return nil, errRow
	}
	p := &progress{version: item.Version, part: part{
		learner: fold.Number(binary.BigEndian.Uint32(item.Partition[2:])), course: numberAt(item.Sort),
	}}
	through, b, err := readUvarint(item.Value)
	if err != nil {
		return nil, err
	}
	size, b, err := readUvarint(b)
	if err != nil || size > uint64(len(b)) {
		return nil, errRow
	}
	p.through = through
	if p.state, err = fold.Decode(b[:size]); err != nil {
		return nil, err
	}
	p.delta, err = fold.DecodeTally(b[size:])
	return p, err
}

// readProgress reads one part's progress, nil when there is none.
func readProgress(ctx context.Context, store kv.Store, generation byte, p part) (*progress, error) {
	item, err := store.Get(ctx, progressKey(generation, p.learner, p.course), kv.Strong)
	if errors.Is(err, kv.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading progress: %w", err)
	}
	return decodeProgress(item)
}

// learnerProgress reads all courses of a learner.
func learnerProgress(ctx context.Context, store kv.Reader, generation byte, learner fold.Number, s kv.Strength) (all []*progress, err error) {
	err = eachPage(ctx, store, kv.Span{Table: kv.Reports, Partition: progressPartition(generation, learner), Strength: s}, func(items []kv.Item) error {
		for _, item := range items {
			p, err := decodeProgress(item)
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading progress: %w", err)
	}
	return all, nil
}
