// Package report keeps the reporting tables, a projection of the log, and answers questions from them.
package report

import (
	"context"
	"errors"
)

var (
	// ErrUnknown: nothing is known of the activity or the learner that is asked about.
	ErrUnknown = errors.New("report: unknown")
	// ErrFilter: it cannot be asked like that. Whoever wraps it says why behind it, in words for whoever asked: fmt.Errorf("%w: ...", ErrFilter).
	ErrFilter = errors.New("report: filter")
)

// Page asks for a part of a list.
type Page struct {
	Next  string // of the page before; empty for the first
	Limit int    // lines at most; 0 for 25
}

// Questions are what can be asked. Errors are ErrUnknown, ErrFilter (wrapped, with words for whoever asked), and faults of the storage.
type Questions interface {
	Overview(ctx context.Context, f Filter) (Overview, error)
	// Activities lists courses. Sort is "" or "statements".
	Activities(ctx context.Context, f Filter, sort string, p Page) (ActivityList, error)
	// Activity is one course or module, by its id.
	Activity(ctx context.Context, id string, f Filter) (ActivityReport, error)
	// Learners lists learners: of a course when its id is given; and of those the ones in a state: "", "inactive", "failing", "completed",
	// "begun" (and not completed). A state needs a course.
	Learners(ctx context.Context, f Filter, course, state string, p Page) (LearnerList, error)
	// Learner is one learner, by the key of a list.
	Learner(ctx context.Context, key string, f Filter) (LearnerReport, error)
	// Sessions tells what a learner, by the key of a list, did in a course lately, whatever the filter; nothing when he never did anything in it.
	// What was stored before is in it, whether or not any figure counts it yet; but the learner himself must be known to figures.
	Sessions(ctx context.Context, key, course string, f Filter) (SessionList, error)
	// Mark is the same as long as no figure has changed: for whoever asks again and again. It costs two small reads at most.
	Mark(ctx context.Context) (string, error)
	// FindLearner is the key of who has an identity, such as "mbox:mailto:ada@example.com".
	FindLearner(ctx context.Context, identity string) (key string, err error)
	// Groups are those to choose from: those that are kept, and then the teams that statements name; at most limit of each.
	Groups(ctx context.Context, limit int) ([]Group, error)
	// Platforms are those to choose from, in order; statements with others are counted together.
	Platforms(ctx context.Context) ([]string, error)
}
