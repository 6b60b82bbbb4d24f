package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/infra/local/partstest"
	"cairn/internal/blob"
	"cairn/internal/blob/blobtest"
	"cairn/internal/blob/s3"
)

func TestContract(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Versions { return partstest.Blobs(t) })
}

// wire is the connection to the S3 server, with what happens to the answer to the first request; later ones pass.
type wire struct {
	first func(*http.Response) (*http.Response, error)
	count int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if w.count++; w.count == 1 && err == nil {
		return w.first(response)
	}
	return response, err
}

// stores returns a store that reads its first answer through first, and one that reads all as they are, over one bucket.
func stores(t *testing.T, first func(*http.Response) (*http.Response, error)) (wired, plain *s3.Store) {
	client, bucket := partstest.Bucket(t)
	wiredClient := s3sdk.New(client.Options(), func(o *s3sdk.Options) { o.HTTPClient = &http.Client{Transport: &wire{first: first}} })
	return s3.New(wiredClient, bucket), s3.New(client, bucket)
}

func TestPutWhoseAnswerWasLost(t *testing.T) {
	wired, plain := stores(t, func(r *http.Response) (*http.Response, error) {
		r.Body.Close()
		return nil, io.ErrUnexpectedEOF
	})
	if err := wired.PutIfAbsent(t.Context(), "k", []byte("body")); err != nil {
		t.Fatal(err)
	}
	if body, err := plain.Get(t.Context(), "k"); err != nil || string(body) != "body" {
		t.Errorf("get: %q, %v", body, err)
	}
}

func TestGetWhoseBodyBrokeOff(t *testing.T) {
	wired, plain := stores(t, func(r *http.Response) (*http.Response, error) {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(r.Body, 1000), failing{}), r.Body}
		return r, nil
	})
	want := bytes.Repeat([]byte("x"), 100_000)
	if err := plain.PutIfAbsent(t.Context(), "k", want); err != nil {
		t.Fatal(err)
	}
	if body, err := wired.Get(t.Context(), "k"); err != nil || !bytes.Equal(body, want) {
		t.Errorf("get: %d bytes, %v", len(body), err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestListOfMoreThanAnAnswerHolds(t *testing.T) {
	store := partstest.Blobs(t)
	var want []string
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := w; i < 1010; i += 8 {
				if err := store.PutIfAbsent(t.Context(), fmt.Sprintf("k%04d", i), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range 1010 {
		want = append(want, fmt.Sprintf("k%04d", i))
	}
	if keys, err := store.List(t.Context(), "k", "", 2000); err != nil || !slices.Equal(keys, want) {
		t.Errorf("list: %d keys, %v", len(keys), err)
	}
}

func TestAbsentBucketIsNoAbsentObject(t *testing.T) {
	client, _ := partstest.Bucket(t)
	store := s3.New(client, "another")
	_, err := store.Get(t.Context(), "k")
	if err == nil || errors.Is(err, blob.ErrAbsent) || errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("get: %v", err)
	}
}
