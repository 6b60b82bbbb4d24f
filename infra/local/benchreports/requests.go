package main

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"time"

	"cairn/infra/local/traffic"
)

// makeUp makes traffic up, as providers send it.
func makeUp(n int) (requests [][][]byte) {
	for s := range traffic.Sendings(traffic.Settings{Seed: 1, Statements: n, Days: 90, From: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}) {
		requests = append(requests, s.Statements)
	}
	return requests
}

// readRequests reads a file, so many statements a request.
func readRequests(path string, size int) ([][][]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	var texts [][]byte
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		texts = append(texts, slices.Clone(lines.Bytes()))
	}
	return slices.Collect(slices.Chunk(texts, size)), lines.Err()
}
