package s3

import (
	"bytes"
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/internal/blob"
)

var _ blob.Versions = (*Store)(nil)

// Read implements blob.Versions: a version is the object's ETag.
func (s *Store) Read(ctx context.Context, key string) (body []byte, version string, err error) {
	return s.read(ctx, key)
}

// Replace implements blob.Versions.
func (s *Store) Replace(ctx context.Context, key string, body []byte, version string) error {
	if err := blob.CheckKey(key); err != nil {
		return err
	}
	in := &s3.PutObjectInput{Bucket: s.bucket, Key: &key, Body: bytes.NewReader(body)}
	if version == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &version
	}
	_, err := s.client.PutObject(ctx, in)
	switch status := statusOf(err); {
	case err == nil:
		return nil
	case status == http.StatusPreconditionFailed, status == http.StatusConflict, missing(err): // 409: while another was being put
		return blob.ErrChanged
	}
	return fault(ctx, "replace", err)
}
