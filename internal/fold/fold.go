// Package fold counts: statements become facts about a learner in a course, the facts of one learner in one course are folded in order
// into a state, and a state says what it adds to the reporting tables. Pure: it knows no storage.
//
// Everything that is counted is a function of the state alone (State.Tally), and the state one of the facts in their order. So what a
// fact adds is the difference of two tallies, whether it came in turn (State.Add) or everything had to be folded anew from nothing.
//
// What each figure means, as infra/local/recount counts it once more:
//
//   - order: by timestamp, to the millisecond, then as stored. 1970-01-01T00:00:00Z is taken for a millisecond later: 0 says "never". One that is more
//     than a day after the statement was stored is taken for a day after that, here and below: a device whose clock is years ahead would make
//     all that comes after it late.
//   - course: of the Activities that a statement names, the object, grouping and parent in this order, the first whose type ends in "/course";
//     failing that the first grouping, failing that the first parent, failing that the object.
//   - module: the first parent that is not the course, failing that the object, unless that is of a course's type. A statement about
//     something else within the module (a page, a date of a class) counts for the module. A question's is its first parent, whatever that is,
//     and it may have none.
//   - learner: the actor, by what identifies it; of a Group each member, once, and the statement itself counts with the first.
//   - day: of the timestamp, in UTC.
//   - session: a run of a learner's statements in a course without a gap of more than 30 minutes; a duration, of a day at most, lies before
//     its timestamp. It counts where its first statement does.
//   - time: what lies between a statement and the one before, if that is no more than 30 minutes; else the statement's duration, but nothing
//     before the one before. It counts where the later statement does.
//   - attempt: begins with attempted, initialized or launched when none is open (terminated, exited and abandoned close it); or with an
//     outcome, a score among them, when there was no attempt, or the verbs passed or failed when the last one was judged already.
//   - an attempt's last statement: while it is open, whatever counts in the course or module; after that, what tells an outcome. Of the attempts of
//     a learner at a course, and at a module of it, a state has the newest 100 one by one, and of all 5,000. A state that was written before it had
//     them knows those that began since; a rebuild makes it whole.
//   - completion, pass, failure, score: of courses and modules, each once an attempt, the first; what is both counts once. Completed,
//     satisfied, waived, attended, and result.completion complete; passed, mastered and result.success pass. A date of a class that was attended
//     completes its module.
//   - ended: the first completion or pass of all. Passed: in any attempt. Failing: failed, and never passed.
//   - score: result.score.scaled, or raw between min (or 0) and max, as hundredths of a per cent from 0 to 10,000.
//   - answer: a statement about a question that is answered, or has a response or a success. Responses are listed, a learner's first ten to a
//     question, unless they may be somebody's own words or are long.
//   - pair: a module's score with the newest judged answer to each question since the score before, or since an attempt began with
//     attempted, initialized or launched.
//   - views: how often a learner's viewings of a module that is a video went over a bin. A viewing is told by a session-id, failing that by a
//     registration, failing that it is a session, until another viewing tells anything. What it tells more often than ever before was played
//     since, and counts on that day. In several courses a learner counts several times.
//
// A name of more than 2,000 bytes, or one too many, is counted with all others of its kind.
package fold

// Number stands for a name: numbers make small rows, and bitmaps. None is "no name", Other is one that came when there were too many.
type Number uint32

// The numbers that are no name's.
const (
	None  Number = 0
	Other Number = 1
	// First is the first number that a name can have.
	First Number = 2
)

// Limits of one learner's state in one course; what is beyond is counted with something else.
const (
	maxModules   = 500
	maxQuestions = 300
	maxCells     = 8000
	maxResponses = 10 // of one learner to one question
	maxResponse  = 120
	maxSegments  = 200
	maxTries     = 5
	maxTeams     = 20
	maxAttempts  = 100  // at the course, or at a module of it
	maxKept      = 5000 // attempts, at all of them
)

const (
	second = 1000
	day    = 24 * 60 * 60 * second
	// SessionGap is how long a session may be without a statement, in milliseconds.
	SessionGap = 30 * 60 * second
	maxLength  = 10 * 60 * 60 // seconds of a video that are looked at
)

// DayOf is the day of a time, in days since 1970; at is in milliseconds, as all times here are.
func DayOf(at int64) int32 {
	d := at / day
	if at%day < 0 {
		d--
	}
	return int32(d)
}
