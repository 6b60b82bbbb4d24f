package client

import (
	"bufio"
	"bytes"
	"io"
	"iter"

	"cairn/infra/local/traffic"
)

// Requests are statements to send, request by request. An error ends them.
type Requests = iter.Seq2[[][]byte, error]

// Lines are the statements of a file, one a line, each a request.
func Lines(r io.Reader) Requests {
	return func(yield func([][]byte, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			if len(bytes.TrimSpace(lines.Bytes())) > 0 && !yield([][]byte{bytes.Clone(lines.Bytes())}, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// Traffic is what made-up providers send, as they send it.
func Traffic(s traffic.Settings) Requests {
	return func(yield func([][]byte, error) bool) {
		for sending := range traffic.Sendings(s) {
			if !yield(sending.Statements, nil) {
				return
			}
		}
	}
}

// Batches cuts requests anew, into n statements each.
func Batches(requests Requests, n int) Requests {
	return func(yield func([][]byte, error) bool) {
		var waiting [][]byte
		for statements, err := range requests {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, statement := range statements {
				if waiting = append(waiting, statement); len(waiting) < n {
					continue
				}
				if !yield(waiting, nil) {
					return
				}
				waiting = nil
			}
		}
		if len(waiting) > 0 {
			yield(waiting, nil)
		}
	}
}
