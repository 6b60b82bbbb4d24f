package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"cairn/infra/local/program"
)

// client speaks to the program that runs at the moment.
type client struct{ address string }

// tries is how often a request is sent that is answered with 503: DynamoDB Local is slow when it has just started.
const tries = 20

// insist does until the answer is not that the program is busy.
func (c *client) insist(ctx context.Context, method, path, body string) (status int, text []byte, err error) {
	for range tries {
		if status, text, err = c.do(ctx, method, path, body); err != nil || status != http.StatusServiceUnavailable {
			break
		}
		time.Sleep(time.Second)
	}
	return status, text, err
}

// do sends statements, one a line, or asks.
func (c *client) do(ctx context.Context, method, path, body string) (status int, text []byte, err error) {
	if body != "" {
		body = "[" + strings.ReplaceAll(body, "\n", ",") + "]"
	}
	r, err := http.NewRequestWithContext(ctx, method, c.address+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.SetBasicAuth(program.Key, program.Secret)
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}
