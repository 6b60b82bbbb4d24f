package traffic

import "strconv"

// organisation is Calderwood Care at work: hospitals and homes in a country of two languages, which does not exist.
type organisation struct {
	settings Settings
	random   random
	calendar *calendar
	courses  []*course
	people   []*learner // one place each: who leaves may be followed by somebody new
	learning int        // how many of them have not left
	hired    int        // how many there were in all
	classes  map[*module]*class
	held     int // how many classes were planned
	queue    queue
	ordered  int
	made     int // statements
}

func newOrganisation(s Settings) *organisation {
	o := &organisation{settings: s, random: newRandom(s), calendar: newCalendar(s), courses: newCourses(), classes: map[*module]*class{}}
	for i := range s.Learners {
		o.people = append(o.people, nil)
		o.hire(i, o.intake(i))
	}
	return o
}

// intake is when the i-th of the first learners joins: more than half at once, the others in three cohorts.
func (o *organisation) intake(i int) int64 {
	if cohort := int64(i%100-55)/15 + 1; i%100 >= 55 {
		return o.calendar.from + cohort*o.calendar.hours/5*hour
	}
	return o.calendar.from
}

// somebody is free at the time, and in the mood. Where more is asked for than people can do, somebody does two things at once.
func (o *organisation) somebody(now int64) *learner {
	place := 0
	var busy *learner
	for range 64 {
		place = o.random.below(len(o.people))
		l := o.people[place]
		switch {
		case l.left && o.learning*2 < len(o.people):
			return o.hire(place, now)
		case l.left || l.joins > now || l.next() == nil:
		case l.free <= now && o.random.percent(l.diligence):
			return l
		default:
			busy = l
		}
	}
	if busy != nil {
		return busy
	}
	return o.hire(place, now)
}

// hire gives a place to somebody new.
func (o *organisation) hire(place int, joins int64) *learner {
	if old := o.people[place]; old == nil || old.left {
		o.learning++
	} else {
		old.left = true // what still waits for a class must not count a second time
	}
	l := o.newLearner(o.hired, joins)
	o.hired++
	o.people[place] = l
	return l
}

// leave is for those who stop, and those who have done all they wanted.
func (o *organisation) leave(l *learner) {
	if !l.left {
		l.left = true
		o.learning--
	}
}

// colleague is JSON of an Agent who is no learner.
func colleague(name, mailbox string) string {
	return `{"objectType":"Agent","name":` + quote(name) + `,"mbox":"mailto:` + mailbox + `@example.org"}`
}

// office is who corrects what a program got wrong.
var office = `{"objectType":"Agent","name":"Learning office","account":{"homePage":"` + learn.home + `","name":"learning-office"}}`

var instructors = []string{
	colleague("Solveig Brandt", "solveig.brandt"), colleague("Mathieu Ferrand", "mathieu.ferrand"),
	colleague("Adaeze Nwosu", "adaeze.nwosu"), colleague("Tomás Quintela", "tomas.quintela"),
}

var departments = []text{
	{"Ward 1, surgery", "Service 1, chirurgie"}, {"Ward 3, geriatrics", "Service 3, gériatrie"}, {"Emergency", "Urgences"},
	{"Home care", "Soins à domicile"}, {"Pharmacy", "Pharmacie"}, {"Reception and records", "Accueil et dossiers"},
}

// team is JSON of a department, as the Group that somebody came to a class with.
func team(department int) string {
	return `{"objectType":"Group","name":` + quote(departments[department].en) +
		`,"account":{"homePage":"https://hr.example.org","name":"department-` + strconv.Itoa(department+1) + `"}}`
}

var givenNames = []string{
	"Amélie", "Bastien", "Chidi", "Dagny", "Élodie", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katia", "Lars", "Maëlle", "Nadir",
	"Odile", "Pavel", "Quentin", "Rosa", "Salif", "Tilda", "Ursula", "Valentin", "Wanda", "Xavier", "Yasmin", "Zoltan", "Anouk", "Bruno",
	"Celia", "Dorian", "Esther", "Florian", "Gisèle", "Henrik", "Imani", "Joris", "Klara", "Léon", "Mirjam", "Noah",
}

var familyNames = []string{
	"Abbot", "Bellamy", "Caron", "Delmas", "Eriksen", "Fontaine", "Garnier", "Holm", "Ivory", "Jansen", "Keller", "Lefort", "Marchand",
	"Novak", "Okafor", "Perrin", "Quist", "Rousset", "Sandoval", "Tremblay", "Ueda", "Vasseur", "Winter", "Yildiz", "Zimmer", "Arnaud",
	"Baird", "Chevalier", "Duval", "Engel", "Faure", "Grimaud", "Hansen", "Imbert", "Joubert", "Kowal", "Lindqvist",
}
