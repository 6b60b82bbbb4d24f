package lambda

import (
	"fmt"
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
	principal := regexp.MustCompile(`Principal: \{ Service: [a-z]+\.amazonaws\.com \}`)
	region := regexp.MustCompile(`\b(us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)-[a-z]+(-[a-z]+)?-\d\b`)
	for _, file := range []string{"template.yaml", "infra/analysts.yaml"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			line = principal.ReplaceAllString(line, "")
			if strings.Contains(line, "arn:aws") || strings.Contains(line, "amazonaws.") || region.MatchString(line) {
				t.Errorf("%s:%d: it names a partition or region: %s", file, i+1, line)
			}
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

// TestAnalystsAreCalledAsTheStack: names that Athena and Glue want come of the stack's, and what is inside of them may have its own.
func TestAnalystsAreCalledAsTheStack(t *testing.T) {
	tm := readAnalysts(t, map[string]string{"Stack": "ours", "Database": "our_database", "AnalystPrincipal": "somebody", "IdentitiesPrincipal": "somebody"})
	for name, r := range tm.Resources {
		switch r.Type {
		case "AWS::Athena::WorkGroup":
			if called := fmt.Sprint(at(r.Properties, "Name")); !strings.Contains(called, "ours") {
				t.Errorf("%s is called %s", name, called)
			}
		case "AWS::Glue::Database":
			if at(r.Properties, "DatabaseInput", "Name") != "our_database" {
				t.Errorf("%s is called %v", name, at(r.Properties, "DatabaseInput", "Name"))
			}
		case "AWS::Athena::NamedQuery", "AWS::Glue::Table": // inside of a workgroup, of a database
		default:
			for _, fixed := range []string{"BucketName", "RoleName", "ManagedPolicyName"} {
				if r.Properties[fixed] != nil {
					t.Errorf("%s is called %v, wherever it is", name, r.Properties[fixed])
				}
			}
		}
	}
}

// TestAnalystsAreGivenWhatTheyTake: the stack sets each parameter of its part, and no other.
func TestAnalystsAreGivenWhatTheyTake(t *testing.T) {
	given, _ := at(readTemplate(t, nil).Resources["Analysts"].Properties, "Parameters").(map[string]any)
	for name := range readAnalysts(t, nil).Parameters {
		if _, ok := given[name]; !ok {
			t.Errorf("template.yaml does not set %s", name)
		}
		delete(given, name)
	}
	for name := range given {
		t.Errorf("template.yaml sets %s, which infra/analysts.yaml does not take", name)
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
