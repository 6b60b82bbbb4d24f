package lambda

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"cairn/internal/table"
)

// policy is what the statements of a managed policy allow.
type policy []any

func (tm template) policy(t *testing.T, name string) policy {
	t.Helper()
	statements, _ := at(tm.Resources[name].Properties, "PolicyDocument", "Statement").([]any)
	if len(statements) == 0 {
		t.Fatalf("%s allows nothing", name)
	}
	return statements
}

// allows says whether an action is allowed on a resource: its ARN, or its end after the account. A bucket's list is asked for a prefix.
func (p policy) allows(action, resource, prefix string) bool {
	return slices.ContainsFunc(p, func(statement any) bool {
		return slices.ContainsFunc(listOf(at(statement, "Action")), func(a string) bool { return matches(a, action) }) &&
			slices.ContainsFunc(listOf(at(statement, "Resource")), func(r string) bool { return matches(r, "arn:"+resource) || r == "*" }) &&
			(at(statement, "Condition", "StringLike", "s3:prefix") == nil ||
				slices.ContainsFunc(listOf(at(statement, "Condition", "StringLike", "s3:prefix")), func(like string) bool { return matches(like, prefix) }))
	})
}

// listOf are the texts of a list, or of what is one text. ARNs are as "arn:glue:table/cairn/statements".
func listOf(value any) (out []string) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, item := range list {
		text := nameOf(item)
		if arn, ok := at(item, "Sub").(string); ok {
			text = substituted(arn)
		}
		if parts := strings.SplitN(text, ":", 6); parts[0] == "arn" {
			text = "arn:" + parts[2] + ":" + parts[5]
		} else if bucket, key, _ := strings.Cut(text, "/"); bucket == "results" {
			text = strings.TrimSuffix("arn:s3:results/"+key, "/")
		}
		out = append(out, text)
	}
	return out
}

// matches is IAM's: * is anything, slashes too.
func matches(pattern, text string) bool {
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(text, "/", "\x00"))
	return ok && err == nil
}

// asks are what Athena asks for in the name of whoever asks for a table.
func asks(name string) [][3]string {
	bucket := "s3:" + exportBucket
	return [][3]string{
		{"glue:GetTable", "glue:table/cairn/" + name, ""},
		{"glue:GetPartitions", "glue:table/cairn/" + name, ""},
		{"s3:ListBucket", bucket, "manifests/" + name + "/"},
		{"s3:ListBucket", bucket, "manifests/" + name + "/dt=2026-01-05/"},
		{"s3:GetObject", bucket + "/manifests/" + name + "/dt=2026-01-05/manifest", ""},
		{"s3:ListBucket", bucket, name + "/dt=2026-01-05/"},
		{"s3:GetObject", bucket + "/" + name + "/dt=2026-01-05/1.parquet", ""},
	}
}

// TestWhoReadsWhichTable: analysts read all but who is who, and neither they nor those who may know it reach anything else.
func TestWhoReadsWhichTable(t *testing.T) {
	tm := readAnalysts(t, nil)
	analyst, both := tm.policy(t, "AnalystPolicy"), tm.policy(t, "IdentitiesPolicy")
	for _, of := range table.All {
		for _, ask := range asks(of.Name) {
			if got, want := analyst.allows(ask[0], ask[1], ask[2]), of.Name != table.Identities.Name; got != want {
				t.Errorf("analysts are allowed %v: %v", ask, got)
			}
			if !both.allows(ask[0], ask[1], ask[2]) {
				t.Errorf("those who may know who is who are not allowed %v", ask)
			}
		}
	}
	for _, view := range tm.of(t, "AWS::Glue::Table") {
		if at(view.Properties, "TableInput", "TableType") != "VIRTUAL_VIEW" {
			continue
		}
		name := fmt.Sprint(at(view.Properties, "TableInput", "Name"))
		if !both.allows("glue:GetTable", "glue:table/cairn/"+name, "") {
			t.Errorf("nobody may ask the view %s", name)
		}
	}
	for _, ask := range [][3]string{
		{"s3:GetObject", "s3:" + exportBucket + "/staged/statements/1.parquet", ""}, {"s3:GetObject", "s3:" + exportBucket + "/jobs/statements", ""},
		{"s3:ListBucket", "s3:" + exportBucket, ""}, {"s3:ListBucket", "s3:" + exportBucket, "staged/"},
		{"s3:PutObject", "s3:" + exportBucket + "/statements/1.parquet", ""}, {"s3:DeleteObject", "s3:" + exportBucket + "/statements/1.parquet", ""},
		{"s3:GetObject", "s3:another/statements/1.parquet", ""}, {"glue:GetTable", "glue:table/another/statements", ""}, {"glue:UpdateTable", "glue:table/cairn/statements", ""},
		{"athena:StartQueryExecution", "athena:workgroup/primary", ""}, {"athena:UpdateWorkGroup", "athena:workgroup/analystworkgroup", ""},
	} {
		if analyst.allows(ask[0], ask[1], ask[2]) || both.allows(ask[0], ask[1], ask[2]) {
			t.Errorf("%v is allowed", ask)
		}
	}
}

// TestAnswersAreApart: who may not know who is who cannot read the answers of those who may, and they cannot leave them where he can.
func TestAnswersAreApart(t *testing.T) {
	tm := readAnalysts(t, nil)
	for of, his := range map[string]struct{ policy, folder, others string }{
		"Analyst": {"AnalystPolicy", "analysts", "Identities"}, "Identities": {"IdentitiesPolicy", "identities", "Analyst"},
	} {
		p := tm.policy(t, his.policy)
		for _, workgroup := range []string{of, his.others} {
			group := "athena:workgroup/" + strings.ToLower(workgroup) + "workgroup"
			location := fmt.Sprint(at(tm.Resources[workgroup+"Workgroup"].Properties, "WorkGroupConfiguration", "ResultConfiguration", "OutputLocation", "Sub"))
			folder := strings.TrimSuffix(strings.TrimPrefix(location, "s3://${Results}/"), "/")
			for _, ask := range [][3]string{
				{"athena:StartQueryExecution", group, ""}, {"athena:GetQueryResults", group, ""}, {"athena:GetQueryExecution", group, ""},
				{"s3:GetObject", "s3:results/" + folder + "/1.csv", ""}, {"s3:PutObject", "s3:results/" + folder + "/1.csv", ""}, {"s3:ListBucket", "s3:results", folder + "/"},
			} {
				if got, want := p.allows(ask[0], ask[1], ask[2]), workgroup == of; got != want {
					t.Errorf("%s allows %v: %v", his.policy, ask, got)
				}
			}
		}
	}
	for name, r := range tm.of(t, "AWS::Athena::NamedQuery") {
		words := strings.FieldsFunc(fmt.Sprint(r.Properties["QueryString"]), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) })
		asksNames := slices.Contains(words, table.Identities.Name)
		if group := nameOf(r.Properties["WorkGroup"]); (group == "identitiesworkgroup") != asksNames {
			t.Errorf("%s is in %s", name, group)
		}
	}
}

// TestAWorkgroupsSettingsHold: for whoever asks in it, with a limit, encrypted, and watched.
func TestAWorkgroupsSettingsHold(t *testing.T) {
	for _, key := range []string{"", ownKey} {
		tm := readAnalysts(t, map[string]string{"KeyArn": key, "QueryLimitBytes": "12345678", "QueryResultDays": "7"})
		for name, r := range tm.of(t, "AWS::Athena::WorkGroup") {
			c := at(r.Properties, "WorkGroupConfiguration")
			if at(c, "EnforceWorkGroupConfiguration") != true || at(c, "PublishCloudWatchMetricsEnabled") != true || at(c, "BytesScannedCutoffPerQuery") != "12345678" {
				t.Errorf("%s: %v", name, c)
			}
			want := map[string]any{"EncryptionOption": "SSE_S3"}
			if key != "" {
				want = map[string]any{"EncryptionOption": "SSE_KMS", "KmsKey": key}
			}
			if got := at(c, "ResultConfiguration", "EncryptionConfiguration"); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s with the key %q: %v", name, key, got)
			}
		}
		for _, name := range []string{"AnalystPolicy", "IdentitiesPolicy"} {
			if allowed := tm.policy(t, name).allows("kms:Decrypt", strings.TrimPrefix(listOf(ownKey)[0], "arn:"), ""); allowed != (key != "") {
				t.Errorf("%s with the key %q: it may decrypt: %v", name, key, allowed)
			}
		}
		tm.expectEncryptedBuckets(t, key)
		bucket := tm.of(t, "AWS::S3::Bucket")["Results"]
		expectPrivate(t, "Results", bucket)
		if at(bucket.Properties, "LifecycleConfiguration", "Rules", 0, "ExpirationInDays") != "7" {
			t.Errorf("answers are kept: %v", bucket.Properties["LifecycleConfiguration"])
		}
	}
}

// TestARoleIsForWhomItIsMeant: without a principal there is none.
func TestARoleIsForWhomItIsMeant(t *testing.T) {
	const somebody = "arn:aws:iam::123456789012:role/somebody"
	for _, of := range []string{"Analyst", "Identities"} {
		tm := readAnalysts(t, map[string]string{of + "Principal": somebody})
		roles := tm.of(t, "AWS::IAM::Role")
		role, ok := roles[of+"Role"]
		if !ok || len(roles) != 1 || at(role.Properties, "AssumeRolePolicyDocument", "Statement", 0, "Principal", "AWS") != somebody ||
			at(role.Properties, "ManagedPolicyArns", 0, "Ref") != of+"Policy" || at(role.Properties, "ManagedPolicyArns", 1) != nil {
			t.Errorf("for %s there are the roles %v", of, roles)
		}
	}
	for name, r := range readAnalysts(t, nil).Resources {
		if r.Type == "AWS::IAM::Role" {
			t.Errorf("%s is for nobody", name)
		}
	}
}

// TestAPolicyFits: IAM takes 6,144 characters, spaces apart. Names that CloudFormation puts in are counted as long ones.
func TestAPolicyFits(t *testing.T) {
	tm := readAnalysts(t, map[string]string{"KeyArn": ownKey, "Database": strings.Repeat("d", 30), "ExportBucket": strings.Repeat("b", 63)})
	for _, name := range []string{"AnalystPolicy", "IdentitiesPolicy"} {
		size := 0
		for _, text := range texts(at(tm.Resources[name].Properties, "PolicyDocument")) {
			for long, by := range map[string]int{"${AWS::Partition}": 6, "${AWS::Region}": 14, "${AWS::AccountId}": 12, "${Results.Arn}": 76} {
				size += strings.Count(text, long) * (by - len(long))
			}
			size += len(text) + len(`"",`)
		}
		size += 100 * len(tm.policy(t, name)) // "Sid":, "Effect":, and so on
		if size > 6144 {
			t.Errorf("%s has some %d characters", name, size)
		}
	}
}
