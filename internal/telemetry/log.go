package telemetry

import (
	"context"
	"io"
	"log/slog"
)

// settings are the process's.
var settings struct{ function, namespace string }

// Start makes JSON the form of all logs, as CloudWatch reads them, from a level on, each line with the id of the request that it is about. Metrics
// go into a namespace; "" for none. It is called once, before anything is logged.
func Start(out io.Writer, function, namespace string, level slog.Level) {
	settings.function, settings.namespace = function, namespace
	slog.SetDefault(slog.New(handler{slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})}))
}

// handler adds the request's id to what is logged about it.
type handler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, line slog.Record) error {
	if id := idOf(ctx); id != "" {
		line.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }

type idKey struct{}

// WithID names the request that what follows is about.
func WithID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, idKey{}, id)
}

func idOf(ctx context.Context) string {
	if r := of(ctx); r != nil {
		return r.id
	}
	id, _ := ctx.Value(idKey{}).(string)
	return id
}
