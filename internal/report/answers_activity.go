package report

// ActivityList is a page of courses, in the order in which they were first heard of, or those with most statements first.
type ActivityList struct {
	Scope
	Activities []ActivityFigures `json:"activities"`
	Next       string            `json:"next,omitempty"` // asks for the page after this; empty at the end
}

// ActivityReport is one course, or one module of it.
type ActivityReport struct {
	Scope
	Activity Activity  `json:"activity"`
	Course   *Activity `json:"course,omitempty"` // whose module it is
	Total    Figures   `json:"total"`
	Before   Figures   `json:"before"`

	Days       []DayFigures   `json:"days"`
	Verbs      []VerbFigures  `json:"verbs"`
	Platforms  []NamedFigures `json:"platforms"`
	Modalities []NamedFigures `json:"modalities"`

	// What follows is of all time, and of the group alone when one is asked for.

	Standing Standing `json:"standing"`
	// Funnel are a course's modules in the order in which most learners begin them.
	Funnel []Step `json:"funnel"`
	// TimeToComplete counts learners by the days from their first statement in the course to its completion.
	TimeToComplete []Bucket   `json:"timeToComplete"`
	Questions      []Question `json:"questions"` // of the module, or of the course's modules
	Video          *Video     `json:"video,omitempty"`
}

// Standing is how many learners stand where.
type Standing struct {
	Began     int `json:"began"`
	Completed int `json:"completed"` // completed, or passed
	Passed    int `json:"passed"`
	Failing   int `json:"failing"`  // failed, and never passed
	Inactive  int `json:"inactive"` // began, did not complete, did nothing in the 14 days before the span's end
}

// Step is one module of a funnel.
type Step struct {
	Activity
	Began   int   `json:"began"`   // learners
	Ended   int   `json:"ended"`   // learners who completed or passed it
	Seconds int64 `json:"seconds"` // all together, in the span
}

// Bucket counts learners for whom a measure was from From to below To.
type Bucket struct {
	From     int `json:"from"`
	To       int `json:"to"` // 0: no end
	Learners int `json:"learners"`
}

// Question is how an interaction fares (xAPI 1.0.3 Appendix C).
type Question struct {
	Activity
	Kind    string `json:"kind"`             // interactionType
	Answers int64  `json:"answers"`          // in all
	Right   int64  `json:"right"`            // of those that were judged
	Judged  int64  `json:"judged"`           // with a result.success
	Seconds int64  `json:"seconds"`          // time taken to answer, altogether
	Module  string `json:"module,omitempty"` // id of the activity that it was asked in
	// Discrimination is the correlation of a right answer with the score of the attempt it was given in; null when too little is known.
	Discrimination *float64          `json:"discrimination"`
	Attempts       []QuestionAttempt `json:"attempts"`  // the first five attempts of each learner
	Responses      []Response        `json:"responses"` // the most frequent first, at most twenty; none for free text
}

// QuestionAttempt counts the n-th answers that learners gave.
type QuestionAttempt struct {
	Attempt int   `json:"attempt"`
	Judged  int64 `json:"judged"`
	Right   int64 `json:"right"`
}

// Response is one answer that was given.
type Response struct {
	Response string `json:"response"` // as sent
	Count    int64  `json:"count"`
	Right    int64  `json:"right"`
}

// Video is how a video is watched, by the played segments that players tell (video profile 1.0).
type Video struct {
	Length    int       `json:"length"` // seconds; the longest that was told
	Learners  int       `json:"learners"`
	Stretches []Stretch `json:"stretches"` // from the start, without gaps; at most 600
}

// Stretch is a part of a video.
type Stretch struct {
	From    int   `json:"from"` // seconds
	To      int   `json:"to"`
	Views   int64 `json:"views"`   // how often it was played
	Viewers int64 `json:"viewers"` // learners who saw it for the first time; the other views are repeats
}
