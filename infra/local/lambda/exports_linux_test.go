package lambda

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"cairn/internal/export"
	"cairn/internal/table"
)

// voidedID is one of the batch's statements.
var voidedID = tiedID(5)

// unmarkingForExports voids it, with company.
func unmarkingForExports() []object {
	return []object{
		voiding("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a13", voidedID),
		statement("6f0e5c5e-6b1c-4b86-9b0e-0d6e3a1f7a14", "http://example.com/tied", object{"id": "http://example.com/knot/2"}),
	}
}

// expectExports has the export function answer its events, and reads what it wrote as Athena does: the files that the manifests name.
func (s *stack) expectExports(t *testing.T, posted map[string]bool) {
	t.Helper()
	function := s.run(t, "export")
	newest := s.newest(t)
	var nothing any
	for until := time.Now().Add(20 * time.Second); !s.checkpoint(t, export.ProjectionName).Through.Time().After(newest); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("after 20 seconds of ticks the export is not past what was posted")
		}
		if function.invoke(t, readEvent(t, "export-tick"), &nothing); nothing != nil {
			t.Fatalf("a tick is answered with %v", nothing)
		}
	}
	for _, event := range []string{"export-tick", "export-snapshot", "export-span"} {
		posted[event] = true
		if function.invoke(t, readEvent(t, event), &nothing); nothing != nil {
			t.Errorf("%s is answered with %v", event, nothing)
		}
	}
	voided := map[string]bool{}
	for _, row := range s.exported(t) {
		if _, twice := voided[row.ID]; twice {
			t.Errorf("%s is exported twice", row.ID)
		}
		voided[row.ID] = row.Voided
	}
	for id, want := range map[string]bool{tiedID(4): false, voidedID: true, plainID: true, attachedID: true} {
		if got, ok := voided[id]; !ok || got != want {
			t.Errorf("%s is exported: %v, voided: %v, want %v", id, ok, got, want)
		}
	}
}

// exported are the rows of the table statements.
func (s *stack) exported(t *testing.T) (out []table.Statement) {
	t.Helper()
	client := objectsOf(s.objects)
	read := func(key string) []byte {
		object, err := client.GetObject(t.Context(), &s3sdk.GetObjectInput{Bucket: aws.String(exportBucket), Key: &key})
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		defer object.Body.Close()
		body, err := io.ReadAll(object.Body)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	list, err := client.ListObjectsV2(t.Context(), &s3sdk.ListObjectsV2Input{Bucket: aws.String(exportBucket), Prefix: aws.String("manifests/statements/")})
	if err != nil {
		t.Fatal(err)
	}
	for _, manifest := range list.Contents {
		for line := range strings.Lines(string(read(*manifest.Key))) {
			key, ok := strings.CutPrefix(strings.TrimSpace(line), "s3://"+exportBucket+"/")
			if !ok {
				t.Fatalf("%s names %q", *manifest.Key, line)
			}
			rows, err := table.Read[table.Statement](read(key))
			if err != nil {
				t.Fatal(err)
			}
			for {
				row, err := rows.Next()
				if err != nil {
					t.Fatal(err)
				}
				if row == nil {
					break
				}
				if !json.Valid([]byte(row.JSON)) || strings.Contains(row.JSON, "ada@") {
					t.Errorf("%s is exported as %s", row.ID, row.JSON)
				}
				out = append(out, *row)
			}
		}
	}
	return out
}
