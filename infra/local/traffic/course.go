package traffic

// kind is what a module is made of.
type kind int

const (
	lesson     kind = iota // pages, as a cmi5 assignable unit
	quiz                   // questions, as a cmi5 assignable unit
	watch                  // a video
	meeting                // a class, with an instructor
	simulation             // tasks in virtual reality
	cards                  // a small deck for the phone
)

// course is what people enrol for.
type course struct {
	slug string
	name text
	ways [][]*module // each person goes one of them: the same course, taught in another manner

	activity activity
}

// module is one thing to do in a course, in one or several sessions.
type module struct {
	slug      string
	kind      kind
	name      text
	hard      int      // 0 to 100: how much of it goes wrong, and how many it makes stop
	minutes   int      // of a lesson, a class
	pages     []text   // of a lesson, a deck
	questions []string // slugs of questions
	mastery   int      // per cent to pass; 0 is not scored
	film      film

	activity   activity
	parts      []activity // of pages
	asked      []*question
	activities contextActivities
}

// film is what happens in a video, in seconds.
type film struct {
	length    int
	knot      [2]int // what people watch again
	formality [2]int // what people skip
}

// activity is JSON of an Activity.
type activity struct {
	id    string
	whole []byte // as an object
	brief string // in contextActivities
}

func newActivity(id, kind string, name text, more string) activity {
	brief := `{"id":"` + id + `","definition":{"type":"` + kind + `","name":` + name.json()
	return activity{id, []byte(`{"objectType":"Activity",` + brief[1:] + more + `}}`), brief + `}}`}
}

// contextActivities are the values of that name, by what is told.
type contextActivities struct {
	plain   string // that a module is part of a course
	profile string // the same, by the module's profile: cmi5, video
	moveOn  string // the same, of what counts for cmi5's moveOn
	inside  string // what is part of a module
}

const (
	typeOf       = "http://adlnet.gov/expapi/activities/"
	cmi5         = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
	cmi5Moves    = "https://w3id.org/xapi/cmi5/context/categories/moveon"
	cmi5Course   = "https://w3id.org/xapi/cmi5/activitytype/course"
	videoProfile = "https://w3id.org/xapi/video"
	videoType    = "https://w3id.org/xapi/video/activity-type/video"
)

// typeOfKind is the activity type of each kind of module, and the program that shows it.
var typeOfKind = map[kind]struct {
	iri string
	by  *platform
}{
	lesson: {typeOf + "lesson", learn}, quiz: {typeOf + "assessment", learn}, watch: {videoType, video},
	meeting: {typeOf + "meeting", classroom}, simulation: {typeOf + "simulation", lab}, cards: {typeOf + "module", pocket},
}

// newCourses is the catalogue with all its JSON.
func newCourses() []*course {
	questions := map[string]*question{}
	for _, list := range [][]*question{careQuestions(), officeQuestions(), taskQuestions()} {
		for _, q := range list {
			q.prepare()
			questions[q.slug] = q
		}
	}
	all := catalogue()
	for _, c := range all {
		c.activity = newActivity(learn.home+"/courses/"+c.slug, cmi5Course, c.name, "")
		for _, way := range c.ways {
			for _, m := range way {
				m.prepare(c, questions)
			}
		}
	}
	return all
}

// prepare makes the JSON of a module, which two ways of a course may share.
func (m *module) prepare(c *course, questions map[string]*question) {
	if m.activity.id != "" {
		return
	}
	is := typeOfKind[m.kind]
	id := is.by.home + "/courses/" + c.slug + "/" + m.slug
	m.activity = newActivity(id, is.iri, m.name, "")
	for i, name := range m.pages {
		m.parts = append(m.parts, newActivity(id+"/"+string(rune('a'+i)), typeOf+"media", name, ""))
	}
	for _, slug := range m.questions {
		q := questions[slug]
		if q == nil {
			panic("no question is called " + slug)
		}
		m.asked = append(m.asked, q)
	}
	m.activities = newContextActivities(c, m)
}

func newContextActivities(c *course, m *module) contextActivities {
	parent := `{"parent":[` + c.activity.brief + `]`
	category := func(ids ...string) string {
		list := ""
		for _, id := range ids {
			list += `,{"id":"` + id + `"}`
		}
		return `,"category":[` + list[1:] + `]`
	}
	a := contextActivities{plain: parent + `}`, profile: parent + `}`}
	inside := `{"parent":[` + m.activity.brief + `],"grouping":[` + c.activity.brief + `]`
	switch m.kind {
	case lesson, quiz:
		// cmi5 wants the id that the publisher of the course gave the unit.
		parent += `,"grouping":[{"id":"https://content.example.com/` + c.slug + "/" + m.slug + `"}]`
		a.profile = parent + category(cmi5) + `}`
		a.moveOn = parent + category(cmi5, cmi5Moves) + `}`
	case watch:
		a.profile = parent + category(videoProfile) + `}`
	}
	a.inside = inside + `}`
	return a
}
