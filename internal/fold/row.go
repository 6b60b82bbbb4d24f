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
	Views   KeyKind = 'x' // of bin A
	Repeats KeyKind = 'u' // views of bin A by learners who had seen it before: few, so told in few bytes
	// Of a module's standing row.
	Watches KeyKind = 'k' // learners who watched a video
	Lengths KeyKind = 'l' // learners who were told that it has A seconds
)

// DayBands are where the bands of TookDays begin.
var DayBands = [...]int32{0, 1, 2, 4, 8, 15, 31, 61, 121}
