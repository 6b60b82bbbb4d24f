package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// Line is one thing that the tables say, in names where they have numbers: "day 2026-01-05 | attempts | Pocket | mobile" says "3".
type Line struct{ Of, Says string }

// Dump tells everything that a generation of the tables says, each once, in no order: for whoever recounts. It reads partition by partition, as
// the registry of names lists them, strongly consistent, and keeps the identities of all learners in memory.
func Dump(ctx context.Context, store kv.Reader, generation byte, tell func(Line)) error {
	d := &dump{store: store, generation: generation, tell: tell, names: map[numbered]string{}, learners: map[fold.Number]string{}}
	kinds := map[nameKind][]fold.Number{}
	for _, kind := range []nameKind{courseName, moduleName, questionName, verbName, platformName, teamName} {
		numbers, err := d.readNames(ctx, kind)
		if err != nil {
			return err
		}
		kinds[kind] = append(numbers, fold.None, fold.Other)
	}
	if err := d.allProgress(ctx); err != nil {
		return err
	}
	for _, p := range []struct {
		row fold.RowKind
		of  []fold.Number
	}{
		{fold.DayRow, []fold.Number{fold.None}}, {fold.CourseRow, kinds[courseName]}, {fold.StandingRow, kinds[courseName]},
		{fold.ModuleRow, kinds[moduleName]}, {fold.QuestionRow, kinds[questionName]}, {fold.TeamRow, kinds[teamName]},
	} {
		for _, a := range p.of {
			if err := d.rows(ctx, p.row, uint32(a)); err != nil {
				return err
			}
		}
	}
	return nil
}

type dump struct {
	store      kv.Reader
	generation byte
	tell       func(Line)
	names      map[numbered]string
	learners   map[fold.Number]string // their identities
}

// say tells a line of words.
func (d *dump) say(says any, of ...string) { d.tell(Line{strings.Join(of, " | "), fmt.Sprint(says)}) }

// whole is a partition, strongly consistent.
func whole(partition []byte) kv.Span {
	return kv.Span{Table: kv.Reports, Partition: partition, Strength: kv.Strong}
}

func (d *dump) readNames(ctx context.Context, kind nameKind) (numbers []fold.Number, err error) {
	err = eachPage(ctx, d.store, whole(nameKey(d.generation, kind, fold.None).Partition), func(items []kv.Item) error {
		for _, item := range items {
			if n := numberAt(item.Sort); n != fold.None { // that row is the counter
				d.names[numbered{kind, n}] = string(item.Value)
				numbers = append(numbers, n)
			}
		}
		return nil
	})
	return numbers, err
}

// name is what a number stands for, in words; an empty one for none.
func (d *dump) name(kind nameKind, n uint32) string {
	if fold.Number(n) == fold.Other {
		return "(other)"
	}
	return d.names[numbered{kind, fold.Number(n)}]
}

func (d *dump) rows(ctx context.Context, kind fold.RowKind, a uint32) error {
	lists := map[string][]string{} // over all blocks
	err := eachRow(ctx, d.store, whole(rowPartition(d.generation, kind, a)), func(r figureRow) error {
		of := d.rowName(fold.Row{Kind: kind, A: a, B: r.b})
		for k, n := range r.counts {
			d.say(n, append([]string{of}, d.keyName(k)...)...)
		}
		for k, list := range r.lists {
			name := strings.Join(append([]string{of, "learners"}, d.keyName(k)...), " | ")
			for bit := range list.each {
				lists[name] = append(lists[name], d.learners[fold.Number(r.block)*blockSize+fold.Number(bit)])
			}
		}
		return nil
	})
	for of, learners := range lists {
		slices.Sort(learners)
		d.say(strings.Join(learners, ", "), of)
	}
	return err
}

func (d *dump) rowName(r fold.Row) string {
	switch r.Kind {
	case fold.DayRow:
		return "day " + date(r.B)
	case fold.CourseRow:
		return "course " + d.name(courseName, r.A) + " " + date(r.B)
	case fold.ModuleRow:
		return "module " + d.name(moduleName, r.A) + " " + date(r.B)
	case fold.StandingRow:
		return strings.TrimSpace("standing " + d.name(courseName, r.A) + " " + d.name(moduleName, r.B))
	case fold.QuestionRow:
		return "question " + d.name(questionName, r.A)
	case fold.TeamRow:
		return "team " + d.name(teamName, r.A)
	}
	return fmt.Sprint("row ", r)
}

func date(day uint32) string {
	return time.Unix(int64(int32(day))*24*60*60, 0).UTC().Format(time.DateOnly)
}

// What keys are called.
var (
	figureNames = [...]string{"statements", "sessions", "milliseconds", "attempts", "completions", "passes", "failures", "scores", "score sum", "score squares"}
	keyNames    = map[fold.KeyKind]string{
		fold.VerbKey: "verb", fold.CourseKey: "course", fold.Learners: "", fold.Began: "began", fold.Ended: "ended", fold.Passed: "passed",
		fold.Failing: "failing", fold.TookDays: "took band", fold.ModuleTime: "milliseconds in", fold.Members: "members", fold.QuestionKey: "question", fold.AnswersKey: "answers",
		fold.JudgedKey: "judged", fold.RightKey: "right", fold.AnswerTime: "milliseconds", fold.TryJudged: "judged at try", fold.TryRight: "right at try",
		fold.PairsKey: "pairs", fold.Response: "response", fold.ResponseHit: "right response", fold.Views: "views of bin", fold.Repeats: "repeated views of bin",
		fold.Watches: "watches", fold.Lengths: "length",
	}
	pairNames = [...]string{"n", "x", "y", "xy", "yy"}
)

func (d *dump) keyName(k fold.Key) []string {
	if k.Kind < fold.KeyKind(fold.Figures) {
		return append([]string{figureName(fold.Figure(k.Kind))}, d.cellName(k.A, k.B)...)
	}
	name := keyNames[k.Kind]
	switch k.Kind {
	case fold.Learners:
		return d.cellName(k.A, k.B)
	case fold.VerbKey:
		return []string{name, d.name(verbName, k.A)}
	case fold.CourseKey:
		return []string{name, d.name(courseName, k.A)}
	case fold.ModuleTime:
		return []string{name, d.name(moduleName, k.A)}
	case fold.QuestionKey:
		return []string{name, d.name(questionName, k.A)}
	case fold.PairsKey:
		return []string{name, pairNames[k.A]}
	case fold.Response, fold.ResponseHit:
		return []string{name, k.Text}
	case fold.TookDays, fold.TryJudged, fold.TryRight, fold.Views, fold.Repeats, fold.Lengths:
		return []string{name, fmt.Sprint(k.A)}
	}
	return []string{name}
}

func figureName(f fold.Figure) string {
	if f >= fold.ScoreBands {
		return fmt.Sprint("scores in band ", int(f-fold.ScoreBands))
	}
	return figureNames[f]
}

func (d *dump) cellName(platform, modality uint32) []string {
	return []string{d.name(platformName, platform), fold.Modality(modality).String()}
}
