package fold

// Encode writes the state.
func (s *State) Encode() []byte { return encode(s.visit) }

// Decode reads what Encode wrote.
func Decode(b []byte) (*State, error) {
	s := &State{}
	return s, decode(b, s.visit)
}

func (s *State) visit(c *coder) {
	c.text(&s.Identity)
	c.text(&s.Name)
	list(c, &s.Also, func(identity *string) { c.text(identity) })
	c.signed(&s.Newest.At)
	c.signed(&s.Newest.Stored)
	c.unsigned(&s.Newest.Tie)
	since(c, &s.Last, s.Newest.At)
	c.signed(&s.Sessions)
	s.Course.visit(c, s.Newest.At)
	list(c, &s.Modules, func(m *Module) { m.visit(c, s.Newest.At) })
	before := Cell{}
	list(c, &s.Cells, func(cell *Cell) {
		visitDay(c, &cell.Day, &before.Day)
		small(c, &cell.Module)
		small(c, &cell.Platform)
		small(c, &cell.Modality)
		cell.Counts.visit(c)
	})
	before = Cell{}
	list(c, &s.Verbs, func(v *VerbCount) {
		visitDay(c, &v.Day, &before.Day)
		small(c, &v.Module)
		small(c, &v.Verb)
		c.signed(&v.N)
	})
	list(c, &s.Teams, func(n *Number) { small(c, n) })
}

// visitDay tells a day by what it is after the one before.
func visitDay(c *coder, day, before *int32) {
	n := int64(*day)
	since(c, &n, int64(*before))
	*day = int32(n)
	*before = *day
}

func (t *Track) visit(c *coder, now int64) {
	since(c, &t.First, now)
	since(c, &t.Last, now)
	ended := t.Ended != 0
	scored := t.Best != NoScore
	told := len(t.Recent) > 0 // never of a state that was written before attempts were kept
	c.flags(&t.Open, &t.Judged, &t.Done, &t.Scored, &t.Passed, &t.Failing, &ended, &scored, &told)
	if ended {
		since(c, &t.Ended, now)
	}
	c.signed(&t.Millis)
	c.signed(&t.Attempts)
	c.signed(&t.Failures)
	if scored {
		visitScore(c, &t.Score)
		visitScore(c, &t.Best)
	} else {
		t.Score, t.Best = NoScore, NoScore
	}
	if told {
		t.visitAttempts(c)
	}
}

// visitAttempts tells most times by one that is near: when an attempt began by the end of the one before, or the first fact of all; its end
// by its beginning, or the last fact of all.
func (t *Track) visitAttempts(c *coder) {
	i, near := 0, t.First
	list(c, &t.Recent, func(a *Attempt) {
		scored := a.Score != NoScore
		c.flags(&a.Completed, &a.Judged, &a.Passed, &scored)
		since(c, &a.Began, near)
		if near = a.Began; i == len(t.Recent)-1 {
			near = t.Last
		}
		since(c, &a.Last, near)
		a.visitScore(c, scored, t.Score)
		i, near = i+1, a.Last
	})
}

func (a *Attempt) visitScore(c *coder, scored bool, near int32) {
	if !scored {
		a.Score = NoScore
		return
	}
	n := int64(a.Score)
	since(c, &n, int64(near))
	a.Score = int32(n)
}

func visitScore(c *coder, score *int32) {
	n := int64(*score)
	c.signed(&n)
	*score = int32(n)
}

func (m *Module) visit(c *coder, now int64) {
	small(c, &m.Module)
	m.Track.visit(c, now)
	list(c, &m.Questions, func(q *Question) { q.visit(c) })
	video := m.Video != nil
	c.flags(&video)
	if !video {
		return
	}
	if m.Video == nil {
		m.Video = &Video{}
	}
	m.Video.visit(c)
}

func (q *Question) visit(c *coder) {
	small(c, &q.Question)
	c.signed(&q.Answers)
	c.signed(&q.Judged)
	c.signed(&q.Right)
	c.signed(&q.Millis)
	small(c, &q.Tries)
	c.flags(&q.Wrong)
	list(c, &q.Responses, func(r *ResponseCount) {
		c.text(&r.Response)
		c.signed(&r.N)
		c.signed(&r.Right)
	})
	small(c, &q.Open)
	for _, n := range []*int64{&q.Pairs.N, &q.Pairs.X, &q.Pairs.Y, &q.Pairs.XY, &q.Pairs.YY} {
		c.signed(n)
	}
}

func (v *Video) visit(c *coder) {
	visitScore(c, &v.Length)
	c.unsigned(&v.Session)
	run := func(r *Run) {
		visitScore(c, &r.Bins)
		visitScore(c, &r.Views)
	}
	list(c, &v.Told, run)
	before := int32(0)
	list(c, &v.Days, func(d *VideoDay) {
		visitDay(c, &d.Day, &before)
		list(c, &d.Views, run)
	})
}

// visit tells which figures are not 0, and those.
func (counts *Counts) visit(c *coder) {
	which := uint64(0)
	for i, n := range counts {
		if n != 0 {
			which |= 1 << i
		}
	}
	c.unsigned(&which)
	for i := range counts {
		if which>>i&1 == 1 {
			c.signed(&counts[i])
		}
	}
}
