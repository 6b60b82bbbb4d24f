package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cairn/internal/table"
)

func TestAnalystsYAMLIsMadeOfWhatStandsHere(t *testing.T) {
	want, err := generate(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../analysts.yaml"); err != nil || string(got) != string(want) {
		t.Errorf("infra/analysts.yaml is not what `make analysts` makes, %v", err)
	}
}

// TestGlueTakesTheDocs: a comment has one line of 255 characters at most, a named query's description 1,024.
func TestGlueTakesTheDocs(t *testing.T) {
	for _, of := range table.All {
		for _, c := range of.Columns {
			if c.Doc == "" || len(c.Doc) > 255 || strings.ContainsAny(c.Doc, "\n\t") {
				t.Errorf("%s.%s: no comment for Glue: %q", of.Name, c.Name, c.Doc)
			}
		}
	}
	queries, err := readQueries(os.DirFS("."), "queries")
	if err != nil || len(queries) == 0 {
		t.Fatalf("%d queries, %v", len(queries), err)
	}
	for _, q := range queries {
		if len(q.Description) > 1024 {
			t.Errorf("%s: its description has %d characters", q.Name, len(q.Description))
		}
	}
}

func TestParse(t *testing.T) {
	q, err := parse("a_view", "-- What courses are called,\n-- and when.\n-- columns: course varchar, at timestamp,\n--   modules array(varchar), share decimal(5, 2)\nSELECT 1 -- one\nFROM t;\n")
	if err != nil {
		t.Fatal(err)
	}
	if q.Description != "What courses are called, and when." || q.Bare != "SELECT 1 -- one\nFROM t" {
		t.Errorf("it says %q, and asks %q", q.Description, q.Bare)
	}
	want := []column{{"course", "varchar"}, {"at", "timestamp"}, {"modules", "array(varchar)"}, {"share", "decimal(5, 2)"}}
	if !slices.Equal(q.Columns, want) {
		t.Errorf("its columns are %q, want %q", q.Columns, want)
	}
	for _, wrong := range []string{"SELECT 1", "-- Nothing.", "-- One.\n-- columns: a\nSELECT 1 AS a", "-- One.\n-- columns: a money\nSELECT 1 AS a"} {
		if _, err := parse("wrong", wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestWhoAsksForNames(t *testing.T) {
	for text, want := range map[string]bool{
		"-- Who.\nSELECT i.name FROM attempts a JOIN identities i ON i.actor_key = a.learner_key":    true,
		"-- Whom identities would tell.\nSELECT a.learner_key AS not_identities_yet FROM attempts a": false,
	} {
		if q, err := parse("q", text); err != nil || q.Names() != want {
			t.Errorf("%q: %v, %v", text, q.Names(), err)
		}
	}
}

// TestAViewAsAthenaKeepsIt: JSON whose one blank is the database's name.
func TestAViewAsAthenaKeepsIt(t *testing.T) {
	q, err := parse("a_view", "-- One.\n-- columns: at timestamp, n bigint\nSELECT '${x}' AS \"n\" WHERE 1 < 2")
	if err != nil {
		t.Fatal(err)
	}
	text, err := presto(q)
	if err != nil {
		t.Fatal(err)
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "${Database}", "cairn"), "${!", "${") // as CloudFormation does
	var view struct {
		OriginalSQL, Catalog, Schema string
		Columns                      []column
	}
	if err := json.Unmarshal([]byte(text), &view); err != nil {
		t.Fatal(err)
	}
	if view.OriginalSQL != `SELECT '${x}' AS "n" WHERE 1 < 2` || view.Catalog != "awsdatacatalog" || view.Schema != "cairn" || view.Columns[0].Type != "timestamp(3)" {
		t.Errorf("the view is %+v", view)
	}
}

func TestAViewWithoutColumnsIsRefused(t *testing.T) {
	folder := fstest.MapFS{"views/a_view.sql": {Data: []byte("-- One.\nSELECT 1 AS a")}}
	if _, err := generate(folder); err == nil || !strings.Contains(err.Error(), "a_view.sql") {
		t.Errorf("the error is %v", err)
	}
}
