package traffic

import "container/heap"

// delivery is a sending to come. Its statements are asked for when it is due: a phone's outbox grows until then.
type delivery struct {
	at         int64
	order      int // of those due at once
	platform   *platform
	statements func(at int64) [][]byte
}

type queue []delivery

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(delivery)) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	(*q)[last] = delivery{}
	*q = (*q)[:last]
	return d
}

// due puts a delivery into its place.
func (o *organisation) due(at int64, p *platform, statements func(at int64) [][]byte) {
	o.ordered++
	heap.Push(&o.queue, delivery{at, o.ordered, p, statements})
}

// later is for what others do about it afterwards. What would come after the span does not come.
func (o *organisation) later(at int64, p *platform, statements func(at int64) [][]byte) {
	if at < o.calendar.end() {
		o.due(at, p, statements)
	}
}

// deliver yields all that is due by now.
func (o *organisation) deliver(now int64, yield func(Sending) bool) bool {
	for len(o.queue) > 0 && o.queue[0].at <= now {
		d := heap.Pop(&o.queue).(delivery)
		if statements := d.statements(d.at); len(statements) > 0 && !yield(Sending{utc(d.at), d.platform.name, statements}) {
			return false
		}
	}
	return true
}
