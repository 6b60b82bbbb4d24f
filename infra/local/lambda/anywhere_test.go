package lambda

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestItFitsAnyPartition: GovCloud, China and the European Sovereign Cloud have ARNs and hosts of their own. Services' names in
// policies are the same everywhere.
func TestItFitsAnyPartition(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	principal := regexp.MustCompile(`Principal: \{ Service: [a-z]+\.amazonaws\.com \}`)
	region := regexp.MustCompile(`\b(us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)-[a-z]+(-[a-z]+)?-\d\b`)
	for i, line := range strings.Split(string(text), "\n") {
		line = principal.ReplaceAllString(line, "")
		if strings.Contains(line, "arn:aws") || strings.Contains(line, "amazonaws.") || region.MatchString(line) {
			t.Errorf("template.yaml:%d: it names a partition or region: %s", i+1, line)
		}
	}
}

// TestNothingHasAFixedName: several stacks fit into one account, and a table that must be replaced can be.
func TestNothingHasAFixedName(t *testing.T) {
	names := []string{"TableName", "BucketName", "QueueName", "TopicName", "FunctionName", "RoleName", "LogGroupName", "AlarmName",
		"DashboardName", "Name"}
	for name, r := range readTemplate(t, nil).Resources {
		for _, fixed := range names {
			if r.Properties[fixed] != nil {
				t.Errorf("%s is called %v, wherever it is", name, r.Properties[fixed])
			}
		}
	}
}

// TestEveryParameterIsExplained: in a group, under a label, with a description.
func TestEveryParameterIsExplained(t *testing.T) {
	tm := readTemplate(t, nil)
	console := tm.Metadata["AWS::CloudFormation::Interface"]
	var grouped []string
	groups, _ := at(console, "ParameterGroups").([]any)
	for _, group := range groups {
		names, _ := at(group, "Parameters").([]any)
		for _, name := range names {
			grouped = append(grouped, name.(string))
		}
	}
	for name, p := range tm.Parameters {
		if p.Description == "" || at(console, "ParameterLabels", name, "default") == nil || !slices.Contains(grouped, name) {
			t.Errorf("%s has no description, no label or no group", name)
		}
	}
	if len(grouped) != len(tm.Parameters) {
		t.Errorf("%d parameters in groups, of %d", len(grouped), len(tm.Parameters))
	}
}

// texts are all strings in a value.
func texts(value any) (out []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, of := range v {
			out = append(out, texts(of)...)
		}
	case map[string]any:
		for _, of := range v {
			out = append(out, texts(of)...)
		}
	}
	return out
}
