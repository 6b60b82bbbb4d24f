package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"

	"cairn/infra/local/client"
)

// sentStatements is what was sent, by id, and what of it was not read back yet.
type sentStatements struct {
	mu   sync.Mutex
	byID map[string][]byte
	err  error
}

func (s *sentStatements) add(statements [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string][]byte{}
	}
	for _, text := range statements {
		var named struct{ ID string }
		if err := json.Unmarshal(text, &named); err != nil || named.ID == "" {
			s.err = errors.New("only statements with an id can be compared")
			return
		}
		s.byID[named.ID] = text
	}
}

// compare follows the list of all that was stored since, and holds each statement against what was sent.
func (s *sentStatements) compare(ctx context.Context, c *client.Client, since string, done *atomic.Int64) error {
	if s.err != nil {
		return s.err
	}
	next := c.Address + "/statements?ascending=true&limit=500&since=" + url.QueryEscape(since)
	for next != "" {
		text, _, err := c.Get(ctx, next)
		if err != nil {
			return err
		}
		var page struct {
			Statements []json.RawMessage
			More       string
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return err
		}
		for _, statement := range page.Statements {
			if err := s.tick(statement, done); err != nil {
				return err
			}
		}
		if next = ""; page.More != "" {
			if next, err = c.More(page.More); err != nil {
				return err
			}
		}
	}
	return s.compareVoided(ctx, c, done)
}

// compareVoided asks for what no list shows, because another statement voids it.
func (s *sentStatements) compareVoided(ctx context.Context, c *client.Client, done *atomic.Int64) error {
	for id := range s.byID {
		statement, _, err := c.Get(ctx, c.Address+"/statements?voidedStatementId="+id)
		if err != nil {
			return fmt.Errorf("%d statements were sent and did not come back; %s as a voided one: %w", len(s.byID), id, err)
		}
		if err := s.tick(statement, done); err != nil {
			return err
		}
	}
	return nil
}

// tick takes one statement off the list of those that are still to come.
func (s *sentStatements) tick(statement []byte, done *atomic.Int64) error {
	members, err := membersOf(statement)
	if err != nil {
		return err
	}
	var id string
	if err := json.Unmarshal(members["id"], &id); err != nil {
		return err
	}
	sent, ok := s.byID[id]
	if !ok {
		return fmt.Errorf("statement %s came back twice, or was never sent", id)
	}
	delete(s.byID, id)
	wanted, err := membersOf(sent)
	if err != nil {
		return err
	}
	for name, value := range wanted {
		if got := members[name]; !bytes.Equal(got, value) && name != "stored" && name != "authority" {
			return fmt.Errorf("statement %s: %s was sent as %s and came back as %s", id, name, value, got)
		}
	}
	done.Add(1)
	return nil
}

// membersOf is an object's values by name: their bytes, but for white space between them.
func membersOf(object []byte) (map[string]jsontext.Value, error) {
	value := jsontext.Value(bytes.Clone(object))
	if err := value.Compact(); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(value, &members); err != nil {
		return nil, err
	}
	out := map[string]jsontext.Value{}
	for name, raw := range members {
		out[name] = jsontext.Value(raw)
	}
	return out, nil
}
