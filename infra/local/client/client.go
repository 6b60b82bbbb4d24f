// Package client speaks to an LRS over HTTP, for the commands that fill one.
package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Client is one key to an LRS. Address is where its resources are, such as http://localhost:8080/xapi.
type Client struct {
	Address, Key, Secret string
}

// tries is how often a request is sent whose answer asks for another try.
const tries = 5

// pool keeps a connection for each request at once: the default keeps two, and opens the others anew each time.
var pool = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// Get asks for what is at an address.
func (c *Client) Get(ctx context.Context, address string) ([]byte, http.Header, error) {
	return c.do(ctx, http.MethodGet, address, nil)
}

func (c *Client) do(ctx context.Context, method, address string, body []byte) (text []byte, header http.Header, err error) {
	for try := 0; ; try++ {
		request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
		if err != nil {
			return nil, nil, err
		}
		request.SetBasicAuth(c.Key, c.Secret)
		request.Header.Set("X-Experience-API-Version", "1.0.3")
		request.Header.Set("Content-Type", "application/json")
		answer, err := pool.Do(request)
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

// Post stores statements. To send them again after a 503 is safe, as long as each has an id.
func (c *Client) Post(ctx context.Context, statements [][]byte) error {
	body := statements[0]
	if len(statements) > 1 {
		body = append(append([]byte{'['}, bytes.Join(statements, []byte{','})...), ']')
	}
	_, _, err := c.do(ctx, http.MethodPost, c.Address+"/statements", body)
	return err
}

// Now is the LRS's time, as it tells it in its headers, before anything is sent.
func (c *Client) Now(ctx context.Context) (string, error) {
	_, header, err := c.Get(ctx, c.Address+"/statements?limit=1")
	if err != nil {
		return "", err
	}
	through := header.Get("X-Experience-API-Consistent-Through")
	if through == "" {
		return "", errors.New("the LRS does not tell how far it is consistent")
	}
	return through, nil
}

// More is the address that a list goes on at.
func (c *Client) More(link string) (string, error) {
	base, err := url.Parse(c.Address)
	if err != nil {
		return "", err
	}
	next, err := base.Parse(link)
	if err != nil {
		return "", err
	}
	return next.String(), nil
}
