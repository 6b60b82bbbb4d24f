package traffic

import (
	"crypto/sha1"
	"fmt"
	"strings"
)

// learner is a person with a plan.
type learner struct {
	actor, phoneActor string // JSON of the Agent, as each kind of program knows the person
	language          string
	department        int
	skill, diligence  int // 0 to 100: how much goes right; how often and how long somebody learns
	joins, free       int64
	left              bool

	plan   []*course
	course *enrolment // nil before the next one begins
	pocket *enrolment // the cards on the phone, beside everything else
	outbox [][]byte   // what the phone has not sent
	dials  bool       // the phone will send
}

// enrolment is how far somebody has come in a course.
type enrolment struct {
	course       *course
	way          []*module
	registration uuid
	step, tries  int
	begun        bool
	waits        bool // for a class
}

func (o *organisation) newLearner(number int, joins int64) *learner {
	r := o.random
	l := &learner{language: "en-GB", department: r.below(len(departments)), joins: joins, skill: r.middling(15, 95), diligence: r.middling(15, 100)}
	if r.percent(40) {
		l.language = "fr-FR"
	}
	l.actor, l.phoneActor = identify(number)
	last := len(o.courses) - 1
	l.pocket = o.enrol(o.courses[last])
	l.plan = append(l.plan, o.courses[:2]...) // everybody must
	chosen := append([]*course(nil), o.courses[2:last]...)
	for i := range chosen {
		j := r.between(i, len(chosen)-1)
		chosen[i], chosen[j] = chosen[j], chosen[i]
	}
	l.plan = append(l.plan, chosen[:r.between(2, len(chosen))]...)
	l.course = o.enrol(l.plan[0])
	return l
}

// identify makes the Agent. Most are known by a mailbox, some by the number that the staff office gave, a few by the hash of a
// mailbox; and the phone knows some of them by a name of its own.
func identify(number int) (actor, phoneActor string) {
	given := givenNames[number%len(givenNames)]
	family := familyNames[(number*5+number/len(givenNames))%len(familyNames)]
	again := ""
	if round := number / (len(givenNames) * len(familyNames)); round > 0 {
		again = fmt.Sprint(round + 1)
	}
	mailbox := "mailto:" + unaccented.Replace(strings.ToLower(given+"."+family)) + again + "@example.org"
	head := `{"objectType":"Agent","name":` + quote(given+" "+family)
	switch {
	case number%12 == 5:
		actor = head + fmt.Sprintf(`,"mbox_sha1sum":"%x"}`, sha1.Sum([]byte(mailbox)))
	case number%3 == 1:
		actor = head + fmt.Sprintf(`,"account":{"homePage":"https://hr.example.org","name":"c%05d"}}`, 10_000+number)
	default:
		actor = head + `,"mbox":"` + mailbox + `"}`
	}
	phoneActor = actor
	if number%15 == 3 {
		phoneActor = head + fmt.Sprintf(`,"account":{"homePage":"%s","name":"device-%d"}}`, pocket.home, 7_000+number)
	}
	return actor, phoneActor
}

var unaccented = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "á", "a")

// enrol begins a course, by the next of its ways.
func (o *organisation) enrol(c *course) *enrolment {
	return &enrolment{course: c, way: c.ways[o.random.below(len(c.ways))], registration: o.random.uuid()}
}

func (e *enrolment) module() *module { return e.way[e.step] }

func (e *enrolment) done() bool { return e.step == len(e.way) }

// next is what there is to go on with, nil when that is nothing at present.
func (l *learner) next() *enrolment {
	if l.course != nil && !l.course.waits {
		return l.course
	}
	if !l.pocket.done() {
		return l.pocket
	}
	return nil
}

// turn goes on to the next course of the plan.
func (o *organisation) turn(l *learner) {
	l.course = nil
	if l.plan = l.plan[1:]; len(l.plan) > 0 {
		l.course = o.enrol(l.plan[0])
	} else if l.pocket.done() {
		o.leave(l)
	}
}
