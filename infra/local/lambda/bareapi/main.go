// Command bareapi is the least that the api function could be: its clients, one read of a table as it starts, and no work. What the api
// function takes beyond this is Cairn's own.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/infra/local/lambda/bare"
)

func main() {
	sdk, err := bare.Start()
	if err != nil {
		panic(err)
	}
	objects := s3.NewFromConfig(sdk)
	lambda.Start(func(ctx context.Context, event map[string]any) (map[string]any, error) {
		if event["object"] != nil { // never: but the client must be linked
			if _, err := objects.GetObject(ctx, &s3.GetObjectInput{}); err != nil {
				return nil, err
			}
		}
		return map[string]any{"statusCode": 200}, nil
	})
}
