// Command keys is the Lambda that makes a key for whoever may invoke it: the first one, and any when no admin's key is left.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/internal/auth"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

func main() { compose.Function("keys", build) }

func build(ctx context.Context) (any, error) {
	c, err := config.ReadKeys(os.Getenv)
	if err != nil {
		return nil, err
	}
	store := dynamo.New(dynamodb.NewFromConfig(dynamo.Environment()), map[kv.Table]string{kv.Control: c.Table})
	return compose.Office(store, auth.New(store)).Invoked(c.HomePage), nil
}
