package dynamo

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/aws/smithy-go/logging"
)

// logger has the SDK say what it has to say in the process's own log, which is JSON, and not in lines of its own.
var logger logging.LoggerFunc = func(kind logging.Classification, format string, v ...any) {
	level := slog.LevelDebug
	if kind == logging.Warn {
		level = slog.LevelWarn
	}
	slog.Log(context.Background(), level, "the SDK says", "what", fmt.Sprintf(format, v...))
}
