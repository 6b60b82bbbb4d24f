// Command bareindex is the least that the index function could be: its client, one read of a table as it starts, and no work. What the
// index function takes beyond this is Cairn's own.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
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
	lambda.Start(func(context.Context, map[string]any) (any, error) { return nil, nil })
}
