package lambda

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kv"
)

const restoredStream = "arn:aws:dynamodb:eu-central-1:123456789012:table/restored-log/stream/2026-11-24T07:55:00.000"

// restoredNames are the parameters that point a stack at tables which were restored.
func restoredNames(tables ...kv.Table) map[string]string {
	parameters := map[string]string{"LogStreamArn": restoredStream}
	for _, table := range tables {
		name := map[kv.Table]string{kv.Log: "Log", kv.IDs: "Ids", kv.Documents: "Documents", kv.Control: "Control"}[table]
		parameters[name+"TableName"] = "restored-" + string(table)
	}
	return parameters
}

// TestRestoredTablesTakeTheStacksPlace: wherever a function, a role, an alarm or the dashboard names a table.
func TestRestoredTablesTakeTheStacksPlace(t *testing.T) {
	tm := readTemplate(t, restoredNames(record...))
	for function, properties := range tm.functions() {
		for name, value := range tm.environment(function) {
			table, ok := strings.CutPrefix(name, "TABLE_")
			if want := "restored-" + strings.ToLower(table); ok && table != "INDEX" && table != "REPORTS" && value != want {
				t.Errorf("%s: %s is %s, want %s", function, name, value, want)
			}
		}
		if got := at(properties, "Events", "Log", "Properties", "Stream"); got != nil && got != restoredStream {
			t.Errorf("%s hears %v", function, got)
		}
	}
	for function := range tm.functions() {
		for action := range tm.role(t, function) {
			if _, table, _ := strings.Cut(action, " "); slices.Contains([]string{"logtable", "idstable", "documentstable", "controltable"}, table) {
				t.Errorf("%s may still call %s", function, action)
			}
		}
	}
	own := regexp.MustCompile(`\b(Log|Ids|Documents|Control)Table\b`)
	for name, r := range tm.Resources {
		if found := own.FindString(strings.Join(texts(r.Properties), "\n")); found != "" {
			t.Errorf("%s still names %s", name, found)
		}
	}
}
