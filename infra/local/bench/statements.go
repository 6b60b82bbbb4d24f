package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"regexp"

	"github.com/google/uuid"
)

// statements are real ones, each of which can be sent again and again under another id.
type statements struct {
	texts [][2][]byte // what stands before and after the id
}

var idMember = regexp.MustCompile(`"id": ?"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"`)

func readStatements(file string) (*statements, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	s := &statements{}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := bytes.Clone(lines.Bytes())
		if at := idMember.FindSubmatchIndex(line); at != nil {
			s.texts = append(s.texts, [2][]byte{line[:at[2]], line[at[3]:]})
		}
	}
	if len(s.texts) == 0 {
		err = errors.New("the file holds no statement with an id")
	}
	return s, errors.Join(err, lines.Err())
}

// body appends a request's body of the statements from number n on, under new ids.
func (s *statements) body(dst []byte, n, count int) []byte {
	if count > 1 {
		dst = append(dst, '[')
	}
	for i := range count {
		if i > 0 {
			dst = append(dst, ',')
		}
		text := s.texts[(n+i)%len(s.texts)]
		id, _ := uuid.New().MarshalText()
		dst = append(append(append(dst, text[0]...), id...), text[1]...)
	}
	if count > 1 {
		dst = append(dst, ']')
	}
	return dst
}
