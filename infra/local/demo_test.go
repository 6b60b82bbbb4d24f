package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"cairn/infra/local/client"
	"cairn/infra/local/traffic"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/xapi"
)

// The demo fills the server that it belongs to; another start on the same day adds nothing.
func TestTheDemoIsStoredOnce(t *testing.T) {
	s, err := openStores(t.Context(), options{data: t.TempDir(), memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	server := httptest.NewServer(compose.API(s.store, s.blobs, s.ledger, config.API{Fallback: xapi.V1}))
	defer server.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go keepAwake(ctx, s.bell, compose.Index(s.store, s.ledger, config.Index{}))

	small := demoOf(time.Now())
	small.Statements = 1000
	voided := len(voidedOf(t, small))
	for range 2 {
		c, err := demoClient(t.Context(), s.store, server.URL+"/xapi")
		if err != nil {
			t.Fatal(err)
		}
		fill(t.Context(), c, small)
		if n := count(t, c); n != small.Statements-voided {
			t.Errorf("%d statements are listed, want %d, of which %d are voided", n, small.Statements, voided)
		}
	}
}

// voidedOf are the ids that the traffic's statements void.
func voidedOf(t *testing.T, s traffic.Settings) map[string]bool {
	ids := map[string]bool{}
	for sending := range traffic.Sendings(s) {
		for _, text := range sending.Statements {
			parsed, err := xapi.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if id, ok := parsed.Voids(); ok {
				ids[id.String()] = true
			}
		}
	}
	return ids
}

func count(t *testing.T, c *client.Client) (n int) {
	next := c.Address + "/statements?limit=500"
	for next != "" {
		text, _, err := c.Get(t.Context(), next)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Statements []json.RawMessage
			More       string
		}
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatal(err)
		}
		n += len(page.Statements)
		if next = ""; page.More != "" {
			if next, err = c.More(page.More); err != nil {
				t.Fatal(err)
			}
		}
	}
	return n
}
