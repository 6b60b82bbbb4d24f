package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
)

// madeTime is how long CreateTables waits for a table to become active.
const madeTime = time.Minute

// CreateTables makes the tables that are absent, on demand, the log with a stream of its keys: for one machine and for tests.
// In AWS the template makes them.
func CreateTables(ctx context.Context, client *dynamodb.Client, names map[kv.Table]string) error {
	for _, t := range kv.Tables {
		if err := createTable(ctx, client, names[t], t == kv.Log); err != nil {
			return fmt.Errorf("kv/dynamo: create table %q: %w", names[t], err)
		}
	}
	for _, t := range kv.Tables {
		waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
			o.MinDelay, o.MaxDelay = 10*time.Millisecond, time.Second
		})
		if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(names[t])}, madeTime); err != nil {
			return fmt.Errorf("kv/dynamo: create table %q: %w", names[t], err)
		}
	}
	return nil
}

func createTable(ctx context.Context, client *dynamodb.Client, name string, stream bool) error {
	in := &dynamodb.CreateTableInput{
		TableName:   aws.String(name),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(PartitionName), AttributeType: types.ScalarAttributeTypeB},
			{AttributeName: aws.String(SortName), AttributeType: types.ScalarAttributeTypeB},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(PartitionName), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(SortName), KeyType: types.KeyTypeRange},
		},
	}
	if stream {
		in.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeKeysOnly,
		}
	}
	_, err := client.CreateTable(ctx, in)
	var exists *types.ResourceInUseException
	if errors.As(err, &exists) {
		return nil
	}
	return err
}

// Names names every table by a prefix and its own name.
func Names(prefix string) map[kv.Table]string {
	names := map[kv.Table]string{}
	for _, t := range kv.Tables {
		names[t] = prefix + string(t)
	}
	return names
}
