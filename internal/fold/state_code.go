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
	c.flags(&t.Open, &t.Judged, &t.Done, &t.Scored, &t.Passed, &t.Failing, &ended, &scored)
	if ended {
		since(c, &t.Ended, now)
	}
	c.signed(&t.Millis)
	c.signed(&t.Attempts)
	c.signed(&t.Failures)
	if !scored {
		t.Score, t.Best = NoScore, NoScore
		return
	}
	visitScore(c, &t.Score)
	visitScore(c, &t.Best)
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
