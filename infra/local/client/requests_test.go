package client

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestBatchesAreCutAnew(t *testing.T) {
	var got []string
	for statements, err := range Batches(Lines(strings.NewReader("1\n2\n\n3\n 4 \n5")), 2) {
		if err != nil {
			t.Fatal(err)
		}
		batch := ""
		for _, s := range statements {
			batch += string(s) + ";"
		}
		got = append(got, batch)
	}
	if want := []string{"1;2;", "3; 4 ;", "5;"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A file that breaks off must not be taken for a whole one.
func TestAnErrorEndsTheRequests(t *testing.T) {
	broken := errors.New("the disk is gone")
	var last error
	for _, err := range Batches(Lines(errorReader{broken}), 2) {
		last = err
	}
	if !errors.Is(last, broken) {
		t.Errorf("%v, want %v", last, broken)
	}
	c := &Client{Address: "http://localhost:1"}
	if err := c.Send(t.Context(), Lines(errorReader{broken}), 4, func([][]byte) {}); !errors.Is(err, broken) {
		t.Errorf("sending: %v, want %v", err, broken)
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }
