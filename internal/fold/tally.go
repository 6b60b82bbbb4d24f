package fold

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

// Tally is what one state adds to the tables.
type Tally struct {
	Counts map[Row]map[Key]int64
	Lists  map[Row]map[Key]bool // in which lists its learner is
}

// NewTally is empty.
func NewTally() *Tally { return &Tally{map[Row]map[Key]int64{}, map[Row]map[Key]bool{}} }

func (t *Tally) add(r Row, k Key, n int64) {
	if n == 0 {
		return
	}
	if t.Counts[r] == nil {
		t.Counts[r] = map[Key]int64{}
	}
	t.Counts[r][k] += n
}

func (t *Tally) list(r Row, k Key) {
	if t.Lists[r] == nil {
		t.Lists[r] = map[Key]bool{}
	}
	t.Lists[r][k] = true
}

// Tally is what the state of a course adds to the tables.
func (s *State) Tally(course Number) *Tally {
	t := NewTally()
	for i := range s.Cells {
		s.Cells[i].tally(t, course)
	}
	for _, v := range s.Verbs {
		key := Key{Kind: VerbKey, A: uint32(v.Verb)}
		for _, r := range rowsOf(course, v.Module, v.Day) {
			t.add(r, key, v.N)
			if course != None {
				t.list(r, key)
			}
		}
	}
	if s.Course.First == 0 {
		return t
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
	return t
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

// Sub is what must be added to another tally to come to this one: counts, and lists to enter (true) or to leave (false).
func (t *Tally) Sub(old *Tally) *Tally {
	d := NewTally()
	for r, keys := range t.Counts {
		for k, n := range keys {
			d.add(r, k, n-old.Counts[r][k])
		}
	}
	for r, keys := range old.Counts {
		for k, n := range keys {
			if _, both := t.Counts[r][k]; !both {
				d.add(r, k, -n)
			}
		}
	}
	for r, keys := range t.Lists {
		for k := range keys {
			if !old.Lists[r][k] {
				d.list(r, k)
			}
		}
	}
	for r, keys := range old.Lists {
		for k := range keys {
			if !t.Lists[r][k] {
				d.list(r, k)
				d.Lists[r][k] = false
			}
		}
	}
	return d
}

// Join adds a tally of the same learner's.
func (t *Tally) Join(other *Tally) {
	for r, counts := range other.Counts {
		for k, n := range counts {
			t.add(r, k, n)
		}
	}
	for r, lists := range other.Lists {
		for k := range lists {
			t.list(r, k)
		}
	}
}
