package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
)

// errUnclear: a try whose answer was lost may have been this write, and what stands there now does not tell.
var errUnclear = fmt.Errorf("kv/dynamo: %w: a write was tried again, and whether it took effect is not known", kv.ErrUnavailable)

// Put implements kv.Writer.
func (s *Store) Put(ctx context.Context, item kv.Item, cond kv.Condition) error {
	if err := item.Check(); err != nil {
		return err
	}
	var lost bool
	expression, values := conditionOf(cond)
	out, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           s.name(item.Table),
		Item:                                itemAttributes(item),
		ConditionExpression:                 expression,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              capacity(ctx),
	}, s.watch(&lost))
	if err != nil {
		return refusal(ctx, "put", item, lost, err)
	}
	s.noteWrite(ctx, out.ConsumedCapacity)
	return nil
}

// Delete implements kv.Writer.
func (s *Store) Delete(ctx context.Context, key kv.Key, cond kv.Condition) error {
	if err := key.Check(); err != nil {
		return err
	}
	var lost bool
	expression, values := conditionOf(cond)
	out, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                           s.name(key.Table),
		Key:                                 keyAttributes(key),
		ConditionExpression:                 expression,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              capacity(ctx),
	}, s.watch(&lost))
	if err != nil {
		return refusal(ctx, "delete", kv.Item{Key: key}, lost, err)
	}
	s.noteWrite(ctx, out.ConsumedCapacity)
	return nil
}

func conditionOf(c kv.Condition) (expression *string, values attributes) {
	switch {
	case c.Unconditional():
		return nil, nil
	case c.Version() == 0:
		return aws.String("attribute_not_exists(p)"), nil
	default:
		return aws.String("n = :n"), attributes{":n": versionOf(c.Version())}
	}
}

// refusal is what the error of a write means: a write of ours that stands there took effect at an earlier try.
func refusal(ctx context.Context, request string, own kv.Item, lost bool, err error) error {
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) {
		return Fault(ctx, request, err)
	}
	conflict, err := conflictOf(own.Table, failed.Item)
	switch {
	case err != nil:
		return err
	case conflict.Current != nil && conflict.Current.Version == own.Version:
		return nil
	case lost:
		return errUnclear
	default:
		return conflict
	}
}

func conflictOf(t kv.Table, a attributes) (*kv.Conflict, error) {
	if len(a) == 0 {
		return &kv.Conflict{}, nil
	}
	item, err := itemOf(t, a)
	return &kv.Conflict{Current: &item}, err
}
