// Command upkeep is the Lambda that a tick wakes every few minutes, and the queue of lost rings: it verifies, repairs, and raises the log's shards.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	blobs3 "cairn/internal/blob/s3"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("upkeep", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadUpkeep(os.Getenv)
	if err != nil {
		return nil, err
	}
	sdk := dynamo.Environment()
	store := dynamo.New(dynamodb.NewFromConfig(sdk), c.Tables)
	blobs := blobs3.New(s3.NewFromConfig(sdk), c.Bucket)
	l, err := compose.Open(ctx, store)
	if err != nil {
		return nil, err
	}
	return compose.Upkeep(store, blobs, l, c, queues{sqs.NewFromConfig(sdk), c.Queues}).Handle, nil
}

// queues are SQS's, by name.
type queues struct {
	client *sqs.Client
	urls   map[string]string
}

// Depths implements upkeep.Queues.
func (q queues) Depths(ctx context.Context) (map[string]int, error) {
	depths := map[string]int{}
	for name, url := range q.urls {
		const waiting = types.QueueAttributeNameApproximateNumberOfMessages
		out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{waiting}})
		if err != nil {
			return nil, fmt.Errorf("asking a queue's depth: %w", err)
		}
		if depths[name], err = strconv.Atoi(out.Attributes[string(waiting)]); err != nil {
			return nil, fmt.Errorf("a queue's depth cannot be read: %w", err)
		}
	}
	return depths, nil
}
