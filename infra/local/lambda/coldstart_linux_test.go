package lambda

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cairn/infra/local/partstest"
	"cairn/internal/kv/dynamo"
)

var initReport = regexp.MustCompile(`INIT REPORT\(durationMs: ([0-9.]+)\)`)

// BenchmarkColdStart starts each function that somebody waits for under the emulator, beside a handler that does no work: the same clients, with the SDK's settings loaded
// as its guide has it, and one item read as it starts. It prints how long the functions take to be ready, the middle of many starts
// taken in turn, and how large they are as AWS gets them, for arm64.
func BenchmarkColdStart(b *testing.B) {
	const starts = 15
	db := partstest.DynamoDB(b)
	names := dynamo.Names("cold-")
	if err := dynamo.CreateTables(b.Context(), dynamodb.NewFromConfig(db.Config()), names); err != nil {
		b.Fatal(err)
	}
	environment := map[string]string{"BUCKET": "cold", "AWS_ENDPOINT_URL_DYNAMODB": db.Endpoint, "AWS_REGION": db.Config().Region,
		"AWS_ACCESS_KEY_ID": "cold", "AWS_SECRET_ACCESS_KEY": "cold"}
	for table, name := range names {
		environment["TABLE_"+strings.ToUpper(string(table))] = name
	}
	for _, f := range []struct{ function, bare, event string }{
		{"functions/api", "infra/local/lambda/bareapi", "api-get-about"}, {"functions/index", "infra/local/lambda/bareindex", "index-tick"},
		{"functions/aggregate", "infra/local/lambda/bareindex", "index-tick"}, {"functions/console", "infra/local/lambda/bareapi", "console-get-signin"},
	} {
		b.Run(f.function, func(b *testing.B) {
			own, bare := build(b, f.function), build(b, f.bare)
			for b.Loop() {
				var took [2][]float64
				for range starts {
					took[0] = append(took[0], coldStart(b, own, environment, f.event))
					took[1] = append(took[1], coldStart(b, bare, environment, f.event))
				}
				ready, least := middle(took[0]), middle(took[1])
				b.ReportMetric(ready, "ms")
				b.ReportMetric(least, "bare-ms")
				b.ReportMetric(ready/least, "ms/bare-ms")
			}
			size, least := megabytes(b, buildFor(b, "arm64", f.function)), megabytes(b, buildFor(b, "arm64", f.bare))
			b.ReportMetric(size, "MB")
			b.ReportMetric(least, "bare-MB")
			b.ReportMetric(size/least, "MB/bare-MB")
		})
	}
}

// coldStart is how many milliseconds a function takes from its start until it asks for its first event.
func coldStart(b *testing.B, bootstrap string, environment map[string]string, event string) float64 {
	b.Helper()
	e := emulate(b, bootstrap, "cold", environment)
	var answer any
	e.invoke(b, readEvent(b, event), &answer)
	time.Sleep(20 * time.Millisecond) // the report comes after the answer
	e.stop()
	found := initReport.FindStringSubmatch(e.said.String())
	if found == nil {
		b.Fatalf("the emulator tells no time:\n%s", e.said.String())
	}
	ms, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return ms
}

func middle(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

func megabytes(b *testing.B, file string) float64 {
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / (1 << 20)
}
