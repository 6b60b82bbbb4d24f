// Package partstest gives tests stores on the real parts.
package partstest

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/infra/local/parts"
	"cairn/internal/blob/s3"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
	"cairn/internal/kv/dynamo/bell"
)

// Tables makes new tables in the DynamoDB Local that all tests of this process share, and returns their names.
func Tables(t testing.TB) (aws.Config, map[kv.Table]string) {
	t.Helper()
	config := DynamoDB(t).Config()
	names := dynamo.Names(rand.Text() + "-")
	if err := dynamo.CreateTables(t.Context(), dynamodb.NewFromConfig(config), names); err != nil {
		t.Fatal(err)
	}
	return config, names
}

// Store returns a store over new tables, and their bell.
func Store(t testing.TB) (*dynamo.Store, *bell.Bell) {
	t.Helper()
	config, names := Tables(t)
	return dynamo.New(dynamodb.NewFromConfig(config), names), bell.New(dynamodbstreams.NewFromConfig(config), names)
}

// DynamoDB is the DynamoDB Local that all tests of this process share. It ends with the process.
func DynamoDB(t testing.TB) *parts.Part {
	t.Helper()
	part, err := dynamoDB()
	if err != nil {
		t.Fatal(err)
	}
	return part
}

// dynamoDB outlives the test that happens to start it.
var dynamoDB = sync.OnceValues(func() (*parts.Part, error) { return parts.DynamoDB(context.Background(), "") })

// Bucket starts an S3 server for one test, and makes a bucket.
func Bucket(t testing.TB) (client *s3sdk.Client, bucket string) {
	t.Helper()
	part, err := parts.S3(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(part.Stop)
	client = s3sdk.NewFromConfig(part.Config(), func(o *s3sdk.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(t.Context(), &s3sdk.CreateBucketInput{Bucket: aws.String("cairn")}); err != nil {
		t.Fatal(err)
	}
	return client, "cairn"
}

// Blobs returns a store over a new bucket.
func Blobs(t testing.TB) *s3.Store {
	t.Helper()
	return s3.New(Bucket(t))
}
