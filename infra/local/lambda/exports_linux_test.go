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
	s.expectStatements(t)
	again := jsonOf(t, export.Event{From: time.Now().Add(-time.Hour), To: time.Now()}) // all that was posted
	if function.invoke(t, again, &nothing); nothing != nil {
		t.Errorf("a span is answered with %v", nothing)
	}
	s.expectStatements(t)

	keys := map[string]bool{}
	for _, row := range exported[table.Identity](s, t, table.Identities) {
		keys[row.Key] = keys[row.Key] || row.Identity == "mbox:mailto:ada@example.com"
	}
	var knows bool
	for _, row := range exported[table.Progressed](s, t, table.Progress) {
		told, known := keys[row.Learner]
		if knows = knows || told; !known {
			t.Errorf("nobody knows who %s is, who has begun %s", row.Learner, row.Course)
		}
	}
	if !knows {
		t.Error("the snapshot has nothing of the learner of whom the events tell")
	}
}

// expectStatements expects each statement once, and those that were voided to be known as such.
func (s *stack) expectStatements(t *testing.T) {
	t.Helper()
	voided := map[string]bool{}
	for _, row := range exported[table.Statement](s, t, table.Statements) {
		if _, twice := voided[row.ID]; twice {
			t.Errorf("%s is exported twice", row.ID)
		}
		if voided[row.ID] = row.Voided; !json.Valid([]byte(row.JSON)) || strings.Contains(row.JSON, "ada@") {
			t.Errorf("%s is exported as %s", row.ID, row.JSON)
		}
	}
	for id, want := range map[string]bool{tiedID(4): false, voidedID: true, plainID: true, attachedID: true} {
		if got, ok := voided[id]; !ok || got != want {
			t.Errorf("%s is exported: %v, voided: %v, want %v", id, ok, got, want)
		}
	}
}

// exported are the rows of a table.
func exported[R any](s *stack, t *testing.T, of table.Table) (out []R) {
	t.Helper()
	client := objectsOf(s.objects)
	prefix := "manifests/" + of.Name + "/"
	list, err := client.ListObjectsV2(t.Context(), &s3sdk.ListObjectsV2Input{Bucket: aws.String(exportBucket), Prefix: &prefix})
	if err != nil {
		t.Fatal(err)
	}
	for _, manifest := range list.Contents {
		for line := range strings.Lines(string(s.object(t, *manifest.Key))) {
			key, ok := strings.CutPrefix(strings.TrimSpace(line), "s3://"+exportBucket+"/")
			if !ok {
				t.Fatalf("%s names %q", *manifest.Key, line)
			}
			rows, err := table.Read[R](s.object(t, key))
			if err != nil {
				t.Fatal(err)
			}
			for row, err := rows.Next(); row != nil || err != nil; row, err = rows.Next() {
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, *row)
			}
		}
	}
	return out
}

// object is one of the export's.
func (s *stack) object(t *testing.T, key string) []byte {
	t.Helper()
	object, err := objectsOf(s.objects).GetObject(t.Context(), &s3sdk.GetObjectInput{Bucket: aws.String(exportBucket), Key: &key})
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
