package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"cairn/infra/local/client"
)

// write puts the statements into a file, one a line, instead of sending them.
func write(file string, requests client.Requests, done *atomic.Int64) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	buffer := bufio.NewWriterSize(f, 1<<20)
	defer func() { err = cmp.Or(err, buffer.Flush()) }()
	var w io.Writer = buffer
	if strings.HasSuffix(file, ".gz") {
		packed := gzip.NewWriter(buffer)
		defer func() { err = cmp.Or(err, packed.Close()) }()
		w = packed
	}
	for statements, err := range requests {
		if err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := w.Write(append(statement, '\n')); err != nil {
				return err
			}
		}
		done.Add(int64(len(statements)))
	}
	return nil
}
