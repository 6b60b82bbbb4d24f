package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"cairn/internal/fold"
	"cairn/internal/kv"
)

// mostResponses is how many answers to a question are told.
const mostResponses = 20

// questions are those that were asked in modules, the most answered first.
func (q *question) questions(ctx context.Context, modules map[fold.Number]*sum) ([]Question, error) {
	answered, asked := map[fold.Number]int64{}, map[fold.Number]fold.Number{} // by how many learners, and in which module
	for m, s := range modules {
		for k, n := range s.counts {
			if number := fold.Number(k.A); k.Kind == fold.QuestionKey {
				if answered[number] += n; asked[number] < m {
					asked[number] = m
				}
			}
		}
	}
	numbers := make([]fold.Number, 0, len(answered))
	for n := range answered {
		numbers = append(numbers, n)
	}
	slices.SortFunc(numbers, func(a, b fold.Number) int { return cmp.Or(cmp.Compare(answered[b], answered[a]), cmp.Compare(a, b)) })
	numbers = numbers[:min(len(numbers), mostSteps)]
	if len(numbers) == 0 {
		return []Question{}, nil
	}
	called, err := q.called(ctx, questionName, numbers)
	if err != nil {
		return nil, err
	}
	var in []fold.Number
	for _, n := range numbers {
		in = append(in, asked[n])
	}
	modulesCalled, err := q.names.spell(ctx, q.generation, moduleName, in)
	if err != nil {
		return nil, err
	}
	rows, err := q.figuresOfAll(ctx, fold.QuestionRow, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]Question, 0, len(numbers))
	for _, n := range numbers {
		if rows[n] != nil {
			question := questionOf(rows[n].counts)
			question.Activity, question.Kind, question.Module = called[n], called[n].interaction, modulesCalled[asked[n]]
			out = append(out, question)
		}
	}
	slices.SortStableFunc(out, func(a, b Question) int { return cmp.Compare(b.Answers, a.Answers) })
	return out, nil
}

// figuresOfAll reads one row for each number.
func (q *question) figuresOfAll(ctx context.Context, kind fold.RowKind, numbers []fold.Number) (map[fold.Number]*row, error) {
	if q.group != nil {
		group, err := q.tablesOf(ctx, q.group)
		return group.figuresOfAll(kind, numbers), err
	}
	keys, of := make([]kv.Key, len(numbers)), map[string]fold.Number{}
	for i, n := range numbers {
		keys[i] = rowKey(q.generation, fold.Row{Kind: kind, A: uint32(n)}, 0)
		of[string(keys[i].Partition)] = n
	}
	items, err := q.store.GetMany(ctx, keys, kv.Eventual)
	if err != nil {
		return nil, fmt.Errorf("reading figures: %w", err)
	}
	out := map[fold.Number]*row{}
	for _, item := range items {
		r, err := decodeRow(item)
		if err != nil {
			return nil, err
		}
		out[of[string(item.Partition)]] = r
	}
	return out, nil
}

func questionOf(counts map[fold.Key]int64) Question {
	at := func(kind fold.KeyKind, a int) int64 { return counts[fold.Key{Kind: kind, A: uint32(a)}] }
	q := Question{
		Answers: at(fold.AnswersKey, 0), Judged: at(fold.JudgedKey, 0), Right: at(fold.RightKey, 0), Seconds: at(fold.AnswerTime, 0) / 1000,
		Discrimination: correlation(at(fold.PairsKey, 0), at(fold.PairsKey, 1), at(fold.PairsKey, 2), at(fold.PairsKey, 3), at(fold.PairsKey, 4)),
		Attempts:       []QuestionAttempt{}, Responses: []Response{},
	}
	for try := range 5 {
		if judged := at(fold.TryJudged, try); judged > 0 {
			q.Attempts = append(q.Attempts, QuestionAttempt{Attempt: try + 1, Judged: judged, Right: at(fold.TryRight, try)})
		}
	}
	for k, n := range counts {
		if k.Kind == fold.Response {
			q.Responses = append(q.Responses, Response{k.Text, n, counts[fold.Key{Kind: fold.ResponseHit, Text: k.Text}]})
		}
	}
	slices.SortFunc(q.Responses, func(a, b Response) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Response, b.Response))
	})
	q.Responses = q.Responses[:min(len(q.Responses), mostResponses)]
	return q
}

// fewPairs is below how many a correlation says nothing.
const fewPairs = 10

// correlation is Pearson's, from sums over pairs of x, which is 0 or 1, and y; nil where it has no meaning.
func correlation(n, x, y, xy, yy int64) *float64 {
	spread := float64(n*x-x*x) * float64(n*yy-y*y)
	if n < fewPairs || spread <= 0 {
		return nil
	}
	r := float64(n*xy-x*y) / math.Sqrt(spread)
	return &r
}

// mostStretches is how many parts of a video are told.
const mostStretches = 600

// video is how a module was watched in the span; nil when nobody ever watched anything.
func (q *question) video(days, standing *sum) *Video {
	watched := standing.counts[fold.Key{Kind: fold.Watches}]
	if watched == 0 {
		return nil
	}
	v, last := &Video{Learners: int(watched), Stretches: []Stretch{}}, -1
	for k := range standing.counts {
		if k.Kind == fold.Lengths {
			v.Length = max(v.Length, int(k.A))
		}
	}
	for k := range days.counts {
		if k.Kind == fold.Views {
			last = max(last, int(k.A))
		}
	}
	for bin := 0; bin <= last || bin < fold.Bins && fold.BinStart(bin) < v.Length; bin++ {
		views, repeats := days.counts[fold.Key{Kind: fold.Views, A: uint32(bin)}], days.counts[fold.Key{Kind: fold.Repeats, A: uint32(bin)}]
		v.Stretches = append(v.Stretches, Stretch{From: fold.BinStart(bin), To: fold.BinStart(bin + 1), Views: views, Viewers: views - repeats})
	}
	v.Stretches = coarser(v.Stretches)
	return v
}

// coarser joins stretches two by two until they are few enough: of each two the one that was seen more often tells.
func coarser(all []Stretch) []Stretch {
	for len(all) > mostStretches {
		var half []Stretch
		for pair := range slices.Chunk(all, 2) {
			first, last := pair[0], pair[len(pair)-1]
			half = append(half, Stretch{first.From, last.To, max(first.Views, last.Views), max(first.Viewers, last.Viewers)})
		}
		all = half
	}
	return all
}
