package lambda

import (
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	blobs3 "cairn/internal/blob/s3"
	"cairn/internal/compose"
	"cairn/internal/config"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/verify"
)

// TestRestoreDrill goes the way that infra/README.md describes, but for AWS's own part in it: the log as it was at an instant, the
// claims as they were later, the index built anew. As a drill a second stack gets them, in earnest the first.
func TestRestoreDrill(t *testing.T) {
	s := newStack(t, nil)
	s.makeKey(t)
	s.expect(t, "a statement", readEvent(t, "api-post-statement"), 200, plainID)
	s.expect(t, "a batch, which voids it", requestEvent(t, "POST", "/xapi/statements", jsonOf(t, batch())), 200, voidingID)
	s.expect(t, "a document", readEvent(t, "api-put-state"), 204, "")
	s.untilIndexed(t)
	restored := s.copies(t, kv.Log, kv.Documents, kv.Control)
	after := requestEvent(t, "POST", "/xapi/statements", jsonOf(t, statement(laterID, "http://example.com/after", object{"id": "http://example.com/knot/1"})))
	s.expect(t, "after the instant", after, 200, laterID)
	maps.Copy(restored, s.copies(t, kv.IDs))
	s.untilIndexed(t)

	drill := &stack{objects: startS3(t)}
	db := startDynamoDB(t)
	drill.db, drill.dynamoDB = dynamodb.NewFromConfig(db.Config()), db.Endpoint
	drill.takeUp(t, restored, record...)
	drill.expectRestored(t, after)

	s.api.stop()
	s.index.stop()
	s.aggregate.stop()
	s.takeUp(t, restored, kv.Log, kv.IDs)
	s.expectRestored(t, after)
}

type items []map[string]types.AttributeValue

// copies are all items of tables, as they are now.
func (s *stack) copies(t *testing.T, tables ...kv.Table) map[kv.Table]items {
	t.Helper()
	out := map[kv.Table]items{}
	for _, table := range tables {
		name := s.names[table]
		for pages := dynamodb.NewScanPaginator(s.db, &dynamodb.ScanInput{TableName: &name}); pages.HasMorePages(); {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			out[table] = append(out[table], page.Items...)
		}
		if len(out[table]) == 0 {
			t.Fatalf("%s is empty", name)
		}
	}
	return out
}

// takeUp points the stack at tables that hold the copies, has the index built anew, and starts the functions.
func (s *stack) takeUp(t *testing.T, restored map[kv.Table]items, tables ...kv.Table) {
	t.Helper()
	s.deploy(t, restoredNames(tables...))
	for _, table := range tables {
		name := s.names[table]
		for _, item := range restored[table] {
			if _, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name, Item: item}); err != nil {
				t.Fatal(err)
			}
		}
	}
	l, err := compose.Open(t.Context(), s.store)
	if err != nil {
		t.Fatal(err)
	}
	if err := compose.Index(s.store, l, config.Index{}).Runners[0].Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.api, s.index, s.aggregate = s.run(t, "api"), s.run(t, "index"), s.run(t, "aggregate")
}

// expectRestored looks for everything that was there at the instant, and for nothing that came after until it is sent again.
func (s *stack) expectRestored(t *testing.T, after []byte) {
	t.Helper()
	s.index.invoke(t, readEvent(t, "index-tick"), new(any))
	byVerb := func(verb string) []byte {
		return requestEvent(t, "GET", "/xapi/statements?format=ids&verb=http://example.com/"+verb, nil)
	}
	if list := s.expect(t, "by a verb", byVerb("tied"), 200, ""); strings.Count(list.Body, "http://example.com/tied") != 36 {
		t.Errorf("by a verb: %d statements, want 36", strings.Count(list.Body, "http://example.com/tied"))
	}
	s.expect(t, "what was voided", requestEvent(t, "GET", "/xapi/statements?statementId="+plainID, nil), 404, "")
	s.expect(t, "the document", readEvent(t, "api-get-state"), 200, every())
	s.expect(t, "what came after", requestEvent(t, "GET", "/xapi/statements?statementId="+laterID, nil), 404, "")
	if list := s.expect(t, "what came after, by its verb", byVerb("after"), 200, ""); strings.Contains(list.Body, laterID) {
		t.Error("the index still has what came after")
	}
	s.expect(t, "sent again", after, 200, laterID)
	s.untilIndexed(t)
	if list := s.expect(t, "sent again, by its verb", byVerb("after"), 200, ""); strings.Count(list.Body, laterID) != 1+23 {
		t.Errorf("sent again, it and those that refer to it are %d, want 24", strings.Count(list.Body, laterID))
	}
	l, err := compose.Open(t.Context(), s.store)
	if err != nil {
		t.Fatal(err)
	}
	x := index.New(s.store, l)
	v := &verify.Verifier{Store: s.store, Ledger: l, Index: x, LRS: lrs.New(l, x, blobs3.New(objectsOf(s.objects), bucket)),
		Found: func(f verify.Finding) { t.Errorf("verify: %v", f) }}
	looked := 0
	if _, err := v.Run(t.Context(), 0, math.MaxInt64, func(_ ledger.Instant, statements int) { looked += statements }); err != nil || looked != 62 {
		t.Errorf("verify looked at %d statements, want 62: %v", looked, err)
	}
}
