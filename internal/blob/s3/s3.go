// Package s3 keeps blobs as the objects of an S3 bucket.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/internal/blob"
)

// Store is the blobs in a bucket. It is safe for concurrent use.
type Store struct {
	client *s3.Client
	bucket *string
}

// New returns a store over a bucket. It takes the client's settings but for how it retries and sums. Who may not list the bucket
// is told that an absent object is forbidden: the policy needs s3:ListBucket.
func New(client *s3.Client, bucket string) *Store {
	client = s3.New(client.Options(), func(o *s3.Options) {
		o.Retryer, o.RetryMaxAttempts = newRetryer(), 0
		// Whatever the environment says, what is stored is what was sent.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
	})
	return &Store{client: client, bucket: &bucket}
}

// PutIfAbsent implements blob.Store.
func (s *Store) PutIfAbsent(ctx context.Context, key string, body []byte) error {
	if err := blob.CheckKey(key); err != nil {
		return err
	}
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: s.bucket, Key: &key, Body: bytes.NewReader(body), IfNoneMatch: aws.String("*"),
	})
	if err != nil && statusOf(err) != http.StatusPreconditionFailed {
		return fault(ctx, "put", err)
	}
	return nil
}

// Get implements blob.Store.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	body, _, err := s.read(ctx, key)
	return body, err
}

// read returns an object with its ETag.
func (s *Store) read(ctx context.Context, key string) (body []byte, etag string, err error) {
	if err := blob.CheckKey(key); err != nil {
		return nil, "", err
	}
	for try := 0; ; try++ {
		body, etag, err = s.get(ctx, key)
		switch {
		case err == nil:
			return body, etag, nil
		case missing(err):
			return nil, "", blob.ErrAbsent
		case !errors.Is(err, errBroken) || try == maxTries || ctx.Err() != nil:
			return nil, "", fault(ctx, "get", err)
		}
	}
}

// missing says whether an error is that there is no such object; a bucket that is not there is another.
func missing(err error) bool {
	var coded interface{ ErrorCode() string } // a put's is of no type of its own
	return errors.As(err, &coded) && coded.ErrorCode() == "NoSuchKey"
}

// errBroken: an object's body broke off after its headers had come, where the SDK no longer tries again.
var errBroken = errors.New("body broke off")

func (s *Store) get(ctx context.Context, key string) (body []byte, etag string, err error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: s.bucket, Key: &key})
	if err != nil {
		return nil, "", err
	}
	defer out.Body.Close()
	body, err = io.ReadAll(out.Body)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w: %w", errBroken, blob.ErrUnavailable, err)
	}
	return body, aws.ToString(out.ETag), nil
}

// List implements blob.Store.
func (s *Store) List(ctx context.Context, prefix, after string, limit int) (keys []string, err error) {
	in := &s3.ListObjectsV2Input{Bucket: s.bucket, Prefix: &prefix}
	if after != "" {
		in.StartAfter = &after
	}
	for len(keys) < limit {
		in.MaxKeys = aws.Int32(int32(min(limit-len(keys), 1000)))
		out, err := s.client.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, fault(ctx, "list", err)
		}
		for _, object := range out.Contents {
			keys = append(keys, *object.Key)
		}
		if in.ContinuationToken = out.NextContinuationToken; in.ContinuationToken == nil {
			break
		}
	}
	return keys, nil
}

// Delete implements blob.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := blob.CheckKey(key); err != nil {
		return err
	}
	if _, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: s.bucket, Key: &key}); err != nil {
		return fault(ctx, "delete", err)
	}
	return nil
}

func statusOf(err error) int {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}
