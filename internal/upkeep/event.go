package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/telemetry"
)

// lateness is how long after its position an entry may have rung at the most, for what rang in vain to be looked at again.
const lateness = 15 * time.Minute

// Handle answers an invocation of the upkeep function: with messages of the queue of lost rings, or anything else as a tick. Messages that
// cannot be heard are named in the answer, and come again.
func (k *Keeper) Handle(ctx context.Context, event json.RawMessage) (any, error) {
	var batch events.SQSEvent
	if err := json.Unmarshal(event, &batch); err != nil {
		return nil, fmt.Errorf("the event cannot be read: %w", err)
	}
	if len(batch.Records) == 0 {
		return nil, telemetry.Do(ctx, "upkeep", k.Tick)
	}
	var failed events.SQSEventResponse
	return &failed, telemetry.Do(ctx, "lost rings", func(ctx context.Context) error {
		for _, message := range batch.Records {
			if err := k.hear(ctx, message.Body); err != nil {
				slog.ErrorContext(ctx, "a lost ring cannot be heard", "message", message.MessageId, "error", err.Error())
				failed.BatchItemFailures = append(failed.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			}
		}
		return nil
	})
}

// hear takes note of a batch of the log's stream that failed again and again. Its records may be gone from the stream, and held keys only:
// the log is what is looked at.
func (k *Keeper) hear(ctx context.Context, body string) error {
	var lost struct {
		DDBStreamBatchInfo *struct {
			ApproximateArrivalOfFirstRecord time.Time
		}
	}
	if err := json.Unmarshal([]byte(body), &lost); err != nil || lost.DDBStreamBatchInfo == nil || lost.DDBStreamBatchInfo.ApproximateArrivalOfFirstRecord.IsZero() {
		return errors.New("it does not tell of a batch of a stream")
	}
	return k.Replay(ctx, lost.DDBStreamBatchInfo.ApproximateArrivalOfFirstRecord.Add(-lateness))
}
