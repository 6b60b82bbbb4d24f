package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client speaks to an LRS.
type client struct {
	address, key, secret string
}

// tries is how often a request is sent whose answer asks for another try.
const tries = 5

func (c *client) do(ctx context.Context, method, address string, body []byte) (text []byte, header http.Header, err error) {
	for try := 0; ; try++ {
		request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
		if err != nil {
			return nil, nil, err
		}
		request.SetBasicAuth(c.key, c.secret)
		request.Header.Set("X-Experience-API-Version", "1.0.3")
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, nil, err
		}
		text, err = io.ReadAll(answer.Body)
		answer.Body.Close()
		switch {
		case err != nil:
			return nil, nil, err
		case answer.StatusCode == http.StatusOK:
			return text, answer.Header, nil
		case answer.StatusCode != http.StatusServiceUnavailable && answer.StatusCode != http.StatusTooManyRequests || try == tries:
			return nil, nil, fmt.Errorf("%s answered %s: %s", method, answer.Status, text)
		}
		time.Sleep(time.Second)
	}
}

// post stores statements. To send them again after a 503 is safe, as long as each has an id.
func (c *client) post(ctx context.Context, statements []string) error {
	body := statements[0]
	if len(statements) > 1 {
		body = "[" + strings.Join(statements, ",") + "]"
	}
	_, _, err := c.do(ctx, http.MethodPost, c.address+"/statements", []byte(body))
	return err
}

// now is the LRS's time, as it tells it in its headers, before anything is sent.
func (c *client) now(ctx context.Context) (string, error) {
	_, header, err := c.do(ctx, http.MethodGet, c.address+"/statements?limit=1", nil)
	if err != nil {
		return "", err
	}
	through := header.Get("X-Experience-API-Consistent-Through")
	if through == "" {
		return "", errors.New("the LRS does not tell how far it is consistent")
	}
	return through, nil
}

// more is the address that a list goes on at.
func (c *client) more(link string) (string, error) {
	base, err := url.Parse(c.address)
	if err != nil {
		return "", err
	}
	next, err := base.Parse(link)
	if err != nil {
		return "", err
	}
	return next.String(), nil
}
