// Command aggregate is the Lambda that the log's stream wakes, and a tick each minute: it keeps the reporting tables.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("aggregate", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadIndex(os.Getenv)
	if err != nil {
		return nil, err
	}
	store := dynamo.New(dynamodb.NewFromConfig(dynamo.Environment()), c.Tables)
	l, err := compose.Open(ctx, store)
	if err != nil {
		return nil, err
	}
	return compose.Aggregate(store, l, c).Handle, nil
}
