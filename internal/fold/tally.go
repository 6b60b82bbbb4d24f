package fold

import "slices"

// Row names a row of the reporting tables, by what it is about. A is a course, module or question, B a day or a module; both may be 0.
type Row struct {
	Kind RowKind
	A, B uint32
}

// RowKind is a kind of row. Its values are written to storage.
type RowKind byte

// The kinds of rows.
const (
	DayRow      RowKind = 'd' // of all: B is the day
	CourseRow   RowKind = 'c' // A: course, B: day
	ModuleRow   RowKind = 'm' // A: module, B: day
	StandingRow RowKind = 's' // A: course, B: module, or 0 for the course itself; of all time
	QuestionRow RowKind = 'q' // A: question; of all time
	TeamRow     RowKind = 't' // A: team; of all time
)

// Key names what a row counts, or whose learners it lists.
type Key struct {
	Kind KeyKind
	A, B uint32
	Text string
}

// KeyKind is a kind of key. Its values are written to storage.
type KeyKind byte

// The kinds of keys. Below Figures, the number, they are figures, of platform A in modality B.
const (
	VerbKey   KeyKind = 'V' // statements with verb A, or the learners of those
	CourseKey KeyKind = 'C' // statements in course A
	// ModuleTime are the milliseconds that were spent in module A of a course.
	ModuleTime KeyKind = 'T'
	// Learners lists those of platform A in modality B.
	Learners KeyKind = 'L'

	// Of a team row: who was in the team.
	Members KeyKind = 'M'

	// Of a standing row: who began, ended, passed and fails.
	Began   KeyKind = 'b'
	Ended   KeyKind = 'e'
	Passed  KeyKind = 'p'
	Failing KeyKind = 'f'
	// TookDays counts learners by the days to the course's end: A is the band.
	TookDays    KeyKind = 't'
	QuestionKey KeyKind = 'Q' // learners who answered question A

	// Of a question row.
	AnswersKey  KeyKind = 'n'
	JudgedKey   KeyKind = 'j'
	RightKey    KeyKind = 'r'
	AnswerTime  KeyKind = 's'
	TryJudged   KeyKind = 'y' // A: which try, from 0
	TryRight    KeyKind = 'Y'
	PairsKey    KeyKind = 'P' // A: which of the five sums
	Response    KeyKind = 'w' // Text
	ResponseHit KeyKind = 'W' // Text

	// Of a module's day: how a video was watched.
	Views      KeyKind = 'x' // of bin A
	FirstViews KeyKind = 'u' // of bin A, by learners who had not seen it before
	// Of a module's standing row.
	Watches KeyKind = 'k' // learners who watched a video
	Lengths KeyKind = 'l' // learners who were told that it has A seconds
)

// DayBands are where the bands of TookDays begin.
var DayBands = [...]int32{0, 1, 2, 4, 8, 15, 31, 61, 121}

// Tally is what one state adds to the tables, in the order of rows and keys, none twice.
type Tally struct {
	Counts []Count
	Lists  []Listing
}

// Count is what is added to a count; never 0 in a tally.
type Count struct {
	Row
	Key
	N int64
}

// Listing is a list that the state's learner is in; in a difference of two, one that he enters or leaves.
type Listing struct {
	Row
	Key
	In bool
}

func (c *Count) compare(o *Count) int {
	if order := c.Row.Compare(o.Row); order != 0 {
		return order
	}
	return c.Key.Compare(o.Key)
}

func (l *Listing) compare(o *Listing) int {
	if order := l.Row.Compare(o.Row); order != 0 {
		return order
	}
	return l.Key.Compare(o.Key)
}

func (t *Tally) add(r Row, k Key, n int64) {
	if n != 0 {
		t.Counts = append(t.Counts, Count{r, k, n})
	}
}

func (t *Tally) list(r Row, k Key) { t.Lists = append(t.Lists, Listing{r, k, true}) }

// settle sorts, and adds up what is alike.
func (t *Tally) settle() {
	slices.SortFunc(t.Counts, func(a, b Count) int { return a.compare(&b) })
	kept := t.Counts[:0]
	for _, c := range t.Counts {
		if n := len(kept); n > 0 && kept[n-1].compare(&c) == 0 {
			kept[n-1].N += c.N
		} else {
			kept = append(kept, c)
		}
	}
	t.Counts = slices.DeleteFunc(kept, func(c Count) bool { return c.N == 0 })
	slices.SortFunc(t.Lists, func(a, b Listing) int { return a.compare(&b) })
	t.Lists = slices.CompactFunc(t.Lists, func(a, b Listing) bool { return a.compare(&b) == 0 })
}

// Tally is what the state of a course adds to the tables.
func (s *State) Tally(course Number) *Tally {
	t := &Tally{Counts: make([]Count, 0, 64), Lists: make([]Listing, 0, 32)}
	s.tally(t, course)
	t.settle()
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

// tally counts views on their days, and those of a bin that are the learner's first.
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
				if run.Views > 0 && !seen[at] {
					seen[at] = true
					t.add(r, Key{Kind: FirstViews, A: uint32(at)}, 1)
				}
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

// Sub is what must be added to another tally to come to this one: counts, and lists to enter or to leave.
func (t *Tally) Sub(old *Tally) *Tally {
	d := &Tally{}
	merge(t.Counts, old.Counts, (*Count).compare, func(now, before *Count) {
		switch {
		case before == nil:
			d.Counts = append(d.Counts, *now)
		case now == nil:
			d.Counts = append(d.Counts, Count{before.Row, before.Key, -before.N})
		case now.N != before.N:
			d.Counts = append(d.Counts, Count{now.Row, now.Key, now.N - before.N})
		}
	})
	merge(t.Lists, old.Lists, (*Listing).compare, func(now, before *Listing) {
		switch {
		case before == nil:
			d.Lists = append(d.Lists, *now)
		case now == nil:
			d.Lists = append(d.Lists, Listing{before.Row, before.Key, false})
		}
	})
	return d
}

// merge goes through two sorted lists at once; what only one has comes with nil for the other.
func merge[T any](a, b []T, compare func(x, y *T) int, do func(x, y *T)) {
	for len(a) > 0 || len(b) > 0 {
		switch order := first(a, b, compare); {
		case order < 0:
			do(&a[0], nil)
			a = a[1:]
		case order > 0:
			do(nil, &b[0])
			b = b[1:]
		default:
			do(&a[0], &b[0])
			a, b = a[1:], b[1:]
		}
	}
}

func first[T any](a, b []T, compare func(x, y *T) int) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compare(&a[0], &b[0])
}

// Join adds a tally of the same learner's.
func (t *Tally) Join(other *Tally) {
	t.Counts, t.Lists = append(t.Counts, other.Counts...), append(t.Lists, other.Lists...)
	t.settle()
}

// Has says whether the learner is in a list.
func (t *Tally) Has(r Row, k Key) bool {
	_, found := slices.BinarySearchFunc(t.Lists, Listing{r, k, true}, func(a, b Listing) int { return a.compare(&b) })
	return found
}
