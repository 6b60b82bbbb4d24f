package s3

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"cairn/internal/blob"
)

// Bounds of trying again. A context with a deadline mostly ends sooner; eight tries take some four seconds.
const (
	maxTries     = 8
	firstBackoff = 50 * time.Millisecond
	maxBackoff   = time.Second
)

// newRetryer is the SDK's standard one, without its budget of retries (the callers' contexts are the budget), and with the one
// refusal that means "again": a conditional put that raced another (409).
func newRetryer() *retry.Standard {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxTries
		o.RateLimiter = ratelimit.None
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			return aws.BoolTernary(statusOf(err) == http.StatusConflict)
		}))
		o.Backoff = retry.BackoffDelayerFunc(func(try int, _ error) (time.Duration, error) {
			most := min(maxBackoff, firstBackoff<<min(try, 5))
			return most/2 + rand.N(most/2), nil
		})
	})
}

// fault is the error of a request that failed for good. What failed for now, or because the context ended, is unavailable.
func fault(ctx context.Context, request string, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("blob/s3: %s: %w: %w: %w", request, blob.ErrUnavailable, ctx.Err(), err)
	case !errors.Is(err, blob.ErrUnavailable) && retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool():
		return fmt.Errorf("blob/s3: %s: %w: %w", request, blob.ErrUnavailable, err)
	default:
		return fmt.Errorf("blob/s3: %s: %w", request, err)
	}
}
