// Command bareapi is the least that the api function could be: its clients, one read of a table as it starts, and no work. What the api
// function takes beyond this is Cairn's own.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	ctx := context.Background()
	sdk, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	key := &types.AttributeValueMemberB{Value: []byte{1}}
	table := dynamodb.NewFromConfig(sdk)
	if _, err := table.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(os.Getenv("TABLE_CONTROL")), Key: map[string]types.AttributeValue{"p": key, "s": key}, ConsistentRead: aws.Bool(true),
	}); err != nil {
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
