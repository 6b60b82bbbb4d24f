package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// rounds is what was sent to a program between its kills, and what is known of it.
type rounds struct {
	client client

	mu           sync.Mutex
	random       *rand.Rand
	told         map[string]*statement // by id: all that were acknowledged, or found
	known        []string              // ids of these
	open         []*sending            // not answered
	acknowledged int
	unanswered   int
}

// statement is one that is stored.
type statement struct {
	voided bool // a statement that voids it was acknowledged, or found
}

// sending is a request: statements under ids of their own, beside some that were sent before.
type sending struct {
	fresh, again []string
	voids        []string // statements that these void
	body         string
}

const (
	// voiding is what the ids of statements that void begin with, and no others.
	voiding = "0"
	// day is that of all timestamps.
	day     = "2026-01-01"
	senders = 8
	most    = 60 // statements in a request
)

// loadUntil sends, from several senders at once, until kill has ended.
func (r *rounds) loadUntil(ctx context.Context, kill func()) {
	ctx, stop := context.WithCancel(ctx)
	var sending sync.WaitGroup
	for range senders {
		sending.Go(func() {
			for ctx.Err() == nil && r.send(ctx, r.next()) {
			}
		})
	}
	kill()
	stop()
	sending.Wait()
}

// send sends a request and notes what became of it. It returns false when there was no answer.
func (r *rounds) send(ctx context.Context, s *sending) bool {
	status, text, err := r.client.do(ctx, http.MethodPost, "/statements", s.body)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil && status == http.StatusOK:
		r.stored(s)
		r.acknowledged += len(s.fresh)
	case err == nil && status != http.StatusServiceUnavailable:
		panic(fmt.Sprintf("status %d: %s", status, text))
	default:
		r.open = append(r.open, s)
		r.unanswered++
	}
	return err == nil
}

func (r *rounds) stored(s *sending) {
	for _, id := range slices.Concat(s.fresh, s.again) {
		if r.told[id] == nil {
			r.told[id] = &statement{}
			r.known = append(r.known, id)
		}
	}
	for _, id := range s.voids {
		r.told[id].voided = true
	}
}

// next makes a request: one statement or many, some of them sent before, some voiding or referring to what is stored.
func (r *rounds) next() *sending {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &sending{}
	var texts []string
	if len(r.open) > 0 && r.random.IntN(8) == 0 { // what was not answered is sent again, in company
		before := r.open[r.random.IntN(len(r.open))]
		s.again, s.voids = slices.Concat(before.again, before.fresh), slices.Clone(before.voids)
		texts = append(texts, strings.Split(before.body, "\n")...)
	}
	for range 1 + r.random.IntN(1+r.random.IntN(most)) {
		id := "1" + uuid.NewString()[1:]
		s.fresh = append(s.fresh, id)
		texts = append(texts, r.text(id, s))
	}
	s.body = strings.Join(texts, "\n")
	return s
}

func (r *rounds) text(id string, s *sending) string {
	verb, object := fmt.Sprint("http://example.com/verbs/", r.random.IntN(5)), fmt.Sprintf(`{"id":"http://example.com/activities/%d"}`, r.random.IntN(40))
	if len(r.known) > 0 {
		target := r.known[r.random.IntN(len(r.known))]
		switch r.random.IntN(30) {
		case 0:
			object = reference(target)
		case 1:
			if !strings.HasPrefix(target, voiding) { // a statement that voids cannot be voided
				s.voids = append(s.voids, target)
				verb, object = "http://adlnet.gov/expapi/verbs/voided", reference(target)
				s.fresh[len(s.fresh)-1] = voiding + id[1:]
				id = s.fresh[len(s.fresh)-1]
			}
		}
	}
	return fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:learner%d@example.com"},"verb":{"id":%q},"object":%s,"timestamp":"`+day+`T00:00:00Z"}`,
		id, r.random.IntN(200), verb, object)
}

func reference(id string) string { return fmt.Sprintf(`{"objectType":"StatementRef","id":%q}`, id) }
