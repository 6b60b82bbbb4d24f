// Package apigw lets an http.Handler answer the events of an API Gateway HTTP API (payload format 2.0), as it would answer a
// net/http server: the same method, URL, headers and bytes in, the same status, headers and bytes out. It knows no xAPI.
//
// What it leaves to the gateway: Date, Content-Length and the headers of the connection. A stage's name in front of the path is
// taken off.
package apigw

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cairn/internal/telemetry"
)

// answerTime is what is kept of an invocation's time to answer in: what hangs until the end could not even say so.
const answerTime = 500 * time.Millisecond

// Handler returns the function that Lambda calls. An error means that the event is none of an HTTP API. A body that cannot be
// decoded is answered with 400, and an answer that Lambda would not carry (MaxAnswer) with 500: h does not see the first, and
// the client nothing of the second.
func Handler(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if end, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, end.Add(-answerTime))
			defer cancel()
		}
		ctx = telemetry.WithID(ctx, event.RequestContext.RequestID)
		body, err := bodyOf(event)
		if err != nil {
			return refuse(http.StatusBadRequest, "the body is not valid base64"), nil
		}
		r, err := requestOf(ctx, event, body)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		w := &answer{header: http.Header{}, head: r.Method == http.MethodHead}
		h.ServeHTTP(w, r)
		return w.response(ctx), nil
	}
}
