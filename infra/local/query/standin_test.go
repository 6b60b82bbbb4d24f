package query

import (
	"os"
	"path/filepath"
	"testing"

	"cairn/internal/table"
)

// standIn writes the snapshot, until the export does.
func (w *world) standIn(t *testing.T) {
	f := w.figures(t)
	progress, attempts, daily, identities := table.NewWriter[table.Progressed](), table.NewWriter[table.Attempt](), table.NewWriter[table.DayFigures](), table.NewWriter[table.Identity]()
	known := map[string]bool{}
	for _, p := range f.progress {
		known[p.learner] = true
		r := table.Progressed{Learner: w.key(p.learner).(string), Course: p.course, CourseName: "Course", Module: p.module, First: p.first.UnixMicro(), Last: p.last.UnixMicro(), Passed: p.passed,
			Failing: p.failing, Attempts: p.attempts, Failures: p.failures, Score: p.score, Best: p.best, Seconds: float64(p.milliseconds) / 1000}
		if p.module != "" {
			r.ModuleName = "Module"
		} else {
			r.Sessions = &p.sessions
		}
		if p.ended != nil {
			e := p.ended.UnixMicro()
			r.Ended = &e
		}
		must(t, progress.Write(r))
		for _, a := range p.attempted {
			must(t, attempts.Write(table.Attempt{Learner: r.Learner, Course: r.Course, CourseName: r.CourseName, Module: r.Module, ModuleName: r.ModuleName, Number: int64(a.n), Began: a.began.UnixMicro(), Last: a.last.UnixMicro(),
				Completed: a.completed, Passed: a.passed, Score: a.score}))
		}
	}
	for k, n := range f.days {
		must(t, daily.Write(table.DayFigures{Date: k.day, Course: "one", Platform: k.platform, Modality: k.modality, Statements: n["statements"], Sessions: n["sessions"], Seconds: float64(n["milliseconds"]) / 1000,
			Attempts: n["attempts"], Completions: n["completions"], Passes: n["passes"], Failures: n["failures"], Scores: n["scores"], ScoreSum: float64(n["score sum"]) / 10000}))
	}
	for _, s := range w.said(t) {
		for _, l := range s.learners() {
			known[l] = true
		}
	}
	for l := range known {
		must(t, identities.Write(table.Identity{Key: w.key(l).(string), Identity: l}))
	}
	put := func(name string, file []byte, err error) {
		must(t, err)
		key := filepath.Join(name, "x.parquet")
		for k, b := range map[string][]byte{key: file, filepath.Join("manifests", name, "manifest"): []byte(key + "\n")} {
			must(t, os.MkdirAll(filepath.Join(w.folder, filepath.Dir(k)), 0o755))
			must(t, os.WriteFile(filepath.Join(w.folder, k), b, 0o644))
		}
	}
	b, err := progress.Close()
	put("progress", b, err)
	b, err = attempts.Close()
	put("attempts", b, err)
	b, err = daily.Close()
	put("daily", b, err)
	b, err = identities.Close()
	put("identities", b, err)
}
