package compose

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"cairn/internal/telemetry"
)

// BenchmarkStore sends real statements to the embedded store, whose bell wakes the index, over HTTP within one process: all that the
// way of a statement costs, from its bytes to its index rows, the client's part included.
func BenchmarkStore(b *testing.B) {
	telemetry.Start(io.Discard, "", "", slog.LevelWarn) // as on one machine
	lines := videoStatements(b)
	for _, size := range []int{1, 50} {
		b.Run(fmt.Sprint("batch=", size), func(b *testing.B) {
			p := embedded(b, nil)
			var next atomic.Int64
			b.SetParallelism(4)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					from := int(next.Add(int64(size))) % (len(lines) - size)
					body := fmt.Appendf(nil, "[%s]", bytes.Join(lines[from:from+size], []byte{','}))
					if status, _, text := p.do(b, http.MethodPost, "/xapi/statements", renamed(body)); status != http.StatusOK {
						b.Errorf("status %d: %s", status, text)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

var ownID = regexp.MustCompile(`"id": "[0-9a-f-]{36}", "actor"`)

// renamed gives every statement of a body a new id.
func renamed(body []byte) []byte {
	return ownID.ReplaceAllFunc(body, func([]byte) []byte { return fmt.Appendf(nil, `"id": %q, "actor"`, uuid.NewString()) })
}
