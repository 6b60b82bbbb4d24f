// Command api is the Lambda behind the HTTP API: all of xAPI.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/internal/apigw"
	blobs3 "cairn/internal/blob/s3"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("api", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadAPI(os.Getenv)
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
	return apigw.Handler(compose.API(store, blobs, l, c)), nil
}
