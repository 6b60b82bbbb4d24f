// Package bare is how the least of a function starts: its settings of AWS, and one read of a table.
package bare

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Start reads an item that is not there, so that its connection is open, and returns the settings for further clients.
func Start() (aws.Config, error) {
	ctx := context.Background()
	sdk, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return sdk, err
	}
	key := &types.AttributeValueMemberB{Value: []byte{1}}
	_, err = dynamodb.NewFromConfig(sdk).GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(os.Getenv("TABLE_CONTROL")), Key: map[string]types.AttributeValue{"p": key, "s": key}, ConsistentRead: aws.Bool(true),
	})
	return sdk, err
}
