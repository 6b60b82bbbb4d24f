package query

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const python = "../../../.build/query/bin/python"

// ask runs the program, and returns what it printed and what it complained of.
func ask(t testing.TB, args ...string) (printed, complaint string) {
	t.Helper()
	cmd := exec.Command(python, append([]string{"-B", "."}, args...)...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if failed := cmd.Run(); failed != nil && err.Len() == 0 {
		t.Fatalf("%v; make .build/query installs what it runs on", failed)
	}
	return out.String(), err.String()
}

func TestAllSQLIsInAthenasDialect(t *testing.T) {
	printed, complaint := ask(t, "-check")
	if complaint != "" {
		t.Error(complaint)
	}
	t.Log(strings.TrimSpace(printed))
}

// TestTheCheckFindsFaults that DuckDB would not mind, and says where they are.
func TestTheCheckFindsFaults(t *testing.T) {
	const head = "-- What it answers.\n"
	folder, wanted := t.TempDir(), map[string]string{}
	if err := os.CopyFS(filepath.Join(folder, "views"), os.DirFS("../../athena/views")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, sql, want string }{
		{"no parse", head + "SELECT s.id\nFROM statements s\nWHERE", ":4: Required"},
		{"two statements", head + "SELECT s.id FROM statements s; SELECT 1", "one SELECT"},
		{"another statement", head + "DROP TABLE statements", "one SELECT"},
		{"no description", "SELECT s.id FROM statements s", "the first line says"},
		{"all columns", head + "SELECT * FROM statements", "one by one"},
		{"No name", head + "SELECT s.id FROM statements s", "small letters"},
		{"all columns of one", head + "SELECT s.* FROM statements s", "one by one"},
		{"an unknown table", head + "SELECT s.id\nFROM statement s", ":3: there is no table or view statement"},
		{"an unknown column", head + "SELECT s.id,\n  s.actor\nFROM statements s", ":3: Unknown column"},
		{"an unknown column of a view", head + "SELECT l.id\nFROM learning l", ":2: Unknown column"},
		{"a reserved word", head + "SELECT s.id AS \"table\" FROM statements s", "reserved"},
		{"a function of others", head + "SELECT list_distinct(s.learners) AS learners FROM statements s", "the function list_distinct"},
		{"grouping by an alias", head + "SELECT s.verb AS what, count(*) AS n FROM statements s GROUP BY what", "what"},
		{"narrowing by an alias", head + "SELECT s.verb AS what FROM statements s WHERE what = 'a'", "what"},
		{"going on from an alias", head + "SELECT s.score AS share, share * 100 AS per_cent FROM statements s", "share"},
		{"a day beside text", head + "SELECT s.id FROM statements s WHERE s.dt >= current_date", "types are mixed"},
		{"text beside a number", head + "SELECT s.id FROM statements s WHERE s.score = '1'", "types are mixed"},
		{"text between days", head + "SELECT s.id FROM statements s WHERE s.dt BETWEEN current_date AND current_date", "types are mixed"},
		{"text joined to a number", head + "SELECT s.id || s.score AS both FROM statements s", "types are mixed"},
		{"whole numbers divided", head + "SELECT count(s.success) / count(*) AS share FROM statements s", "whole numbers"},
		{"no span", head + "SELECT count(*) AS n\nFROM statements s", ":3: what has partitions"},
		{"not grouped", head + "SELECT s.verb, s.id, count(*) AS n FROM statements s WHERE s.dt >= '2026-01-01' GROUP BY s.verb", "GROUP BY"},
	} {
		file := strings.ReplaceAll(c.name, " ", "-") + ".sql"
		wanted[file] = c.want
		write(t, filepath.Join(folder, "queries", file), c.sql)
	}
	for name, header := range map[string]string{"another_type": "-- columns: id bigint", "a_column_too_few": "-- columns: other varchar", "none": "-- more"} {
		wanted[name+".sql"] = "columns"
		write(t, filepath.Join(folder, "views", name+".sql"), head+header+"\nSELECT s.id FROM statements s")
	}
	_, complaint := ask(t, "-check", "-sql", folder)
	if strings.Contains(complaint, "Traceback") {
		t.Fatal(complaint)
	}
	for file, want := range wanted {
		if !slices.ContainsFunc(strings.Split(complaint, "\n"), func(line string) bool { return strings.Contains(line, file) && strings.Contains(line, want) }) {
			t.Errorf("nothing says %q of %s in %s", want, file, complaint)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
