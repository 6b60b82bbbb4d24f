// Command console is the Lambda behind /console and /reports: the dashboard, its sign-in, and the report API.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/internal/apigw"
	"cairn/internal/compose"
	"cairn/internal/compose/dashboard"
	"cairn/internal/config"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("console", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadConsole(os.Getenv)
	if err != nil {
		return nil, err
	}
	store := dynamo.New(dynamodb.NewFromConfig(dynamo.Environment()), c.Tables)
	l, err := compose.Open(ctx, store)
	if err != nil {
		return nil, err
	}
	h, err := dashboard.New(store, l, c)
	if err != nil {
		return nil, err
	}
	return apigw.Handler(h), nil
}
