// Command export is the Lambda that a tick wakes, or whoever wants a span or the snapshot now: it writes the tables that analysts ask.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	blobs3 "cairn/internal/blob/s3"
	"cairn/internal/compose"
	"cairn/internal/compose/exports"
	"cairn/internal/config"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("export", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadExport(os.Getenv)
	if err != nil {
		return nil, err
	}
	sdk := dynamo.Environment()
	store := dynamo.New(dynamodb.NewFromConfig(sdk), c.Tables)
	l, err := compose.Open(ctx, store)
	if err != nil {
		return nil, err
	}
	x, err := exports.New(store, blobs3.New(s3.NewFromConfig(sdk), c.Bucket), l, c)
	if err != nil {
		return nil, err
	}
	return x.Handle, nil
}
