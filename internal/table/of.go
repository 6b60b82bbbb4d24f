package table

import (
	"cmp"

	"cairn/internal/fold"
	"cairn/internal/xapi"
)

// Rows are those that statements become.
type Rows struct {
	// Key gives an identity its key; of an empty one, an empty key.
	Key           func(identity string) string
	Statements    []Statement
	Answers       []Answer
	VideoSegments []VideoSegment
}

// Add adds the rows of a statement that was stored at a time in microseconds, given its facts. Raw is what the column of that name has.
func (r *Rows) Add(s *xapi.Statement, facts []fold.Fact, stored int64, voided bool, raw string) {
	o, d := s.Outline(), s.Details()
	row := r.statement(s, &o, &d, stored, voided, raw)
	before := len(r.VideoSegments)
	if len(facts) > 0 {
		row.Course, row.Module, row.Modality = facts[0].Course, facts[0].Module, facts[0].Modality.String()
	}
	for n, f := range facts {
		key := r.Key(f.Learner.Identity)
		row.Learners = append(row.Learners, key)
		if f.Answer != nil {
			r.Answers = append(r.Answers, answer(&row, &o, &d, &f, n, key))
		}
		if f.Watched != nil {
			r.segments(&row, &f, key)
		}
	}
	for n := range r.VideoSegments[before:] {
		r.VideoSegments[before+n].Nth = int64(n)
	}
	r.Statements = append(r.Statements, row)
}

func (r *Rows) statement(s *xapi.Statement, o *xapi.Outline, d *xapi.Details, stored int64, voided bool, raw string) Statement {
	id, _ := s.ID()
	row := Statement{
		Learners: []string{},
		ID:       id.String(), Stored: stored, Occurred: o.Timestamp.UnixMicro(), Verb: o.Verb, Parent: ids(o.Parent), Grouping: ids(o.Grouping), Category: ids(o.Category),
		ActorKind: d.ActorKind, ActorKey: r.Key(d.Actor.Identity), ObjectKind: d.ObjectKind, Name: d.Name, Authority: cmp.Or(d.Authority.Account, r.Key(d.Authority.Identity)),
		Success: truth(o.Result.Success), Completion: truth(o.Result.Completion), Registration: o.Registration, Platform: o.Platform, Language: o.Language,
		Activity: o.Object.ID, Type: o.Object.Type, Voided: voided, JSON: raw, Modality: fold.ELearning.String(),
	}
	result := &o.Result
	row.Scaled, row.Raw = said(result.Scaled, result.HasScaled), said(result.Raw, result.HasRaw)
	row.Min, row.Max = said(result.Min, result.HasMin), said(result.Max, result.HasMax)
	row.Seconds = said(result.Duration.Seconds(), result.HasDuration)
	if score := fold.Score(result); score != fold.NoScore {
		row.Score = said(share(score), true)
	}
	if target, ok := s.Refers(); ok {
		row.Refers = target.String()
	}
	return row
}

// share is a score of fold's, in hundredths of a per cent, from 0 to 1.
func share(score int32) float64 { return float64(score) / 10_000 }

func answer(row *Statement, o *xapi.Outline, d *xapi.Details, f *fold.Fact, n int, learner string) Answer {
	a := Answer{
		Statement: row.ID, Nth: int64(n), Occurred: row.Occurred, Stored: row.Stored, Learner: learner, Course: f.Course, Module: f.Module, Question: f.Question,
		Name: cmp.Or(d.Name, d.Description), Interaction: o.Object.InteractionType, Response: f.Answer.Response, Seconds: row.Seconds,
		Platform: row.Platform, Modality: row.Modality, Voided: row.Voided,
	}
	if f.Answer.Judged {
		a.Success = &f.Answer.Right
	}
	return a
}

func (r *Rows) segments(row *Statement, f *fold.Fact, learner string) {
	w := f.Watched
	for _, segment := range w.Segments {
		s := VideoSegment{
			Statement: row.ID, Occurred: row.Occurred, Stored: row.Stored, Learner: learner, Course: f.Course, Video: f.Object, Session: w.Session,
			From: float64(segment[0]) / 1000, To: float64(segment[1]) / 1000, Voided: row.Voided,
		}
		if w.Length > 0 {
			length := int64(w.Length)
			s.Length = &length
		}
		r.VideoSegments = append(r.VideoSegments, s)
	}
}

func ids(all []xapi.ActivityRef) []string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = a.ID
	}
	return out
}

func truth(t xapi.Truth) *bool {
	if t == xapi.Unsaid {
		return nil
	}
	yes := t == xapi.Yes
	return &yes
}

func said(n float64, is bool) *float64 {
	if !is {
		return nil
	}
	return &n
}
