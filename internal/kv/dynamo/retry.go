package dynamo

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Bounds of trying again. A context with a deadline mostly ends sooner; ten tries take some four seconds.
const (
	maxTries     = 10
	firstBackoff = 25 * time.Millisecond
	maxBackoff   = time.Second
)

// NewRetryer is the SDK's standard one, with pauses that suit a store whose requests take milliseconds, and without its budget
// of retries: the callers' contexts are the budget.
func NewRetryer() *retry.Standard {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxTries
		o.RateLimiter = ratelimit.None
		o.Backoff = retry.BackoffDelayerFunc(func(try int, _ error) (time.Duration, error) { return backoff(try), nil })
	})
}

// backoff is how long to wait before the try after this one, the first being 0: somewhere up to twice as long each time.
func backoff(try int) time.Duration {
	most := maxBackoff
	if try < 6 {
		most = min(most, firstBackoff<<try)
	}
	return most/2 + rand.N(most/2)
}

// pause waits before a try, except the first. It returns the context's error when that ends.
func pause(ctx context.Context, try int) error {
	if try == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(backoff(try - 1)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func mayWorkLater(err error) bool {
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool()
}

func throttled(err error) bool {
	return retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err).Bool()
}

// watcher notes whether a try of one request may have taken effect although it failed: one that was not throttled. After such
// a try, a refused condition no longer says that the request took no effect.
type watcher struct {
	*retry.Standard
	lost *bool
}

func (w watcher) IsErrorRetryable(err error) bool {
	retryable := w.Standard.IsErrorRetryable(err)
	if retryable && !throttled(err) {
		*w.lost = true
	}
	return retryable
}

var _ aws.RetryerV2 = watcher{}

func (s *Store) watch(lost *bool) func(*dynamodb.Options) {
	return func(o *dynamodb.Options) { o.Retryer = watcher{s.retryer, lost} }
}
