package telemetry

import (
	"log/slog"
	"maps"
	"slices"
	"time"
)

// directive tells CloudWatch which members of a line are metrics (Embedded Metric Format, specification of the document).
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []unit
}

type unit struct {
	Name string
	Unit string
}

// embedded are the members that make a line one of metrics.
func (r *Record) embedded() []slog.Attr {
	attrs := []slog.Attr{slog.String("Function", settings.function)}
	var directives []directive
	add := func(dimension string, values map[Metric]float64) {
		if len(values) == 0 {
			return
		}
		d := directive{Namespace: settings.namespace, Dimensions: [][]string{{dimension}}}
		for _, m := range slices.Sorted(maps.Keys(values)) {
			d.Metrics = append(d.Metrics, unit{string(m), unitOf(m)})
		}
		directives = append(directives, d)
	}
	add("Function", r.counts)
	add("Projection", r.progress)
	if r.projection != "" {
		attrs = append(attrs, slog.String("Projection", r.projection))
	}
	return append(attrs, slog.Any("_aws", struct {
		Timestamp         int64
		CloudWatchMetrics []directive
	}{time.Now().UnixMilli(), directives}))
}

func unitOf(m Metric) string {
	if m == IndexLag {
		return "Seconds"
	}
	return "Count"
}
