package compose

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"cairn/internal/config"
	"cairn/internal/telemetry"
)

// Function runs what build returns as the Lambda function of a name, for as long as the process lives. A function that cannot be built says
// why, and the process ends.
func Function(name string, build func(context.Context) (any, error)) {
	t, wrong := config.ReadTelemetry(os.Getenv)
	telemetry.Start(os.Stderr, name, t.Namespace, t.Level)
	handler, err := build(context.Background())
	if err = errors.Join(wrong, err); err != nil {
		slog.Error("cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}
