package kvtest

import "fmt"

// kind is what can happen to a call.
type kind int

const (
	works           kind = iota
	conflictsBarely      // refused, without a word on what stands there
	fails                // without effect
	loses                // takes effect, and the caller is told that it failed
	delays               // fails, and takes effect at some later time
	dies                 // the actor's calls never return
	lands                // what was delayed takes effect
	passes               // time
)

var kindNames = [...]string{"works", "conflicts barely", "fails", "takes effect and fails", "fails, to take effect later", "dies", "lands", "time passes"}

func (k kind) fault() bool { return k >= fails && k <= dies }

// option is one thing that can happen next.
type option struct {
	kind  kind
	actor *actor
	call  *call
	item  int
}

// options lists what can happen next, always in the same order.
func (s *schedule) options() (out []option) {
	for _, a := range s.actors {
		if a.dead || s.stays() && a != s.last {
			continue
		}
		for _, c := range a.calls {
			for _, i := range c.open {
				out = s.outcomes(out, a, c, i)
				if !s.wide {
					break
				}
			}
		}
		if s.left > 0 && len(a.calls) > 0 {
			out = append(out, option{kind: dies, actor: a})
		}
	}
	for i, l := range s.late {
		out = append(out, option{kind: lands, call: l.call, item: i})
	}
	if s.wide && s.pausing() {
		out = append(out, option{kind: passes})
	}
	return out
}

// stays says that the schedule may not turn from its last actor.
func (s *schedule) stays() bool {
	return !s.wide && s.e.Turns > 0 && s.turns == s.e.Turns && s.last != nil && !s.last.dead && len(s.last.calls) > 0
}

// outcomes adds what can become of one item of a call. Where a batch is refused, a narrow schedule never says what stands there:
// so does DynamoDB.
func (s *schedule) outcomes(out []option, a *actor, c *call, i int) []option {
	add := func(k kind) { out = append(out, option{k, a, c, i}) }
	holds := c.writes() && c.holds(s.world.Store, i)
	refusedInBatch := c.op == OpInsertMany && !holds
	if s.wide || !refusedInBatch || len(c.what) == 1 {
		add(works)
	}
	if refusedInBatch && (s.wide || len(c.what) > 1) {
		add(conflictsBarely)
	}
	if s.left == 0 {
		return out
	}
	add(fails)
	if holds {
		add(loses)
	}
	if c.writes() {
		add(delays)
	}
	return out
}

func (s *schedule) told(o option) string {
	switch o.kind {
	case passes:
		return kindNames[passes]
	case dies:
		return o.actor.Name + " dies"
	case lands:
		l := s.late[o.item]
		return fmt.Sprintf("late %s lands: %s", l.call.op, s.e.show(l.call.what[l.item]))
	}
	became := kindNames[o.kind]
	if o.kind == works && o.call.writes() && !o.call.holds(s.world.Store, o.item) {
		became = "is refused"
	}
	return fmt.Sprintf("%s: %s %s: %s", o.actor.Name, o.call.op, s.e.show(o.call.what[o.item]), became)
}
