package main

import (
	"cmp"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"cairn/infra/local/client"
	"cairn/infra/local/traffic"
)

// source is where statements come from: a file, or made-up traffic.
type source struct {
	file     string
	traffic  bool
	settings traffic.Settings
	batch    int
}

// flags declares the settings of a source, each a flag, those of traffic also an environment variable.
func (s *source) flags(f *flag.FlagSet) error {
	f.StringVar(&s.file, "file", "", "`file` of statements, one a line, .gz or not")
	f.BoolVar(&s.traffic, "traffic", false, "make the statements up")
	f.IntVar(&s.batch, "batch", 0, "statements a request; 0 is 50 of a file, and of traffic what a provider sends at once")
	seed, err1 := number("SEED", 1)
	statements, err2 := number("STATEMENTS", 10_000)
	days, err3 := number("DAYS", 90)
	f.Uint64Var(&s.settings.Seed, "seed", uint64(seed), "another `seed` makes other traffic (SEED)")
	f.IntVar(&s.settings.Statements, "statements", statements, "`number` of statements to make up (STATEMENTS)")
	f.IntVar(&s.settings.Days, "days", days, "`number` of days that they span (DAYS)")
	f.Func("from", "first `day` of the span, such as 2026-01-05; without it the last day is yesterday (FROM)", s.from)
	return errors.Join(err1, err2, err3, s.from(os.Getenv("FROM")))
}

func number(name string, otherwise int) (int, error) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(otherwise)))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is not a number", name)
	}
	return n, nil
}

func (s *source) from(day string) (err error) {
	if day != "" {
		s.settings.From, err = time.Parse(time.DateOnly, day)
	}
	return err
}

// open returns what to send.
func (s *source) open() (client.Requests, error) {
	if !s.traffic {
		lines, err := readLines(s.file)
		return client.Batches(lines, cmp.Or(s.batch, 50)), err
	}
	if s.settings.From.IsZero() {
		s.settings.From = time.Now().UTC().AddDate(0, 0, -s.settings.Days)
	}
	requests := client.Traffic(s.settings)
	if s.batch > 0 {
		requests = client.Batches(requests, s.batch)
	}
	return requests, nil
}

// connections is how many requests go at once: the providers of traffic do not wait for each other.
func (s *source) connections() int {
	if s.traffic && s.batch == 0 {
		return 32
	}
	return 4
}

func readLines(file string) (client.Requests, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%w (make load FILE=…)", err)
	}
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	return client.Lines(r), nil
}
