package recount

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// small is a small world of statements: few people and things, so that they meet; and all that is odd.
type small struct {
	draw func(what string, n int) int // from 0 to below n
	made int
}

func id(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)) }

func (s *small) pick(what string, of ...string) string { return of[s.draw(what, len(of))] }

// one is true once in so many times.
func (s *small) one(what string, of int) bool { return s.draw(what, of) == of-1 }

// statement makes the next up. It may void any other, also one to come.
func (s *small) statement() []byte {
	own := id(s.made)
	s.made++
	members := []string{fmt.Sprintf(`"id":%q`, own), `"timestamp":"` + s.timestamp() + `"`}
	if s.one("voids", 12) {
		target := id(s.draw("target", s.made+6))
		members = append(members, `"actor":{"mbox":"mailto:admin@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"}`,
			fmt.Sprintf(`"object":{"objectType":"StatementRef","id":%q}`, target))
		return []byte("{" + strings.Join(members, ",") + "}")
	}
	members = append(members, `"actor":`+s.actor(), s.told())
	return []byte("{" + strings.Join(members, ",") + "}")
}

func (s *small) timestamp() string {
	switch day := s.draw("when", 25); day {
	case 0:
		return s.pick("odd time", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "1901-02-03T04:05:06Z", "2090-01-01T00:00:00.5Z", "1970-01-01T00:00:00.001Z", "0001-01-01T00:00:00Z")
	default:
		minute := s.draw("minute", 201)
		zone := s.pick("zone", "Z", "+02:00", "-11:30")
		return fmt.Sprintf("2026-01-%02dT%02d:%02d:%02d%s%s", day/9+1, 20+minute/60, minute%60, s.draw("second", 2), s.pick("fraction", "", ".25", ".2504"), zone)
	}
}

func (s *small) actor() string {
	agent := func() string {
		return s.pick("who", `{"mbox":"mailto:ada@Example.com","name":"Ada"}`, `{"mbox":"mailto:ada@example.com"}`, `{"mbox":"mailto:ada@example.com","name":"Ada L."}`,
			`{"account":{"homePage":"http://example.com","name":"bob"}}`, `{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"}`,
			`{"openid":"http://example.com/`+strings.Repeat("o", 1000)+`"}`)
	}
	if !s.one("group", 8) {
		return agent()
	}
	all := make([]string, s.draw("members", 5))
	for i := range all {
		all[i] = agent()
	}
	identity := ""
	if len(all) == 0 || s.one("identified", 2) {
		identity = `,"mbox":"mailto:team@example.com"`
	}
	return `{"objectType":"Group","member":[` + strings.Join(all, ",") + `]` + identity + `}`
}

var verbs = []string{
	"http://adlnet.gov/expapi/verbs/attempted", "http://adlnet.gov/expapi/verbs/initialized", "http://adlnet.gov/expapi/verbs/completed", "http://adlnet.gov/expapi/verbs/passed",
	"http://adlnet.gov/expapi/verbs/failed", "http://adlnet.gov/expapi/verbs/terminated", "http://adlnet.gov/expapi/verbs/answered", "http://adlnet.gov/expapi/verbs/answered",
	"http://adlnet.gov/expapi/verbs/experienced", "http://adlnet.gov/expapi/verbs/attended", "https://w3id.org/xapi/adl/verbs/waived", "https://w3id.org/xapi/adl/verbs/abandoned",
	"https://w3id.org/xapi/adl/verbs/satisfied", "https://w3id.org/xapi/video/verbs/played", "https://w3id.org/xapi/video/verbs/paused", "http://activitystrea.ms/schema/1.0/start",
}

func (s *small) activity(role string) string {
	kind := s.pick(role, "/course", "/course", "/module", "/module", "/quiz", "/meeting", "", "/simulation")
	n := s.draw(role+" number", 3)
	if kind == "" {
		return fmt.Sprintf(`{"id":"http://example.com/bare%d"}`, n)
	}
	long := ""
	if s.one("long", 30) {
		long = "/" + strings.Repeat("x", 2000)
	}
	return fmt.Sprintf(`{"id":"http://example.com%s%d%s","definition":{"type":"http://adlnet.gov/expapi/activities%s"}}`, kind, n, long, kind)
}

func (s *small) object() string {
	switch s.draw("object", 10) {
	case 0:
		return s.pick("no activity", `{"objectType":"Agent","mbox":"mailto:ada@example.com"}`, fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, id(s.draw("reference", s.made+1))),
			`{"objectType":"SubStatement","actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/course0"}}`)
	case 1, 2, 3:
		return fmt.Sprintf(`{"id":"http://example.com/question%d","definition":{"type":"http://adlnet.gov/expapi/activities/cmi.interaction","interactionType":%q}}`,
			s.draw("question", 3), s.pick("interaction", "numeric", "sequencing", "other", "fill-in", "long-fill-in"))
	case 4:
		return `{"id":"http://example.com/question9","definition":{"type":"http://adlnet.gov/expapi/activities/cmi.interaction"}}`
	}
	return s.activity("object")
}

// told are verb, object, result and context.
func (s *small) told() string {
	var result, activities, extensions []string
	add := func(list *[]string, chance int, what ...string) {
		if s.one(what[0], chance) {
			*list = append(*list, s.pick(what[0], what...))
		}
	}
	add(&result, 5, `"success":true`, `"success":false`)
	add(&result, 6, `"completion":true`, `"completion":false`)
	add(&result, 3, `"duration":"PT20S"`, `"duration":"PT0.3455S"`, `"duration":"PT40M"`, `"duration":"P3Y"`, `"duration":"PT1H30M"`, `"duration":"PT1,5M"`, `"duration":"P1W"`)
	add(&result, 3, `"response":"1"`, `"response":"2"`, fmt.Sprintf(`"response":"%d"`, 3+s.draw("response", 18)), `"response":"`+strings.Repeat("r", 121)+`"`, `"response":""`)
	add(&result, 4, `"score":{"scaled":0.95}`, `"score":{"scaled":-0.5}`, `"score":{"scaled":1}`, `"score":{"raw":7,"min":5,"max":11}`, `"score":{"raw":3,"max":7}`, `"score":{"raw":3}`,
		`"score":{"scaled":0.12345,"raw":3,"min":0,"max":3}`, `"score":{"raw":-3,"min":-5,"max":-1}`, `"score":{"scaled":0}`, `"score":{"raw":1.2e308,"min":-1.6e308,"max":1.6e308}`)
	played := `"https://w3id.org/xapi/video/extensions/played-segments":`
	if s.one("played", 3) {
		add(&extensions, 1, played+`"0[.]12.5[,]20[.]30.7"`, played+`"3[.]9[,]3[.]9[,]12"`, played+`""`, played+`"a[.]b[,][,]9[.]3[,] 5 [.] 8"`, played+`[1,2]`, played+`"590[.]3700.4"`, played+`"1[.]2[.]3[,]0.5[.]1.5"`,
			played+`"0[.]0.4[,]35990[.]36001"`, played+`null`)
	}
	length := `"https://w3id.org/xapi/video/extensions/length":`
	add(&extensions, 6, length+"30.2", length+"-1", length+`"long"`, length+"4000")
	if len(extensions) > 0 {
		result = append(result, `"extensions":{`+strings.Join(extensions, ",")+"}")
	}
	context := []string{`"registration":"` + id(s.draw("registration", 2)-2).String() + `"`}
	add(&context, 4, `"team":{"objectType":"Group","name":"Ward 3","account":{"homePage":"http://example.com","name":"ward 3"}}`, `"team":{"objectType":"Group","mbox":"mailto:Nights@Example.com"}`,
		`"team":{"objectType":"Group","member":[{"mbox":"mailto:ada@example.com"}]}`)
	object := s.object()
	if !strings.Contains(object, `"objectType"`) { // the others have none (Data 2.4.6)
		add(&context, 2, `"platform":"Pocket App"`, `"platform":"Moodle"`, `"platform":"VR headset"`, `"platform":"Tapp"`, `"platform":"`+strings.Repeat("p", 2001)+`"`)
	}
	if s.one("session", 4) {
		context = append(context, `"extensions":{"https://w3id.org/xapi/video/extensions/session-id":`+s.pick("session id", `"A"`, `"B"`, `7`)+`,"https://w3id.org/xapi/video/extensions/length":61}`)
	}
	if s.one("no registration", 3) {
		context = context[1:]
	}
	for _, role := range []string{"parent", "grouping", "category"} {
		all := make([]string, s.draw(role, 3))
		for i := range all {
			all[i] = s.activity(role)
		}
		if len(all) > 0 {
			activities = append(activities, fmt.Sprintf(`%q:[%s]`, role, strings.Join(all, ",")))
		}
	}
	if len(activities) > 0 {
		context = append(context, `"contextActivities":{`+strings.Join(activities, ",")+"}")
	}
	return `"verb":{"id":"` + s.pick("verb", verbs...) + `"},"object":` + object + `,"result":{` + strings.Join(result, ",") + `},"context":{` + strings.Join(context, ",") + "}"
}
