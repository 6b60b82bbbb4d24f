package lambda

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kv"
)

const ownKey = "arn:aws:kms:eu-central-1:123456789012:key/0f0e0d0c"

// record are the tables that nothing can make again.
var record = []kv.Table{kv.Log, kv.IDs, kv.Documents, kv.Control}

// of returns the resources of a type by their names, which must be some.
func (tm template) of(t *testing.T, kind string) map[string]resource {
	t.Helper()
	out := maps.Clone(tm.Resources)
	maps.DeleteFunc(out, func(_ string, r resource) bool { return r.Type != kind })
	if len(out) == 0 {
		t.Fatalf("template.yaml has no %s", kind)
	}
	return out
}

func TestTablesAreAsTheCodeMakesThem(t *testing.T) {
	tables := readTemplate(t, nil).of(t, "AWS::DynamoDB::Table")
	if len(tables) != len(kv.Tables) {
		t.Errorf("%d tables, the code has %d", len(tables), len(kv.Tables))
	}
	for name, r := range tables {
		table := kv.Table(strings.ToLower(strings.TrimSuffix(name, "Table")))
		if !slices.Contains(kv.Tables, table) {
			t.Errorf("%s: the code has no such table", name)
		}
		for i, key := range []struct{ name, kind string }{{"p", "HASH"}, {"s", "RANGE"}} {
			if at(r.Properties, "KeySchema", i, "AttributeName") != key.name || at(r.Properties, "KeySchema", i, "KeyType") != key.kind ||
				at(r.Properties, "AttributeDefinitions", i, "AttributeType") != "B" {
				t.Errorf("%s: its keys are not p and s, binary", name)
			}
		}
		if view := at(r.Properties, "StreamSpecification", "StreamViewType"); (view == "KEYS_ONLY") != (table == kv.Log) {
			t.Errorf("%s: the stream is %v", name, view)
		}
		if at(r.Properties, "BillingMode") != "PAY_PER_REQUEST" {
			t.Errorf("%s: it costs when it is idle", name)
		}
	}
}

// TestTheRecordIsKept: what nothing can make again outlives the stack, is not deleted by a mistake, and can be had as it was.
func TestTheRecordIsKept(t *testing.T) {
	tm := readTemplate(t, nil)
	for name, r := range tm.of(t, "AWS::DynamoDB::Table") {
		kept := r.DeletionPolicy == "Retain" && r.UpdateReplacePolicy == "Retain" && at(r.Properties, "DeletionProtectionEnabled") == true &&
			at(r.Properties, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") == true
		if kept != slices.Contains(record, kv.Table(strings.ToLower(strings.TrimSuffix(name, "Table")))) {
			t.Errorf("%s: kept is %v", name, kept)
		}
	}
	for name, r := range tm.of(t, "AWS::S3::Bucket") {
		ofRecord := name == "Bucket" // exports are made from the log again, and would have a version for each time that a day is written
		if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" || (at(r.Properties, "VersioningConfiguration", "Status") == "Enabled") != ofRecord {
			t.Errorf("%s: it is not kept, or its versions are %v", name, at(r.Properties, "VersioningConfiguration"))
		}
		expectPrivate(t, name, r)
		rules, _ := at(r.Properties, "LifecycleConfiguration", "Rules").([]any)
		var forgets, aborts bool
		for _, rule := range rules {
			// Tables are restored to an instant of the last 35 days, and name objects as they were then.
			forgets = forgets || at(rule, "NoncurrentVersionExpiration", "NoncurrentDays") == 35
			aborts = aborts || at(rule, "AbortIncompleteMultipartUpload") != nil
			if at(rule, "ExpirationInDays") != nil || at(rule, "ExpirationDate") != nil {
				t.Errorf("%s: a rule forgets objects that are wanted", name)
			}
		}
		if forgets != ofRecord || !aborts {
			t.Errorf("%s: old versions are kept for 35 days: %v; uploads that broke off go: %v", name, forgets, aborts)
		}
	}
}

func expectPrivate(t *testing.T, name string, bucket resource) {
	t.Helper()
	for _, public := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if at(bucket.Properties, "PublicAccessBlockConfiguration", public) != true {
			t.Errorf("%s: %s is not set", name, public)
		}
	}
}

func TestEverythingIsEncrypted(t *testing.T) {
	for _, key := range []string{"", ownKey} {
		tm := readTemplate(t, map[string]string{"KeyArn": key})
		for name, r := range tm.of(t, "AWS::DynamoDB::Table") { // without a key of one's own AWS encrypts, unasked
			if got := at(r.Properties, "SSESpecification", "KMSMasterKeyId"); (got == ownKey) != (key != "") {
				t.Errorf("%s with the key %q: %v", name, key, got)
			}
		}
		tm.expectEncryptedBuckets(t, key)
		for name, r := range tm.of(t, "AWS::SQS::Queue") {
			if at(r.Properties, "KmsMasterKeyId") != ownKey && key != "" || at(r.Properties, "SqsManagedSseEnabled") != true && key == "" {
				t.Errorf("%s with the key %q: %v", name, key, r.Properties)
			}
		}
		for function := range tm.functions() {
			if allowed := tm.role(t, function)["kms:Decrypt "+ownKey]; allowed != (key != "") {
				t.Errorf("%s with the key %q: it may decrypt: %v", function, key, allowed)
			}
		}
	}
}

func (tm template) expectEncryptedBuckets(t *testing.T, key string) {
	t.Helper()
	for name, r := range tm.of(t, "AWS::S3::Bucket") {
		rule := at(r.Properties, "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault")
		want := map[string]any{"SSEAlgorithm": "AES256"}
		if key != "" {
			want = map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
		}
		if fmt.Sprint(rule) != fmt.Sprint(want) {
			t.Errorf("%s with the key %q: %v", name, key, rule)
		}
	}
}

// TestNothingIsReachedWithoutTLS: each bucket, queue and topic has a policy that says so.
func TestNothingIsReachedWithoutTLS(t *testing.T) {
	tm := readTemplate(t, nil)
	for kind, policy := range map[string]struct{ kind, of string }{
		"AWS::S3::Bucket": {"AWS::S3::BucketPolicy", "Bucket"}, "AWS::SQS::Queue": {"AWS::SQS::QueuePolicy", "Queues"},
		"AWS::SNS::Topic": {"AWS::SNS::TopicPolicy", "Topics"},
	} {
		tm.expectTLS(t, kind, policy.kind, policy.of)
	}
	readAnalysts(t, nil).expectTLS(t, "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket")
}

// expectTLS expects a policy for each resource of a kind, which the policy's property of names.
func (tm template) expectTLS(t *testing.T, kind, policy, of string) {
	t.Helper()
	closed := map[string]bool{}
	for _, r := range tm.of(t, policy) {
		names, ok := at(r.Properties, of).([]any)
		if !ok {
			names = []any{at(r.Properties, of)}
		}
		statements, _ := at(r.Properties, "PolicyDocument", "Statement").([]any)
		for _, s := range statements {
			if at(s, "Effect") == "Deny" && at(s, "Principal") == "*" && at(s, "Condition", "Bool", "aws:SecureTransport") == "false" {
				for _, name := range names {
					closed[nameOf(name)] = true
				}
			}
		}
	}
	for name := range tm.of(t, kind) {
		if !closed[strings.ToLower(name)] {
			t.Errorf("%s takes what comes without TLS", name)
		}
	}
}
