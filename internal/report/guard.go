package report

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/telemetry"
)

// A statement that nobody thought of must not stop the reports for good, so a panic over one is an error of that one. What it holds is in no text of these:
// a panic of the runtime's tells of indexes and types, any other may tell anything.

var errPanic = errors.New("report: it cannot be counted, by a fault of ours")

// leaveOut says that reports leave something out, and what: in the log, and in a metric, so that whoever runs it hears of it.
func leaveOut(ctx context.Context, what string, of ...any) {
	slog.ErrorContext(ctx, what, of...)
	telemetry.Add(ctx, telemetry.Uncounted, 1)
}

// guarded has a panic be an error.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errPanic
			if ours, ok := p.(runtime.Error); ok {
				err = fmt.Errorf("%w: %w", errPanic, ours)
			}
			slog.Error("a panic over a statement", "error", err.Error(), "stack", string(debug.Stack()))
		}
	}()
	return do()
}

// addAll folds facts in order into the state that from gives. One that panics is left out: progress may stand already that was folded with others of its
// entry, so that the entry cannot be taken from the range any more. Whoever applies the range finds the same, and leaves out the same.
func addAll(ctx context.Context, p part, facts []*fold.Folded, from func() (*fold.State, error)) (*fold.State, error) {
	for {
		state, err := from()
		if err != nil {
			return nil, err
		}
		bad := slices.IndexFunc(facts, func(f *fold.Folded) bool {
			return guarded(func() error { state.Add(f); return nil }) != nil
		})
		if bad < 0 {
			return state, nil
		}
		leaveOut(ctx, "a statement is not counted", "learner", p.learner, "course", p.course)
		facts = slices.Delete(slices.Clone(facts), bad, bad+1)
	}
}
