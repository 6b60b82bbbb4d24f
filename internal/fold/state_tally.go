package fold

// Tally is what the state of a course adds to the tables.
func (s *State) Tally(course Number) *Tally { return s.TallyOf(course, nil) }

// TallyOf is what it adds to rows that are wanted; nil wants all.
func (s *State) TallyOf(course Number, wanted func(Row) bool) *Tally {
	t := &Tally{Counts: make([]Count, 0, 64), Lists: make([]Listing, 0, 32), wanted: wanted}
	s.tally(t, course)
	t.settle()
	t.wanted = nil
	return t
}

func (s *State) tally(t *Tally, course Number) {
	for i := range s.Cells {
		s.Cells[i].tally(t, course)
	}
	for _, v := range s.Verbs {
		key := Key{Kind: VerbKey, A: uint32(v.Verb)}
		for _, r := range rowsOf(course, v.Module, v.Day) {
			t.add(r, key, v.N)
			if course != None && r.Kind == DayRow { // of courses and modules too they would be half of what their rows say
				t.list(r, key)
			}
		}
	}
	if s.Course.First == 0 {
		return
	}
	for _, team := range s.Teams {
		t.list(Row{TeamRow, uint32(team), 0}, Key{Kind: Members})
	}
	s.Course.tally(t, Row{StandingRow, uint32(course), 0})
	if s.Course.Ended != 0 {
		t.add(Row{StandingRow, uint32(course), 0}, Key{Kind: TookDays, A: band(s.Course.Ended - s.Course.First)}, 1)
	}
	for i := range s.Modules {
		s.Modules[i].tally(t, course)
	}
}

// rowsOf are the rows of a day that a module's figures count in.
func rowsOf(course, module Number, day int32) []Row {
	rows := []Row{{DayRow, 0, uint32(day)}}
	if course != None {
		rows = append(rows, Row{CourseRow, uint32(course), uint32(day)})
		if module != None {
			rows = append(rows, Row{ModuleRow, uint32(module), uint32(day)})
		}
	}
	return rows
}

func (c *Cell) tally(t *Tally, course Number) {
	at := Key{A: uint32(c.Platform), B: uint32(c.Modality)}
	for _, r := range rowsOf(course, c.Module, c.Day) {
		for figure, n := range c.Counts {
			t.add(r, Key{KeyKind(figure), at.A, at.B, ""}, n)
		}
		if course != None {
			t.list(r, Key{Learners, at.A, at.B, ""})
		}
	}
	if course == None {
		return
	}
	statements := Key{Kind: CourseKey, A: uint32(course)}
	t.add(Row{DayRow, 0, uint32(c.Day)}, statements, c.Counts[Statements])
	if c.Module != None {
		t.add(Row{ModuleRow, uint32(c.Module), uint32(c.Day)}, statements, c.Counts[Statements])
		t.add(Row{CourseRow, uint32(course), uint32(c.Day)}, Key{Kind: ModuleTime, A: uint32(c.Module)}, c.Counts[Millis])
	}
}

func (k *Track) tally(t *Tally, r Row) {
	t.list(r, Key{Kind: Began})
	if k.Ended != 0 {
		t.list(r, Key{Kind: Ended})
	}
	if k.Passed {
		t.list(r, Key{Kind: Passed})
	}
	if k.Failing {
		t.list(r, Key{Kind: Failing})
	}
}

func (m *Module) tally(t *Tally, course Number) {
	standing := Row{StandingRow, uint32(course), uint32(m.Module)}
	if m.Module != None {
		m.Track.tally(t, standing)
	}
	for i := range m.Questions {
		q := &m.Questions[i]
		t.add(standing, Key{Kind: QuestionKey, A: uint32(q.Question)}, 1)
		q.tally(t)
	}
	if m.Video != nil {
		m.Video.tally(t, m.Module, standing)
	}
}

func (q *Question) tally(t *Tally) {
	r := Row{QuestionRow, uint32(q.Question), 0}
	t.add(r, Key{Kind: AnswersKey}, q.Answers)
	t.add(r, Key{Kind: JudgedKey}, q.Judged)
	t.add(r, Key{Kind: RightKey}, q.Right)
	t.add(r, Key{Kind: AnswerTime}, q.Millis)
	for try := range uint32(maxTries) {
		bits := int64(q.Tries >> (2 * try))
		t.add(r, Key{Kind: TryJudged, A: try}, bits&1)
		t.add(r, Key{Kind: TryRight, A: try}, bits>>1&1)
	}
	for i, n := range [...]int64{q.Pairs.N, q.Pairs.X, q.Pairs.Y, q.Pairs.XY, q.Pairs.YY} {
		t.add(r, Key{Kind: PairsKey, A: uint32(i)}, n)
	}
	for _, a := range q.Responses {
		t.add(r, Key{Kind: Response, Text: a.Response}, a.N)
		t.add(r, Key{Kind: ResponseHit, Text: a.Response}, a.Right)
	}
}

// tally counts views on their days, and those of a bin that are not the learner's first.
func (v *Video) tally(t *Tally, module Number, standing Row) {
	if v.Length > 0 {
		t.add(standing, Key{Kind: Lengths, A: uint32(v.Length)}, 1)
	}
	if len(v.Days) > 0 {
		t.add(standing, Key{Kind: Watches}, 1)
	}
	var seen [Bins]bool
	for i := range v.Days {
		r, at := Row{ModuleRow, uint32(module), uint32(v.Days[i].Day)}, 0
		for _, run := range v.Days[i].Views {
			for range run.Bins {
				if run.Views > 0 {
					t.add(r, Key{Kind: Views, A: uint32(at)}, int64(run.Views))
				}
				repeats := run.Views
				if run.Views > 0 && !seen[at] {
					seen[at] = true
					repeats--
				}
				t.add(r, Key{Kind: Repeats, A: uint32(at)}, int64(repeats))
				at++
			}
		}
	}
}

func band(took int64) uint32 {
	n := int32(took / day)
	for i := len(DayBands) - 1; i > 0; i-- {
		if n >= DayBands[i] {
			return uint32(i)
		}
	}
	return 0
}
