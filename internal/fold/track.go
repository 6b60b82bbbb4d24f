package fold

import "slices"

func (t *Track) touch(at, spent int64) {
	if t.First == 0 {
		t.First = at
	}
	t.Last = at
	t.Millis += spent
	if n := len(t.Recent); n > 0 && t.Open {
		t.Recent[n-1].Last = at
	}
}

func (t *Track) begin(at int64, c *Counts) {
	t.Open, t.Judged, t.Done, t.Scored = true, false, false, false
	t.Attempts++
	c[Attempts]++
	if len(t.Recent) == maxAttempts {
		t.Recent = slices.Delete(t.Recent, 0, 1)
	}
	t.Recent = append(t.Recent, Attempt{Began: at, Last: at, Score: NoScore})
}

// latest is the attempt that facts tell of. Of a state that was written before attempts were kept it may be a stray one, which nobody reads.
func (t *Track) latest() *Attempt {
	if len(t.Recent) == 0 {
		return &Attempt{}
	}
	return &t.Recent[len(t.Recent)-1]
}

func (t *Track) act(f *Folded, c *Counts) {
	const outcome = Complete | Pass | Fail
	switch {
	case f.Acts&Begin != 0 && !t.Open,
		(f.Acts&outcome != 0 || f.Score != NoScore) && t.Attempts == 0,
		f.Acts&Judge != 0 && t.Judged:
		t.begin(f.At, c)
	}
	if f.Acts&outcome != 0 || f.Score != NoScore || f.Acts&End != 0 && t.Open {
		t.latest().Last = f.At
	}
	if f.Acts&(Pass|Fail) != 0 && !t.Judged {
		t.judge(f.Acts&Pass != 0, c)
	}
	if f.Acts&Complete != 0 && !t.Done {
		t.Done, t.latest().Completed = true, true
		c[Completions]++
	}
	if f.Score != NoScore {
		t.score(f.Score, c)
	}
	if f.Acts&(Complete|Pass) != 0 && t.Ended == 0 {
		t.Ended = f.At
	}
	if f.Acts&End != 0 {
		t.Open = false
	}
}

func (t *Track) judge(passed bool, c *Counts) {
	t.Judged = true
	t.latest().Judged, t.latest().Passed = true, passed
	if passed {
		c[Passes]++
		t.Passed, t.Failing = true, false
		return
	}
	c[Failures]++
	t.Failures++
	t.Failing = !t.Passed
}

func (t *Track) score(score int32, c *Counts) {
	t.Score, t.Best = score, max(t.Best, score)
	if t.Scored {
		return
	}
	t.Scored, t.latest().Score = true, score
	c[Scores]++
	c[ScoreSum] += int64(score)
	c[ScoreSquares] += int64(score) * int64(score)
	c[ScoreBands+Figure(min(score/1000, 9))]++
}
