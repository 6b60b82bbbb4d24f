package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"text/template"

	"cairn/internal/table"
)

// stack is what analysts.yaml.tmpl is filled with.
type stack struct {
	FirstDay, Partition string
	Tables              []table.Table
	Views, Queries      []query
}

// generate makes the template of what analysts ask, from a folder with analysts.yaml.tmpl, views and queries.
func generate(folder fs.FS) ([]byte, error) {
	s := stack{FirstDay: table.FirstDay.String(), Partition: table.Partition, Tables: table.All}
	var err error
	if s.Views, err = readQueries(folder, "views"); err != nil {
		return nil, err
	}
	for _, view := range s.Views {
		if len(view.Columns) == 0 {
			return nil, fmt.Errorf("views/%s.sql has no line `-- columns: name type, …`", view.Name)
		}
	}
	if s.Queries, err = readQueries(folder, "queries"); err != nil {
		return nil, err
	}
	form, err := template.New("analysts.yaml.tmpl").Funcs(template.FuncMap{
		"quoted": quoted, "camel": camel, "hive": hive, "indented": indented, "view": presto,
	}).ParseFS(folder, "analysts.yaml.tmpl")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := form.Execute(&out, s); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Pseudonymous are the tables that tell nobody who is who.
func (s stack) Pseudonymous() (out []table.Table) {
	for _, t := range s.Tables {
		if t.Name != table.Identities.Name {
			out = append(out, t)
		}
	}
	return out
}

// PseudonymousViews are the views that need no other.
func (s stack) PseudonymousViews() (out []query) {
	for _, view := range s.Views {
		if !view.Names() {
			out = append(out, view)
		}
	}
	return out
}

// quoted is a text as YAML takes it.
func quoted(text string) (string, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(text)
	return strings.TrimSpace(out.String()), err
}

// camel makes a resource's name of a file's or a table's.
func camel(name string) string {
	var out strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' }) {
		out.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return out.String()
}

// indented moves the lines of a text to the right.
func indented(columns int, text string) string {
	indent := strings.Repeat(" ", columns)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + line
		}
	}
	return strings.Join(lines, "\n")
}

var (
	array   = regexp.MustCompile(`^array\((.+)\)$`)
	decimal = regexp.MustCompile(`^decimal\(\d+, *\d+\)$`)
)

// hive is what Glue calls a type of Athena's.
func hive(athena string) (string, error) {
	switch athena {
	case "varchar":
		return "string", nil
	case "integer":
		return "int", nil
	case "bigint", "double", "boolean", "timestamp", "date":
		return athena, nil
	}
	if of := array.FindStringSubmatch(athena); of != nil {
		element, err := hive(of[1])
		return "array<" + element + ">", err
	}
	if decimal.MatchString(athena) {
		return strings.ReplaceAll(athena, " ", ""), nil
	}
	return "", fmt.Errorf("no column can be a %s", athena)
}

// presto is a view as Athena keeps it, for CloudFormation's Fn::Sub: JSON in which the database's name is still to come.
func presto(view query) (string, error) {
	type column struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	definition := struct {
		SQL     string   `json:"originalSql"`
		Catalog string   `json:"catalog"`
		Schema  string   `json:"schema"`
		Columns []column `json:"columns"`
	}{SQL: strings.ReplaceAll(view.Bare, "${", "${!"), Catalog: "awsdatacatalog", Schema: "${Database}"}
	for _, c := range view.Columns {
		if c.Type == "timestamp" {
			c.Type = "timestamp(3)" // what Athena reads one of a table as
		}
		definition.Columns = append(definition.Columns, column(c))
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(definition)
	return strings.TrimSpace(out.String()), err
}

// base is a file's name without its folder and ending.
func base(file string) string { return strings.TrimSuffix(path.Base(file), ".sql") }
