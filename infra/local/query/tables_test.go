package query

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"cairn/internal/table"
)

var update = flag.Bool("update", false, "write tables.json anew")

// TestTheTablesAreThoseOfPackageTable holds the list of columns that the program reads to the one place where they are said.
func TestTheTablesAreThoseOfPackageTable(t *testing.T) {
	type column struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	type listed struct {
		Name    string   `json:"name"`
		Daily   bool     `json:"daily"`
		Columns []column `json:"columns"`
	}
	var all []listed
	for _, of := range table.All {
		one := listed{Name: of.Name, Daily: of.Daily}
		for _, c := range of.Columns {
			one.Columns = append(one.Columns, column{c.Name, c.Type})
		}
		all = append(all, one)
	}
	want, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("tables.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if has, err := os.ReadFile("tables.json"); err != nil || string(has) != string(want) {
		t.Error("tables.json is of other tables than package table has; -update writes it anew", err)
	}
}
