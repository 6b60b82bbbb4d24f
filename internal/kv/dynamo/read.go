package dynamo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
)

// maxGet is how many keys DynamoDB takes in one BatchGetItem.
const maxGet = 100

// Get implements kv.Reader.
func (s *Store) Get(ctx context.Context, key kv.Key, strength kv.Strength) (kv.Item, error) {
	if err := key.Check(); err != nil {
		return kv.Item{}, err
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:              s.name(key.Table),
		Key:                    keyAttributes(key),
		ConsistentRead:         (*bool)(&strength),
		ReturnConsumedCapacity: capacity(ctx),
	})
	if err != nil {
		return kv.Item{}, Fault(ctx, "get", err)
	}
	s.noteRead(ctx, out.ConsumedCapacity)
	if out.Item == nil {
		return kv.Item{}, kv.ErrAbsent
	}
	return itemOf(key.Table, out.Item)
}

// GetMany implements kv.Reader.
func (s *Store) GetMany(ctx context.Context, keys []kv.Key, strength kv.Strength) ([]kv.Item, error) {
	for _, k := range keys {
		if err := k.Check(); err != nil {
			return nil, err
		}
	}
	batches := slices.Collect(slices.Chunk(keys, maxGet))
	found, errs := make([][]kv.Item, len(batches)), make([]error, len(batches))
	inParallel(len(batches), func(i int) { found[i], errs[i] = s.getBatch(ctx, batches[i], strength) })
	return slices.Concat(found...), errors.Join(errs...)
}

// getBatch asks until DynamoDB has processed every key. It leaves some when an answer grows too large, which needs no pause, and
// when a partition is throttled, which does.
func (s *Store) getBatch(ctx context.Context, keys []kv.Key, strength kv.Strength) (found []kv.Item, err error) {
	left := map[string]types.KeysAndAttributes{}
	for _, k := range keys {
		table := left[*s.name(k.Table)]
		table.ConsistentRead = (*bool)(&strength)
		table.Keys = append(table.Keys, keyAttributes(k))
		left[*s.name(k.Table)] = table
	}
	for idle := 0; len(left) > 0; idle++ {
		if err := pause(ctx, idle); err != nil {
			return nil, Fault(ctx, "get many", err)
		}
		in := &dynamodb.BatchGetItemInput{RequestItems: left, ReturnConsumedCapacity: capacity(ctx)}
		out, err := s.client.BatchGetItem(ctx, in)
		if err != nil {
			return nil, Fault(ctx, "get many", err)
		}
		for i := range out.ConsumedCapacity {
			s.noteRead(ctx, &out.ConsumedCapacity[i])
		}
		before := len(found)
		for name, items := range out.Responses {
			if found, err = s.appendItems(found, s.tables[name], items); err != nil {
				return nil, err
			}
		}
		if len(found) > before {
			idle = -1
		}
		left = out.UnprocessedKeys
	}
	return found, nil
}

func (s *Store) appendItems(to []kv.Item, t kv.Table, items []attributes) ([]kv.Item, error) {
	for _, a := range items {
		item, err := itemOf(t, a)
		if err != nil {
			return nil, err
		}
		to = append(to, item)
	}
	return to, nil
}

// Query implements kv.Reader.
func (s *Store) Query(ctx context.Context, span kv.Span) (page kv.Page, err error) {
	if err := (kv.Key{Partition: span.Partition, Sort: []byte{0}}).Check(); err != nil {
		return page, err
	}
	if span.Empty() {
		return page, nil
	}
	in := s.queryOf(span)
	in.ReturnConsumedCapacity = capacity(ctx)
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return page, Fault(ctx, "query", err)
	}
	s.noteRead(ctx, out.ConsumedCapacity)
	if page.Items, err = s.appendItems(nil, span.Table, out.Items); err != nil {
		return kv.Page{}, err
	}
	if last := len(page.Items) - 1; last >= 0 && bytes.Equal(page.Items[last].Sort, span.To) {
		page.Items = page.Items[:last]
	}
	if out.LastEvaluatedKey != nil {
		last, err := keyOf(span.Table, out.LastEvaluatedKey)
		if err != nil {
			return kv.Page{}, err
		}
		page.Next = span.Behind(last.Sort)
	}
	return page, nil
}

// queryOf spells a span. DynamoDB takes one condition on the sort key, and BETWEEN includes its end: going down, the end is
// given as the key to start behind; going up, an item that stands there comes last and is dropped from the answer.
func (s *Store) queryOf(span kv.Span) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName:                 s.name(span.Table),
		ConsistentRead:            (*bool)(&span.Strength),
		ScanIndexForward:          aws.Bool(!span.Descending),
		ExpressionAttributeValues: attributes{":p": binaryOf(span.Partition)},
	}
	if span.Limit > 0 {
		in.Limit = aws.Int32(int32(min(span.Limit, 1<<30)))
	}
	end := span.To
	if span.Descending && end != nil {
		in.ExclusiveStartKey = keyAttributes(kv.Key{Partition: span.Partition, Sort: end})
		end = nil
	}
	var condition string
	switch {
	case len(span.From) > 0 && end != nil:
		condition = " AND s BETWEEN :from AND :to"
	case len(span.From) > 0:
		condition = " AND s >= :from"
	case end != nil:
		condition = " AND s < :to"
	}
	if len(span.From) > 0 {
		in.ExpressionAttributeValues[":from"] = binaryOf(span.From)
	}
	if end != nil {
		in.ExpressionAttributeValues[":to"] = binaryOf(end)
	}
	in.KeyConditionExpression = aws.String(fmt.Sprint("p = :p", condition))
	return in
}
