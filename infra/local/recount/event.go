package recount

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// event is what a statement says of one learner.
type event struct {
	at     int64 // timestamp in milliseconds, or a day after it was stored
	stored int64
	tie    string

	learner, name    string
	alone            bool // nobody before him in a Group: the statement counts here
	course, module   string
	question         string
	verb             string
	platform         string
	team             string // whom the statement names as the learner's
	modality         string
	onCourse, onThis bool // the object is the course; it is the module
	duration         int64
	begins, ends     bool
	completes        bool
	verdict          string // "passed", "failed" or none
	byVerb           bool   // the verb gives the verdict
	score            *int64
	answer           *answer
	watched          *watched
}

type answer struct {
	success  *bool
	response string
}

// order is that of their timestamps, and of what has the same as it was stored.
func order(a, b *event) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.stored, b.stored), cmp.Compare(a.tie, b.tie))
}

// eventsOf are a statement's, one for each learner.
func eventsOf(s *statement, r Stored) ([]*event, error) {
	at, err := time.Parse(time.RFC3339Nano, s.Timestamp)
	if err != nil {
		return nil, err
	}
	if latest := time.UnixMicro(r.Stored).Add(24 * time.Hour); at.After(latest) {
		at = latest
	}
	e := event{at: at.UnixMilli(), stored: r.Stored, tie: string(r.Position[8:]), verb: known(s.Verb.ID), platform: known(s.Context.Platform), team: known(s.Context.Team.identity()), modality: modality(s)}
	if e.at == 0 {
		e.at = 1
	}
	if s.aboutActivity() {
		e.place(s)
		e.tell(s)
	}
	var events []*event
	learners := []agent{s.Actor}
	if s.Actor.ObjectType == "Group" {
		learners = s.Actor.Member
	}
	seen := map[string]bool{}
	for _, l := range learners {
		id := l.identity()
		if id == "" || len(id) > 1000 || seen[id] {
			continue
		}
		seen[id] = true
		one := e
		one.learner, one.name, one.alone = id, l.Name, len(seen) == 1
		events = append(events, &one)
	}
	return events, nil
}

// known is a name as the tables have it.
func known(name string) string {
	if len(name) > 2000 {
		return "(other)"
	}
	return name
}

// identity tells the learner from all others; the domain of a mailbox is the same in either case (Data 2.3.1).
func (a *agent) identity() string {
	switch {
	case a.Mbox != "":
		at := strings.LastIndex(a.Mbox, "@")
		return "mbox:" + a.Mbox[:at] + strings.ToLower(a.Mbox[at:])
	case a.MboxSHA1Sum != "":
		return "sha1:" + strings.ToLower(a.MboxSHA1Sum)
	case a.OpenID != "":
		return "openid:" + a.OpenID
	case a.Account != nil:
		return "account:" + a.Account.HomePage + " " + a.Account.Name
	}
	return ""
}

func isCourse(a activity) bool {
	return strings.HasSuffix(a.Definition.Type, "/course") || strings.HasSuffix(a.Definition.Type, "/course/")
}

// place says in which course and module the event is.
func (e *event) place(s *statement) {
	object, parents, groupings := s.Object.activity, s.Context.ContextActivities.Parent, s.Context.ContextActivities.Grouping
	// The course: the first of a course's type, or else the first that has anything to do with it.
	nearest := slices.Concat(groupings, parents, activities{object})
	course := nearest[0].ID
	for _, a := range slices.Concat(activities{object}, groupings, parents) {
		if isCourse(a) {
			course = a.ID
			break
		}
	}
	module := ""
	for i := len(parents) - 1; i >= 0; i-- {
		if parents[i].ID != course || isQuestion(object) {
			module = parents[i].ID
		}
	}
	switch {
	case isQuestion(object):
		e.question = known(object.ID)
	case object.ID == course:
		e.onCourse, module = true, ""
		if !isCourse(object) {
			module = object.ID
		}
	case module == "":
		module = object.ID
	}
	e.onThis = e.question == "" && module == object.ID
	e.course, e.module = known(course), known(module)
}

func isQuestion(a activity) bool {
	return a.Definition.InteractionType != "" || a.Definition.Type == "http://adlnet.gov/expapi/activities/cmi.interaction"
}

// tell says what happened.
func (e *event) tell(s *statement) {
	e.duration = milliseconds(s.Result.Duration)
	switch {
	case e.question != "":
		if s.Verb.ID == adl+"answered" || s.Result.Response != "" || s.Result.Success != nil {
			e.answer = &answer{s.Result.Success, shown(s)}
		}
	case e.onCourse || e.onThis:
		e.outcome(s)
		e.watched = watchedOf(s)
	case attends[s.Verb.ID]:
		e.completes = true
	}
}

var (
	starts    = set(adl+"attempted", adl+"initialized", adl+"launched", stream+"start")
	closes    = set(adl+"terminated", adl+"exited", cmi5+"abandoned")
	attends   = set(adl+"attended", stream+"attend")
	finishes  = set(adl+"completed", stream+"complete", cmi5+"satisfied", cmi5+"waived", adl+"attended", stream+"attend")
	verdictOf = map[string]string{adl + "passed": "passed", adl + "mastered": "passed", adl + "failed": "failed"}
)

func set(all ...string) map[string]bool {
	m := map[string]bool{}
	for _, one := range all {
		m[one] = true
	}
	return m
}

func (e *event) outcome(s *statement) {
	is := func(b *bool) bool { return b != nil && *b }
	e.begins, e.ends = starts[s.Verb.ID], closes[s.Verb.ID]
	e.completes = finishes[s.Verb.ID] || is(s.Result.Completion)
	e.verdict, e.byVerb = verdictOf[s.Verb.ID], verdictOf[s.Verb.ID] != ""
	if !e.byVerb && s.Result.Success != nil {
		e.verdict = "failed"
		if *s.Result.Success {
			e.verdict = "passed"
		}
	}
	score := s.Result.Score
	lowest := 0.0
	if score.Min != nil {
		lowest = *score.Min
	}
	switch {
	case score.Scaled != nil:
		e.score = hundredths(*score.Scaled)
	case score.Raw != nil && score.Max != nil && *score.Max > lowest:
		e.score = hundredths((*score.Raw - lowest) / (*score.Max - lowest))
		if math.IsInf(*score.Max-lowest, 1) {
			e.score = hundredths((*score.Raw/4 - lowest/4) / (*score.Max/4 - lowest/4))
		}
	}
}

func hundredths(share float64) *int64 {
	n := int64(math.Floor(max(0, min(1, share))*10000 + 0.5))
	return &n
}

// shown is a response that may be listed: not what people write in words of their own.
func shown(s *statement) string {
	kind := s.Object.Definition.InteractionType
	if kind == "" || kind == "other" || kind == "performance" || strings.HasSuffix(kind, "fill-in") || len(s.Result.Response) > 120 {
		return ""
	}
	return s.Result.Response
}

var iso8601 = regexp.MustCompile(`^P(?:([\d.,]+)Y)?(?:([\d.,]+)M)?(?:([\d.,]+)W)?(?:([\d.,]+)D)?(?:T(?:([\d.,]+)H)?(?:([\d.,]+)M)?(?:([\d.,]+)S)?)?$`)

// milliseconds is how long a duration is, a day at most.
func milliseconds(duration string) int64 {
	sum := 0.0
	for i, part := range append(iso8601.FindStringSubmatch(duration), make([]string, 8)...)[1:8] {
		n, _ := strconv.ParseFloat(strings.Replace(part, ",", ".", 1), 64)
		sum += math.Round(n * []float64{365 * 86400e9, 30 * 86400e9, 7 * 86400e9, 86400e9, 3600e9, 60e9, 1e9}[i])
	}
	return int64(min(sum, 86400e9)) / 1e6
}
