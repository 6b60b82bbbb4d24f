package exports

import (
	"testing"

	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/export"
)

// Latecomers are named to the export by whoever does not link it.
func TestTheExportIsCalledTheSameEverywhere(t *testing.T) {
	if compose.ExportName != export.ProjectionName {
		t.Errorf("%q is told of latecomers, which is called %q", compose.ExportName, export.ProjectionName)
	}
}

func TestAnUnknownRawIsRefused(t *testing.T) {
	if _, err := New(nil, nil, nil, config.Export{Raw: "names"}); err == nil {
		t.Error("raw statements with names are what nobody can make")
	}
}
