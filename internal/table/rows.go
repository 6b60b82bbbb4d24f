package table

// Statement is a row of statements. Times are in microseconds since 1970.
type Statement struct {
	ID           string   `parquet:"id" doc:"The statement's id."`
	Stored       int64    `parquet:"stored,timestamp(microsecond:local)" doc:"When it was stored."`
	Occurred     int64    `parquet:"occurred,timestamp(microsecond:local)" doc:"Its timestamp: when it happened."`
	ActorKind    string   `parquet:"actor_kind,dict" doc:"Agent or Group."`
	ActorKey     string   `parquet:"actor_key,dict,optional" doc:"Key of the actor; null for a Group that is anonymous."`
	Learners     []string `parquet:"learners,list" parquet-element:",dict" doc:"Keys of those who learnt: the actor; of a Group its members."`
	Verb         string   `parquet:"verb,dict" doc:"Id of the verb."`
	ObjectKind   string   `parquet:"object_kind,dict" doc:"Activity, Agent, Group, StatementRef or SubStatement."`
	Activity     string   `parquet:"activity_id,dict,optional" doc:"Id of the object, when it is an Activity."`
	Type         string   `parquet:"activity_type,dict,optional" doc:"Type of that Activity, as this statement gives it."`
	Name         string   `parquet:"activity_name,dict,optional" doc:"Name of that Activity, as this statement gives it: in English where it can, else in the first language that it names."`
	Course       string   `parquet:"course_id,dict,optional" doc:"Id of the course that it counts for, as in reports."`
	Module       string   `parquet:"module_id,dict,optional" doc:"Id of the module that it counts for, as in reports."`
	Parent       []string `parquet:"parent_ids,list" parquet-element:",dict" doc:"Ids of contextActivities.parent."`
	Grouping     []string `parquet:"grouping_ids,list" parquet-element:",dict" doc:"Ids of contextActivities.grouping."`
	Category     []string `parquet:"category_ids,list" parquet-element:",dict" doc:"Ids of contextActivities.category."`
	Success      *bool    `parquet:"success" doc:"result.success."`
	Completion   *bool    `parquet:"completion" doc:"result.completion."`
	Score        *float64 `parquet:"score" doc:"The score as in reports: result.score.scaled, or raw between min and max, from 0 to 1."`
	Scaled       *float64 `parquet:"score_scaled" doc:"result.score.scaled."`
	Raw          *float64 `parquet:"score_raw" doc:"result.score.raw."`
	Min          *float64 `parquet:"score_min" doc:"result.score.min."`
	Max          *float64 `parquet:"score_max" doc:"result.score.max."`
	Seconds      *float64 `parquet:"duration_seconds" doc:"result.duration, in seconds; a year is 365 days, a month 30."`
	Registration string   `parquet:"registration,dict,optional" doc:"context.registration, in lower case."`
	Platform     string   `parquet:"platform,dict,optional" doc:"context.platform."`
	Modality     string   `parquet:"modality,dict" doc:"How it was learnt: e-learning, mobile, classroom, simulation, vr or on-the-job, as in reports."`
	Language     string   `parquet:"language,dict,optional" doc:"context.language."`
	Authority    string   `parquet:"authority,dict,optional" doc:"Who vouches for it: the name of the credential or application that stored it; the key of whoever it is, when it is somebody."`
	Voided       bool     `parquet:"voided" doc:"Whether it was voided: then it counts for nothing."`
	Refers       string   `parquet:"statement_ref,optional" doc:"Id of the statement that it refers to, voiding ones too."`
	JSON         string   `parquet:"raw,optional" doc:"The statement as JSON, Agents by their keys alone, unless the stack's setting says otherwise; null where it says so."`
}

// Answer is a row of answers.
type Answer struct {
	Statement   string   `parquet:"statement_id" doc:"Id of the statement."`
	Nth         int64    `parquet:"n" doc:"Which of the statement's learners it is of, from 0."`
	Occurred    int64    `parquet:"occurred,timestamp(microsecond:local)" doc:"When it happened."`
	Stored      int64    `parquet:"stored,timestamp(microsecond:local)" doc:"When it was stored."`
	Learner     string   `parquet:"learner_key,dict" doc:"Key of who answered."`
	Course      string   `parquet:"course_id,dict,optional" doc:"Id of the course."`
	Module      string   `parquet:"module_id,dict,optional" doc:"Id of the module; null where it was asked outside of any."`
	Question    string   `parquet:"question_id,dict" doc:"Id of the question."`
	Name        string   `parquet:"question_name,dict,optional" doc:"Name of the question, or else its description, as this statement gives it."`
	Interaction string   `parquet:"interaction_type,dict,optional" doc:"Kind of question: choice, true-false, and so on."`
	Response    string   `parquet:"response,dict,optional" doc:"The answer; null where it may be somebody's own words."`
	Success     *bool    `parquet:"success" doc:"Whether it was right; null when nobody said."`
	Seconds     *float64 `parquet:"duration_seconds" doc:"How long it took."`
	Platform    string   `parquet:"platform,dict,optional" doc:"context.platform."`
	Modality    string   `parquet:"modality,dict" doc:"How it was learnt, as in reports."`
	Voided      bool     `parquet:"voided" doc:"Whether the statement was voided: then it counts for nothing."`
}

// VideoSegment is a row of video_segments.
type VideoSegment struct {
	Statement string  `parquet:"statement_id" doc:"Id of the statement that tells it."`
	Nth       int64   `parquet:"n" doc:"Which of the statement's rows it is, from 0."`
	Occurred  int64   `parquet:"occurred,timestamp(microsecond:local)" doc:"When it happened."`
	Stored    int64   `parquet:"stored,timestamp(microsecond:local)" doc:"When it was stored."`
	Learner   string  `parquet:"learner_key,dict" doc:"Key of who watched."`
	Course    string  `parquet:"course_id,dict,optional" doc:"Id of the course."`
	Video     string  `parquet:"video_id,dict" doc:"Id of the module that is the video."`
	Session   string  `parquet:"session,dict,optional" doc:"Which viewing: a statement tells all segments of its viewing so far, so the last one has them all."`
	From      float64 `parquet:"from_second" doc:"Where it begins in the video."`
	To        float64 `parquet:"to_second" doc:"Where it ends."`
	Length    *int64  `parquet:"length_seconds" doc:"How long the video is, as this statement says."`
	Voided    bool    `parquet:"voided" doc:"Whether the statement was voided: then it counts for nothing."`
}

// Attempt is a row of attempts.
type Attempt struct {
	Learner    string   `parquet:"learner_key,dict" doc:"Key of the learner."`
	Course     string   `parquet:"course_id,dict" doc:"Id of the course."`
	CourseName string   `parquet:"course_name,dict,optional" doc:"What the course is called."`
	Module     string   `parquet:"module_id,dict,optional" doc:"Id of the module; null for attempts at the course itself."`
	ModuleName string   `parquet:"module_name,dict,optional" doc:"What the module is called."`
	Number     int64    `parquet:"n" doc:"Which attempt it is, from 1."`
	Began      int64    `parquet:"began,timestamp(microsecond:local)" doc:"When it began."`
	Last       int64    `parquet:"last_at,timestamp(microsecond:local)" doc:"When the last statement of it happened."`
	Completed  bool     `parquet:"completed" doc:"Whether it was completed."`
	Passed     *bool    `parquet:"passed" doc:"Whether it was passed; null when nobody said."`
	Score      *float64 `parquet:"score" doc:"Its first score, from 0 to 1."`
}

// Progressed is a row of progress.
type Progressed struct {
	Learner    string   `parquet:"learner_key,dict" doc:"Key of the learner."`
	Course     string   `parquet:"course_id,dict" doc:"Id of the course."`
	CourseName string   `parquet:"course_name,dict,optional" doc:"What the course is called."`
	Module     string   `parquet:"module_id,dict,optional" doc:"Id of the module; null for the course itself."`
	ModuleName string   `parquet:"module_name,dict,optional" doc:"What the module is called."`
	First      int64    `parquet:"first_at,timestamp(microsecond:local)" doc:"When the first statement happened."`
	Last       int64    `parquet:"last_at,timestamp(microsecond:local)" doc:"When the last one did."`
	Ended      *int64   `parquet:"ended,timestamp(microsecond:local)" doc:"When it was first completed or passed; null as long as it was not."`
	Passed     bool     `parquet:"passed" doc:"Whether it was ever passed."`
	Failing    bool     `parquet:"failing" doc:"Whether it was failed, and never passed."`
	Attempts   int64    `parquet:"attempts" doc:"How many attempts there were."`
	Failures   int64    `parquet:"failures" doc:"How many of them were failed."`
	Score      *float64 `parquet:"score" doc:"The newest score, from 0 to 1."`
	Best       *float64 `parquet:"best_score" doc:"The best one."`
	Seconds    float64  `parquet:"seconds" doc:"Time spent, in seconds."`
	Sessions   *int64   `parquet:"sessions" doc:"How many sessions there were; null for a module."`
	Seen       *float64 `parquet:"video_seen" doc:"Share of the video that was played at least once, where the module is one of known length."`
}

// DayFigures is a row of daily.
type DayFigures struct {
	Date        string  `parquet:"dt,dict" doc:"The day, such as 2026-01-05."`
	Course      string  `parquet:"course_id,dict,optional" doc:"Id of the course; null for statements about no Activity."`
	CourseName  string  `parquet:"course_name,dict,optional" doc:"What the course is called."`
	Platform    string  `parquet:"platform,dict,optional" doc:"context.platform."`
	Modality    string  `parquet:"modality,dict" doc:"How it was learnt."`
	Statements  int64   `parquet:"statements" doc:"How many statements happened."`
	Learners    int64   `parquet:"learners" doc:"How many learners they are of. A learner of several rows is in each of them, so they add up to more than there are."`
	Sessions    int64   `parquet:"sessions" doc:"How many sessions began."`
	Seconds     float64 `parquet:"seconds" doc:"Time spent, in seconds."`
	Attempts    int64   `parquet:"attempts" doc:"How many attempts began, at the course or its modules."`
	Completions int64   `parquet:"completions" doc:"How many were completed."`
	Passes      int64   `parquet:"passes" doc:"How many were passed."`
	Failures    int64   `parquet:"failures" doc:"How many were failed."`
	Scores      int64   `parquet:"scores" doc:"How many were scored."`
	ScoreSum    float64 `parquet:"score_sum" doc:"Sum of these scores, each from 0 to 1."`
}

// Identity is a row of identities.
type Identity struct {
	Key      string `parquet:"actor_key" doc:"The key by which the other tables know him."`
	Identity string `parquet:"identity" doc:"What identifies him, such as mbox:mailto:ada@example.com. One person who goes by several has a row for each."`
	Name     string `parquet:"name,optional" doc:"What he was last called."`
}
