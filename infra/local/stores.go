package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"cairn/infra/local/parts"
	"cairn/internal/blob"
	"cairn/internal/blob/files"
	blobs3 "cairn/internal/blob/s3"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/kv/dynamo"
	"cairn/internal/kv/dynamo/bell"
	"cairn/internal/ledger"
)

// stores is what a server stands on.
type stores struct {
	store  kv.Store
	bell   kv.Bell
	blobs  blob.Store
	ledger *ledger.Ledger
	ends   []func()
}

func (s *stores) close() {
	for i := len(s.ends) - 1; i >= 0; i-- {
		s.ends[i]()
	}
}

func openStores(ctx context.Context, o options) (*stores, error) {
	s := &stores{}
	if o.memory {
		dir, err := os.MkdirTemp("", "cairn-")
		if err != nil {
			return nil, err
		}
		o.data = dir
		s.ends = append(s.ends, func() { os.RemoveAll(dir) })
	}
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	open := s.openEmbedded
	if o.aws {
		open = s.openAWS
	}
	if err := open(ctx, o); err != nil {
		s.close()
		return nil, err
	}
	var err error
	if s.ledger, err = ledger.Open(ctx, s.store, ledger.Options{Alone: !o.aws}); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// openEmbedded opens bbolt and files: this process alone writes to them.
func (s *stores) openEmbedded(_ context.Context, o options) error {
	store, err := bolt.Open(filepath.Join(o.data, "cairn.db"), bolt.Options{NoSync: o.memory})
	if errors.Is(err, bolt.ErrInUse) {
		return fmt.Errorf("the data in %s is in use by another Cairn", o.data)
	}
	if err != nil {
		return fmt.Errorf("the data in %s cannot be opened: %w", o.data, err)
	}
	s.ends = append(s.ends, func() { store.Close() })
	s.store, s.bell = store, store
	s.blobs, err = files.Open(filepath.Join(o.data, "blobs"), files.Options{NoSync: o.memory})
	return err
}

// localBucket is what the local S3 server calls the one bucket.
const localBucket = "cairn"

// openAWS starts DynamoDB Local and the S3 server, and makes tables and bucket.
func (s *stores) openAWS(ctx context.Context, o options) error {
	tables := filepath.Join(o.data, "dynamodb")
	if o.memory {
		tables = ""
	}
	db, err := parts.DynamoDB(ctx, tables)
	if err != nil {
		return err
	}
	s.ends = append(s.ends, db.Stop)
	client, names := dynamodb.NewFromConfig(db.Config()), dynamo.Names("cairn-")
	if err := dynamo.CreateTables(ctx, client, names); err != nil {
		return err
	}
	s.store = dynamo.New(client, names)
	s.bell = bell.New(dynamodbstreams.NewFromConfig(db.Config()), names)

	objects := filepath.Join(o.data, "s3")
	if err := os.MkdirAll(objects, 0o700); err != nil {
		return err
	}
	server, err := parts.S3(ctx, objects)
	if err != nil {
		return err
	}
	s.ends = append(s.ends, server.Stop)
	bucket := s3.NewFromConfig(server.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	_, err = bucket.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(localBucket)})
	var owned *s3types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &owned) {
		return fmt.Errorf("making the bucket: %w", err)
	}
	s.blobs = blobs3.New(bucket, localBucket)
	return nil
}
