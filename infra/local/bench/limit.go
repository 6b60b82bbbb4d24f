package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"cairn/infra/local/parts"
	"cairn/internal/kv"
	"cairn/internal/kv/dynamo"
)

// printLimit prints what DynamoDB Local itself can do on this machine: no LRS on it stores faster. A statement by itself takes two
// puts, one of a batch an insert and its share of a put.
func printLimit(ctx context.Context, span time.Duration) error {
	part, err := parts.DynamoDB(ctx, "")
	if err != nil {
		return err
	}
	defer part.Stop()
	client, names := dynamodb.NewFromConfig(part.Config()), dynamo.Names("limit-")
	if err := dynamo.CreateTables(ctx, client, names); err != nil {
		return err
	}
	store := dynamo.New(client, names)
	for _, n := range []int{1, 25} {
		if _, err := insertFor(ctx, store, n, awsWarmUp); err != nil {
			return err
		}
		rate, err := insertFor(ctx, store, n, span)
		if err != nil {
			return err
		}
		fmt.Printf("aws       DynamoDB Local alone: %.0f items/s, %d a call, over 8 connections\n", rate, n)
	}
	return nil
}

// insertFor inserts items of a claim's size, n a call, for a time, and returns how many a second.
func insertFor(ctx context.Context, store kv.Store, n int, span time.Duration) (float64, error) {
	var inserted atomic.Int64
	end := time.Now().Add(span)
	inserting, ctx := errgroup.WithContext(ctx)
	for range 8 {
		inserting.Go(func() error {
			for time.Now().Before(end) {
				items := make([]kv.Item, n)
				for i := range items {
					id := make([]byte, 16)
					rand.Read(id)
					items[i] = kv.Item{Key: kv.Key{Table: kv.IDs, Partition: id, Sort: []byte{0}}, Value: make([]byte, 38), Version: kv.NewVersion()}
				}
				for _, err := range store.InsertMany(ctx, items) {
					if err != nil {
						return err
					}
				}
				inserted.Add(int64(n))
			}
			return nil
		})
	}
	err := inserting.Wait()
	return float64(inserted.Load()) / span.Seconds(), err
}
