// Command bareindex is the least that the index function could be: its client, one read of a table as it starts, and no work. What the
// index function takes beyond this is Cairn's own.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"cairn/infra/local/lambda/bare"
)

func main() {
	if _, err := bare.Start(); err != nil {
		panic(err)
	}
	lambda.Start(func(context.Context, map[string]any) (any, error) { return nil, nil })
}
