// Package bell rings for what DynamoDB's streams tell, by asking again and again: for machines of one's own. In AWS the streams call a
// function instead, so that no function need link this.
package bell

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

// How often a bell looks, and how long it waits after a ring that failed.
const (
	leastIdle   = 25 * time.Millisecond
	mostIdle    = 200 * time.Millisecond
	ringPause   = 100 * time.Millisecond
	followPause = 5 * time.Second // between looks for shards, when none has ended
)

// Bell rings for the streams of tables.
type Bell struct {
	client *dynamodbstreams.Client
	names  map[kv.Table]string
}

// New returns a bell for the tables with these names; those it is to ring for have streams.
func New(client *dynamodbstreams.Client, names map[kv.Table]string) *Bell {
	client = dynamodbstreams.New(client.Options(), func(o *dynamodbstreams.Options) {
		o.Retryer, o.RetryMaxAttempts = dynamo.NewRetryer(), 0
	})
	return &Bell{client: client, names: names}
}

// Listen implements kv.Bell. Of the shards that are open it reads what comes from now on, of their children everything.
func (b *Bell) Listen(ctx context.Context, table kv.Table, ring func(context.Context, []kv.Change) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	l := &listening{bell: b, table: table, ring: ring, known: map[string]bool{}, fail: stop, ended: make(chan struct{}, 1)}
	defer l.readers.Wait()
	if err := l.findStream(ctx); err != nil {
		return err
	}
	for from := types.ShardIteratorTypeLatest; ; from = types.ShardIteratorTypeTrimHorizon {
		if err := l.follow(ctx, from); err != nil {
			stop(err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.ended:
		case <-time.After(followPause):
		}
	}
}

// listening is one call of Listen: a reader for each shard, all of which end together.
type listening struct {
	bell   *Bell
	table  kv.Table
	stream *string
	ring   func(context.Context, []kv.Change) error

	known   map[string]bool // shards that have, or had, a reader, or had nothing new
	readers sync.WaitGroup
	ended   chan struct{}           // a reader came to its shard's end
	fail    context.CancelCauseFunc // ends them all
}

func (l *listening) findStream(ctx context.Context) error {
	name := l.bell.names[l.table]
	out, err := l.bell.client.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: &name})
	if err != nil {
		return dynamo.Fault(ctx, "list streams", err)
	}
	if len(out.Streams) == 0 {
		return fmt.Errorf("kv/dynamo/bell: table %q has no stream", name)
	}
	l.stream = out.Streams[len(out.Streams)-1].StreamArn
	return nil
}

// follow starts a reader for each shard that has none. At first those that are closed already have nothing new; later every
// shard may.
func (l *listening) follow(ctx context.Context, from types.ShardIteratorType) error {
	first := from == types.ShardIteratorTypeLatest
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: l.stream}
	for {
		out, err := l.bell.client.DescribeStream(ctx, in)
		if err != nil {
			return dynamo.Fault(ctx, "describe stream", err)
		}
		for _, shard := range out.StreamDescription.Shards {
			closed := shard.SequenceNumberRange != nil && shard.SequenceNumberRange.EndingSequenceNumber != nil
			if !l.known[*shard.ShardId] && !(first && closed) {
				if err := l.start(ctx, *shard.ShardId, from); err != nil {
					return err
				}
			}
			l.known[*shard.ShardId] = true
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return nil
		}
	}
}

// start fixes where a shard is read from before it returns, so that its reader hears of every later change.
func (l *listening) start(ctx context.Context, shard string, from types.ShardIteratorType) error {
	at, err := l.iterator(ctx, shard, from, nil)
	if err != nil {
		return err
	}
	l.readers.Go(func() {
		if err := l.read(ctx, shard, at); err != nil {
			l.fail(err)
			return
		}
		select {
		case l.ended <- struct{}{}:
		default:
		}
	})
	return nil
}

func (l *listening) iterator(ctx context.Context, shard string, from types.ShardIteratorType, after *string) (*string, error) {
	out, err := l.bell.client.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: l.stream, ShardId: &shard, ShardIteratorType: from, SequenceNumber: after,
	})
	if err != nil {
		return nil, dynamo.Fault(ctx, "shard iterator", err)
	}
	return out.ShardIterator, nil
}

// read rings for a shard's records until the shard ends.
func (l *listening) read(ctx context.Context, shard string, at *string) error {
	var last *string // the newest record that was rung for
	for idle := leastIdle; at != nil; {
		out, err := l.bell.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at})
		var expired *types.ExpiredIteratorException
		var trimmed *types.TrimmedDataAccessException
		if errors.As(err, &expired) || errors.As(err, &trimmed) {
			if at, err = l.resume(ctx, shard, last); err == nil {
				continue
			}
		}
		if err != nil {
			return dynamo.Fault(ctx, "get records", err)
		}
		if n := len(out.Records); n > 0 {
			if err := l.deliver(ctx, out.Records); err != nil {
				return err
			}
			last, idle = out.Records[n-1].Dynamodb.SequenceNumber, leastIdle
		} else if err := sleep(ctx, idle); err != nil {
			return err
		} else {
			idle = min(2*idle, mostIdle)
		}
		at = out.NextShardIterator
	}
	return nil
}

// resume finds the way back into a shard after a long sleep, with rings doubled rather than lost.
func (l *listening) resume(ctx context.Context, shard string, last *string) (*string, error) {
	if last != nil {
		if at, err := l.iterator(ctx, shard, types.ShardIteratorTypeAfterSequenceNumber, last); err == nil {
			return at, nil
		}
	}
	return l.iterator(ctx, shard, types.ShardIteratorTypeTrimHorizon, nil)
}

func (l *listening) deliver(ctx context.Context, records []types.Record) error {
	changes := make([]kv.Change, 0, len(records))
	for _, r := range records {
		key, err := l.keyOf(r.Dynamodb.Keys)
		if err != nil {
			return err
		}
		changes = append(changes, kv.Change{
			ID: aws.ToString(r.Dynamodb.SequenceNumber), Key: key, New: r.EventName == types.OperationTypeInsert,
			At: aws.ToTime(r.Dynamodb.ApproximateCreationDateTime),
		})
	}
	for l.ring(ctx, changes) != nil {
		if err := sleep(ctx, ringPause); err != nil {
			return err
		}
	}
	return nil
}

func (l *listening) keyOf(a map[string]types.AttributeValue) (kv.Key, error) {
	partition, ok := a[dynamo.PartitionName].(*types.AttributeValueMemberB)
	sort, also := a[dynamo.SortName].(*types.AttributeValueMemberB)
	if !ok || !also {
		return kv.Key{}, fmt.Errorf("kv/dynamo/bell: table %s: a stream record has no %s and %s", l.table, dynamo.PartitionName, dynamo.SortName)
	}
	return kv.Key{Table: l.table, Partition: partition.Value, Sort: sort.Value}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
