package stream

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/kv"
	"cairn/internal/telemetry"
)

// Handle answers an invocation of a projection's function: with a batch of the log's stream, or anything else as a tick. An
// error has Lambda deliver the batch again.
func (w *Waker) Handle(ctx context.Context, event json.RawMessage) error {
	var batch events.DynamoDBEvent
	if err := json.Unmarshal(event, &batch); err != nil {
		return fmt.Errorf("the event cannot be read: %w", err)
	}
	if len(batch.Records) == 0 {
		return telemetry.Do(ctx, "tick", w.Tick)
	}
	return telemetry.Do(ctx, "ring", func(ctx context.Context) error { return w.Ring(ctx, Changes(batch)) })
}

// Changes reads the changed keys off a batch of the log's stream, which carries keys only. A record without the keys of Cairn's
// tables is passed over.
func Changes(batch events.DynamoDBEvent) []kv.Change {
	out := make([]kv.Change, 0, len(batch.Records))
	for _, r := range batch.Records {
		p, hasP := r.Change.Keys["p"]
		s, hasS := r.Change.Keys["s"]
		if !hasP || !hasS || p.DataType() != events.DataTypeBinary || s.DataType() != events.DataTypeBinary {
			continue
		}
		out = append(out, kv.Change{
			ID:  r.Change.SequenceNumber,
			Key: kv.Key{Table: kv.Log, Partition: p.Binary(), Sort: s.Binary()},
			New: r.EventName == string(events.DynamoDBOperationTypeInsert),
			At:  r.Change.ApproximateCreationDateTime.Time,
		})
	}
	return out
}
