package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// settle looks at what the last kill left: of each request without an answer everything is there, or nothing that it alone sent.
// Half of these requests are then sent again, which must succeed. Of what was acknowledged a sample must be there.
func (r *rounds) settle(ctx context.Context) error {
	for _, s := range r.open {
		there := 0
		for _, id := range s.fresh {
			found, err := r.there(ctx, id)
			if err != nil {
				return err
			}
			if found {
				there++
			}
		}
		if there != 0 && there != len(s.fresh) {
			return fmt.Errorf("%d of %d statements of a request are there", there, len(s.fresh))
		}
		if there == 0 && r.random.IntN(2) == 0 {
			continue // its sender gives up
		}
		status, text, err := r.client.insist(ctx, http.MethodPost, "/statements", s.body)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("sent again: status %d, %s, %w", status, text, err)
		}
		r.stored(s)
	}
	r.open = nil
	for range min(40, len(r.known)) {
		id := r.known[r.random.IntN(len(r.known))]
		if found, err := r.there(ctx, id); err != nil || !found {
			return fmt.Errorf("statement %s was acknowledged and is lost (%w)", id, err)
		}
	}
	return nil
}

// there says whether a statement is stored, voided or not. One that was voided must be.
func (r *rounds) there(ctx context.Context, id string) (bool, error) {
	status, _, err := r.client.insist(ctx, http.MethodGet, "/statements?statementId="+id, "")
	if err != nil {
		return false, err
	}
	if status == http.StatusOK {
		if s := r.told[id]; s != nil && s.voided {
			return false, fmt.Errorf("statement %s was voided and is not", id)
		}
		return true, nil
	}
	status, _, err = r.client.insist(ctx, http.MethodGet, "/statements?voidedStatementId="+id, "")
	return status == http.StatusOK, err
}

// audit reads the whole list as a client does: each statement once, all that are known but for the voided, no others.
func (r *rounds) audit(ctx context.Context) error {
	if err := r.settle(ctx); err != nil {
		return err
	}
	seen := map[string]bool{}
	for next := "/statements?ascending=true&limit=500"; next != ""; {
		status, text, err := r.client.insist(ctx, http.MethodGet, next, "")
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("reading everything: status %d, %w", status, err)
		}
		var page struct {
			Statements []struct{ ID string }
			More       string
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return err
		}
		for _, s := range page.Statements {
			if seen[s.ID] {
				return fmt.Errorf("statement %s stands twice", s.ID)
			}
			seen[s.ID] = true
			if r.told[s.ID] == nil {
				return fmt.Errorf("statement %s stands there, and its request did not take effect", s.ID)
			}
		}
		if next = ""; page.More != "" {
			more, err := url.Parse(page.More)
			if err != nil {
				return err
			}
			next = "/statements?" + more.RawQuery
		}
	}
	voided := 0
	for id, s := range r.told {
		if s.voided {
			voided++
		}
		if s.voided == seen[id] {
			return fmt.Errorf("statement %s: voided %v, listed %v", id, s.voided, seen[id])
		}
	}
	fmt.Printf("          %d statements stand there, each once, %d of them voided; none is missing\n", len(r.told), voided)
	return r.counted(ctx)
}

// standstill is how long the reports may count nothing more before they have come to all.
const standstill = 30 * time.Second

// counted asks the reports how many statements there are: all that stand there, but for the voided and those that void.
func (r *rounds) counted(ctx context.Context) error {
	want, is := 0, 0
	for id, s := range r.told {
		if !s.voided && !strings.HasPrefix(id, voiding) {
			want++
		}
	}
	reports := client{address: strings.TrimSuffix(r.client.address, "/xapi")}
	for until := time.Now().Add(standstill); time.Now().Before(until); time.Sleep(time.Second) {
		before := is
		status, text, err := reports.insist(ctx, http.MethodGet, "/reports/overview?from="+day+"&to="+day, "")
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("asking the reports: status %d, %w", status, err)
		}
		var overview struct{ Total struct{ Statements int } }
		if err := json.Unmarshal(text, &overview); err != nil {
			return err
		}
		if is = overview.Total.Statements; is == want {
			fmt.Printf("          the reports count %d of them, each once\n", is)
			return nil
		}
		if is != before {
			until = time.Now().Add(standstill)
		}
	}
	return fmt.Errorf("the reports count %d statements, and %d stand there unvoided", is, want)
}
