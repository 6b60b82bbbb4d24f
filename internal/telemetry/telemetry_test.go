package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/telemetry"
)

// logged runs something with logs of a level, and returns its lines.
func logged(t *testing.T, namespace string, level slog.Level, run func(ctx context.Context)) (lines []map[string]any) {
	t.Helper()
	before := slog.Default()
	defer slog.SetDefault(before)
	var out bytes.Buffer
	telemetry.Start(&out, "api", namespace, level)
	run(t.Context())
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%q is no JSON: %v", line, err)
		}
		lines = append(lines, m)
	}
	return lines
}

func TestALineInTheEmbeddedMetricFormat(t *testing.T) {
	lines := logged(t, "my-stack", slog.LevelError, func(ctx context.Context) {
		ctx, r := telemetry.Begin(telemetry.WithID(ctx, "request-1"))
		telemetry.Add(ctx, telemetry.StatementsStored, 3)
		telemetry.Add(ctx, telemetry.StatementsStored, 2)
		telemetry.Add(ctx, telemetry.Duplicates, 0)
		telemetry.Progress(ctx, "index", telemetry.IndexLag, 9)
		telemetry.Progress(ctx, "index", telemetry.IndexLag, 1.5)
		telemetry.Units(ctx, "log", 0.5, 0)
		telemetry.Units(ctx, "log", 1, 2)
		telemetry.Note(ctx, slog.Int("status", 200))
		r.End(ctx, "request", slog.LevelInfo)
	})
	if len(lines) != 1 {
		t.Fatalf("%d lines: metrics are written whatever the level", len(lines))
	}
	line := lines[0]
	for member, want := range map[string]any{
		"msg": "request", "request": "request-1", "Function": "api", "Projection": "index", "status": 200.0, "StatementsStored": 5.0, "IndexLag": 1.5,
		"readUnits": map[string]any{"log": 1.5}, "writeUnits": map[string]any{"log": 2.0},
	} {
		if !reflect.DeepEqual(line[member], want) {
			t.Errorf("%s is %v, want %v", member, line[member], want)
		}
	}
	aws, _ := line["_aws"].(map[string]any)
	if at, _ := aws["Timestamp"].(float64); time.Since(time.UnixMilli(int64(at))) > time.Minute {
		t.Errorf("the time is %v", aws["Timestamp"])
	}
	directive := func(dimension, metric, unit string) any {
		return map[string]any{"Namespace": "my-stack", "Dimensions": []any{[]any{dimension}}, "Metrics": []any{map[string]any{"Name": metric, "Unit": unit}}}
	}
	want := []any{directive("Function", "StatementsStored", "Count"), directive("Projection", "IndexLag", "Seconds")}
	if !reflect.DeepEqual(aws["CloudWatchMetrics"], want) {
		t.Errorf("the directives are %v", aws["CloudWatchMetrics"])
	}
}

func TestWhoWritesWhen(t *testing.T) {
	request := func(ctx context.Context) {
		ctx, r := telemetry.Begin(ctx)
		telemetry.Add(ctx, telemetry.StatementsStored, 1)
		slog.DebugContext(ctx, "in between")
		r.End(ctx, "request", slog.LevelInfo)
	}
	for _, x := range []struct {
		namespace string
		level     slog.Level
		lines     int
	}{{"", slog.LevelInfo, 1}, {"", slog.LevelWarn, 0}, {"", slog.LevelDebug, 2}, {"my-stack", slog.LevelWarn, 1}} {
		lines := logged(t, x.namespace, x.level, request)
		if len(lines) != x.lines {
			t.Errorf("%q from %v on: %d lines", x.namespace, x.level, len(lines))
		}
		for _, line := range lines {
			if id, _ := line["request"].(string); id == "" || id != lines[0]["request"] {
				t.Errorf("the lines of a request do not name it: %v", lines)
			}
			if _, measured := line["_aws"]; measured != (x.namespace != "") {
				t.Errorf("in the namespace %q: %v", x.namespace, line)
			}
		}
	}
}

func TestAnInvocationThatFails(t *testing.T) {
	lines := logged(t, "", slog.LevelError, func(ctx context.Context) {
		failed := errors.New("it failed")
		if err := telemetry.Do(ctx, "tick", func(context.Context) error { return failed }); err != failed {
			t.Error(err)
		}
		if err := telemetry.Do(ctx, "tick", func(context.Context) error { return nil }); err != nil {
			t.Error(err)
		}
	})
	if len(lines) != 1 || lines[0]["error"] != "it failed" || lines[0]["level"] != "ERROR" {
		t.Errorf("%v", lines)
	}
}

func TestManyNoteAtOnce(t *testing.T) {
	lines := logged(t, "", slog.LevelInfo, func(ctx context.Context) {
		ctx, r := telemetry.Begin(ctx)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				telemetry.Add(ctx, telemetry.Restarts, 1)
				telemetry.Units(ctx, "ids", 1, 1)
				telemetry.Note(ctx, slog.Int("n", 1))
			})
		}
		all.Wait()
		r.End(ctx, "request", slog.LevelInfo)
	})
	if len(lines) != 1 || lines[0]["Restarts"] != 50.0 {
		t.Errorf("%v", lines)
	}
}

// Whoever notes without anybody to read it pays nothing.
func TestWithoutARecord(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		telemetry.Add(context.Background(), telemetry.Restarts, 1)
		telemetry.Progress(context.Background(), "index", telemetry.IndexLag, 1)
		telemetry.Units(context.Background(), "ids", 1, 1)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
