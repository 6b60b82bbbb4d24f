package dynamo_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/aws/smithy-go/logging"

	"cairn/internal/kv/dynamo"
	"cairn/internal/telemetry"
)

// What the SDK warns of is a line of JSON as every other, and what it says besides is for who debugs.
func TestTheSDKSpeaksJSON(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	var out bytes.Buffer
	telemetry.Start(&out, "test", "", slog.LevelInfo)
	sdk := dynamo.Environment().Logger
	sdk.Logf(logging.Debug, "a request")
	sdk.Logf(logging.Warn, "%d bytes are left", 7)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["level"] != "WARN" || line["what"] != "7 bytes are left" {
		t.Errorf("%q: %v", out.String(), err)
	}
}
