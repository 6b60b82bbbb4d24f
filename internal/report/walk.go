package report

import (
	"context"
	"slices"
	"time"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Walk goes through what a generation of the tables says of learners and courses, for whoever writes it down elsewhere. It is the picture of no
// instant: each row is as it stood when it was read, eventually consistent. It holds a block of learners in memory, or the days of one course.
//
// Learners and Courses go on from a number, so that what one worker began another can end, in the same Generation: in another one
// numbers stand for others.
type Walk struct {
	Generation byte
	AsOf       time.Time // up to which every statement was counted as the walk began

	q      *question
	titles map[numbered]Activity
}

// mostTitles is how many activities' names a walk remembers.
const mostTitles = 20_000

// Walk begins a walk through the generation that answers.
func (r *Reports) Walk(ctx context.Context) (*Walk, error) {
	cp, err := r.checkpoint.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	asOf, err := r.asOf(ctx, cp)
	return &Walk{cp.Generation, asOf, &question{Reports: r, generation: cp.Generation}, map[numbered]Activity{}}, err
}

// LearnerProgress is how far a learner has come.
type LearnerProgress struct {
	Number     fold.Number
	Counted    string   // the identity under which he is counted: no other learner has it, whoever was said to be the same person since
	Identity   string   // that of his newest statement
	Identities []string // all by which statements that are counted call him, in order
	Name       string   // as the newest statement has it; may be empty
	Courses    []CourseProgress
}

// CourseProgress is how far he has come in a course. Of a state in which Course.First is 0 he has done nothing in any: its statements are about no Activity,
// or are voided. An activity has no ID when it is one of those that came when there were too many; a module also where questions have none.
type CourseProgress struct {
	Course  Activity
	Modules []Activity // those of State.Modules
	State   *fold.State
}

// Learners tells of each learner whose number is at least from, in the order of numbers, until do fails; then it returns what do returned.
// It costs a request for each number, of which some are nobody's, and few more.
func (w *Walk) Learners(ctx context.Context, from fold.Number, do func(*LearnerProgress) error) error {
	return eachLearner(ctx, w.q.store, w.Generation, from, kv.Eventual, func(block []learnerRows) error {
		if err := w.learnTitles(ctx, block); err != nil {
			return err
		}
		all := make([]*LearnerProgress, len(block))
		for i, l := range block {
			all[i] = w.learner(l)
		}
		if err := w.learnCounted(ctx, all); err != nil {
			return err
		}
		for _, l := range all {
			if err := do(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// learnCounted finds the identities under which learners are counted. Of a person it is the first that has the learner's number: those who were counted before
// somebody said that they are one person have numbers of their own.
func (w *Walk) learnCounted(ctx context.Context, all []*LearnerProgress) error {
	identities := make([]string, len(all))
	for i, l := range all {
		identities[i] = l.Identity
	}
	people, err := w.q.names.roster.People(ctx, identities)
	if err != nil {
		return err
	}
	var others []string
	for _, same := range people {
		others = append(others, same...)
	}
	numbers, _, err := w.q.names.look(ctx, w.Generation, learnerNames(others))
	if err != nil {
		return err
	}
	for _, l := range all {
		l.Counted = l.Identities[0]
		for _, identity := range people[l.Identity] {
			if numbers[name{learnerName, identity}] == l.Number {
				l.Counted = identity
				break
			}
		}
	}
	return nil
}

func (w *Walk) learner(l learnerRows) *LearnerProgress {
	newest := newestOf(l.rows)
	out := &LearnerProgress{Number: l.number, Identity: newest.Identity, Name: newest.Name}
	for _, p := range l.rows {
		out.Identities = append(append(out.Identities, p.state.Also...), p.state.Identity)
		c := CourseProgress{Course: w.title(courseName, p.course), State: p.state}
		for i := range p.state.Modules {
			c.Modules = append(c.Modules, w.title(moduleName, p.state.Modules[i].Module))
		}
		out.Courses = append(out.Courses, c)
	}
	slices.Sort(out.Identities)
	out.Identities = slices.Compact(out.Identities)
	return out
}

// title is what an activity is called; one that stands for nothing or for many has no id.
func (w *Walk) title(kind nameKind, n fold.Number) Activity { return w.titles[numbered{kind, n}] }

// learnTitles asks what the activities of learners are called, but for those that are known.
func (w *Walk) learnTitles(ctx context.Context, block []learnerRows) error {
	var courses, modules []fold.Number
	for _, l := range block {
		for _, p := range l.rows {
			courses = append(courses, p.course)
			for i := range p.state.Modules {
				modules = append(modules, p.state.Modules[i].Module)
			}
		}
	}
	w.forget()
	if err := w.learn(ctx, courseName, courses); err != nil {
		return err
	}
	return w.learn(ctx, moduleName, modules)
}

func (w *Walk) forget() {
	if len(w.titles) > mostTitles {
		clear(w.titles)
	}
}

func (w *Walk) learn(ctx context.Context, kind nameKind, numbers []fold.Number) error {
	var unknown []fold.Number
	asked := map[fold.Number]bool{fold.None: true}
	for _, n := range numbers {
		if _, known := w.titles[numbered{kind, n}]; !known && !asked[n] {
			asked[n] = true
			unknown = append(unknown, n)
		}
	}
	called, err := w.q.called(ctx, kind, unknown)
	for n, a := range called {
		w.titles[numbered{kind, n}] = a
	}
	return err
}
