// Package dynamo keeps Cairn's tables in DynamoDB: kv.Store, and kv.Bell over a table's stream. An item is four attributes,
// each named by one letter, since names are paid for.
package dynamo

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
	"cairn/internal/telemetry"
)

// parallel is how many requests one call has under way at most.
const parallel = 8

// Store is the tables in DynamoDB. It is safe for concurrent use.
type Store struct {
	client  *dynamodb.Client
	retryer *retry.Standard
	names   map[kv.Table]string
	tables  map[string]kv.Table
}

// New returns a store over the tables with these names. It takes the client's settings but for how it retries.
func New(client *dynamodb.Client, names map[kv.Table]string) *Store {
	s := &Store{retryer: NewRetryer(), names: names, tables: map[string]kv.Table{}}
	for t, name := range names {
		s.tables[name] = t
	}
	s.client = dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		o.Retryer, o.RetryMaxAttempts = s.retryer, 0
	})
	return s
}

// name is what DynamoDB calls a table. Requests for a table that has no name are refused by DynamoDB.
func (s *Store) name(t kv.Table) *string { return aws.String(s.names[t]) }

// capacity is what a request asks DynamoDB to tell about its cost: what it consumed, when somebody notes that. DynamoDB does not tell what
// a refused write consumed.
func capacity(ctx context.Context) types.ReturnConsumedCapacity {
	if !telemetry.On(ctx) {
		return types.ReturnConsumedCapacityNone
	}
	return types.ReturnConsumedCapacityTotal
}

// noteRead and noteWrite note what a request consumed.
func (s *Store) noteRead(ctx context.Context, c *types.ConsumedCapacity) {
	if c != nil {
		telemetry.Units(ctx, string(s.tables[aws.ToString(c.TableName)]), aws.ToFloat64(c.CapacityUnits), 0)
	}
}

func (s *Store) noteWrite(ctx context.Context, c *types.ConsumedCapacity) {
	if c != nil {
		telemetry.Units(ctx, string(s.tables[aws.ToString(c.TableName)]), 0, aws.ToFloat64(c.CapacityUnits))
	}
}

// inParallel runs n pieces of a call, as many at once as a call may.
func inParallel(n int, run func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			run(i)
		})
	}
	wg.Wait()
}

// Fault is the error of a request that failed for good. What failed for now, or because the context ended, is unavailable.
func Fault(ctx context.Context, request string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("kv/dynamo: %s: %w: %w: %w", request, kv.ErrUnavailable, ctx.Err(), err)
	}
	if mayWorkLater(err) {
		return fmt.Errorf("kv/dynamo: %s: %w: %w", request, kv.ErrUnavailable, err)
	}
	return fmt.Errorf("kv/dynamo: %s: %w", request, err)
}
