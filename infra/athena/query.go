package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"cairn/internal/table"
)

// query is a file of SQL: a view or a named query. Its first lines are comments that say what it answers; a view's say its columns too:
//
//	-- What courses are called.
//	-- columns: course_id varchar, course_name varchar
type query struct {
	Name, Description string
	SQL               string // as it stands
	Bare              string // without the comments at its head
	Columns           []column
}

type column struct{ Name, Type string }

var identities = regexp.MustCompile(`\b` + table.Identities.Name + `\b`)

// Names says whether it asks who is who.
func (q query) Names() bool { return identities.MatchString(q.Bare) }

func readQueries(folder fs.FS, kind string) (out []query, err error) {
	files, err := fs.Glob(folder, kind+"/*.sql")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		q, err := parse(base(file), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out = append(out, q)
	}
	return out, nil
}

// parse takes a file apart.
func parse(name, text string) (query, error) {
	q := query{Name: name, SQL: strings.TrimSpace(text)}
	var said, columns []string
	into := &said
	rest := q.SQL
	for strings.HasPrefix(rest, "--") {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimSpace(strings.TrimPrefix(line, "--"))
		if list, ok := strings.CutPrefix(line, "columns:"); ok {
			into, line = &columns, list
		}
		*into = append(*into, line)
	}
	q.Description = strings.Join(said, " ")
	q.Bare = strings.TrimSuffix(strings.TrimSpace(rest), ";")
	if q.Description == "" || q.Bare == "" {
		return q, errors.New("it does not say what it answers in comments at its head, or asks nothing")
	}
	return q, q.readColumns(strings.Join(columns, " "))
}

func (q *query) readColumns(list string) error {
	if list = strings.TrimSpace(list); list == "" {
		return nil
	}
	for _, item := range split(list) {
		name, kind, ok := strings.Cut(strings.TrimSpace(item), " ")
		if !ok {
			return fmt.Errorf("the column %q has no type", item)
		}
		if _, err := hive(kind); err != nil {
			return fmt.Errorf("the column %s: %w", name, err)
		}
		q.Columns = append(q.Columns, column{name, kind})
	}
	return nil
}

// split takes a list apart at commas that no parentheses enclose.
func split(list string) (out []string) {
	depth, from := 0, 0
	for i, r := range list {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out, from = append(out, list[from:i]), i+1
			}
		}
	}
	return append(out, list[from:])
}
