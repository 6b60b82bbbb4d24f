package traffic

import "strings"

// question is an interaction, as cmi defines them.
type question struct {
	slug    string
	kind    string // interactionType
	name    text
	hard    int      // 0 to 100
	right   string   // the one correct pattern; empty: every answer is welcome
	answer  string   // what somebody says who is right, where it is not the pattern itself
	others  []string // what people say otherwise, the most frequent first
	options []option // choices, scale, steps or source, by the kind
	targets []option

	activity activity
}

// option is a component of an interaction.
type option struct{ id, en, fr string }

// componentsOf names the lists that a kind of question has.
var componentsOf = map[string]string{
	"choice": "choices", "sequencing": "choices", "likert": "scale", "performance": "steps", "matching": "source",
}

// prepare makes the question's JSON. A question that two quizzes ask is one question.
func (q *question) prepare() {
	more := `,"interactionType":"` + q.kind + `"`
	if q.right != "" {
		more += `,"correctResponsesPattern":[` + quote(q.right) + `]`
	}
	if list := componentsOf[q.kind]; list != "" {
		more += `,"` + list + `":` + components(q.options)
	}
	if q.kind == "matching" {
		more += `,"target":` + components(q.targets)
	}
	q.activity = newActivity("https://content.example.com/questions/"+q.slug, typeOf+"cmi.interaction", q.name, more)
	if q.answer == "" {
		q.answer = q.right
	}
}

func components(list []option) string {
	var b strings.Builder
	for i, o := range list {
		b.WriteByte("[,"[min(i, 1)])
		b.WriteString(`{"id":` + quote(o.id) + `,"description":` + text{o.en, o.fr}.json() + `}`)
	}
	return b.String() + "]"
}

// ask has the learner answer, and tells whether it was right. What has no right answer is.
func (s *session) ask(q *question) bool {
	chance := 55 + s.who.skill - q.hard + 9*s.in.tries
	right := q.right == "" || s.random.percent(min(max(chance, 6), 97))
	response := q.answer
	if q.right == "" || !right {
		// The smaller of two throws: the first of the list is the common mistake.
		response = q.others[min(s.random.below(len(q.others)), s.random.below(len(q.others)))]
	}
	took := int64(s.random.middling(4000, 20000+300*q.hard+200*(100-s.who.skill)))
	s.pass(took)
	result := members(nil).string("response", response)
	if q.right != "" {
		result = result.json("success", truth(right)).score(points(right), 1)
	}
	s.say(telling{verb: answered, object: q.activity.whole, result: result.duration(took), activities: s.module.activities.inside})
	return right
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func points(right bool) int {
	if right {
		return 1
	}
	return 0
}
