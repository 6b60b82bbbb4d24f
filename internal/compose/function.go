package compose

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// Function runs what build returns as a Lambda function, for as long as the process lives. A function that cannot be built says why, and
// the process ends.
func Function(build func(context.Context) (any, error)) {
	LogJSON()
	handler, err := build(context.Background())
	if err != nil {
		slog.Error("cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}
