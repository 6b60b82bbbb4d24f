// Package lambda holds template.yaml and the functions' binaries to each other: what the template declares is what the code
// needs, and each function, built and run as Lambda runs it, answers the events of events/ with what the template gives it.
package lambda

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cairn/internal/config"
	"cairn/internal/kv"
)

const root = "../../.."

// template is what these tests ask of template.yaml. An intrinsic function, such as !Ref, is read as a map of its one name.
type template struct {
	Parameters map[string]parameter `yaml:"Parameters"`
	Resources  map[string]resource  `yaml:"Resources"`
}

type parameter struct {
	Default string `yaml:"Default"`
}

type resource struct {
	Type       string         `yaml:"Type"`
	Properties map[string]any `yaml:"Properties"`
}

func readTemplate(t *testing.T) (out template) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	spellOut(&document)
	if err := document.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// spellOut turns !Ref X into {Ref: X}, wherever it stands.
func spellOut(n *yaml.Node) {
	for _, child := range n.Content {
		spellOut(child)
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		inner, name := *n, strings.TrimPrefix(n.Tag, "!")
		inner.Tag = map[yaml.Kind]string{yaml.ScalarNode: "!!str", yaml.SequenceNode: "!!seq", yaml.MappingNode: "!!map"}[n.Kind]
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, &inner}}
	}
}

// at follows a path of map keys and list indices; nil when it leads nowhere.
func at(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

// functions are the template's functions, by the folder below functions/ that each is built from: ApiFunction is api.
func (tm template) functions() map[string]map[string]any {
	out := map[string]map[string]any{}
	for name, r := range tm.Resources {
		if r.Type == "AWS::Serverless::Function" {
			out[strings.ToLower(strings.TrimSuffix(name, "Function"))] = r.Properties
		}
	}
	return out
}

// environment is a function's variables. What refers to a parameter has its default; tables and the bucket are called by their
// names in the template, in lower case.
func (tm template) environment(function string) map[string]string {
	out := map[string]string{}
	variables, _ := at(tm.functions()[function], "Environment", "Variables").(map[string]any)
	for name, value := range variables {
		ref, _ := at(value, "Ref").(string)
		if p, ok := tm.Parameters[ref]; ok {
			out[name] = p.Default
		} else {
			out[name] = strings.ToLower(ref)
		}
	}
	return out
}

func TestEveryFolderIsAFunction(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	functions := readTemplate(t).functions()
	for _, folder := range folders {
		if functions[folder.Name()] == nil {
			t.Errorf("functions/%s is no function of template.yaml", folder.Name())
		}
		delete(functions, folder.Name())
	}
	for name := range functions {
		t.Errorf("template.yaml has a function %s, but there is no folder functions/%s", name, name)
	}
}

// reads are the variables that each function's settings are read from.
var reads = map[string]func(getenv func(string) string) error{
	"api":   func(getenv func(string) string) error { _, err := config.ReadAPI(getenv); return err },
	"index": func(getenv func(string) string) error { _, err := config.ReadIndex(getenv); return err },
}

func TestEnvironmentIsWhatConfigReads(t *testing.T) {
	tm := readTemplate(t)
	for function := range tm.functions() {
		set := tm.environment(function)
		read := map[string]bool{}
		err := reads[function](func(name string) string {
			if _, ok := set[name]; !ok && !read[name] {
				t.Errorf("%s: config reads %s, which template.yaml does not set", function, name)
			}
			read[name] = true
			return set[name]
		})
		if err != nil {
			t.Errorf("%s: with the template's defaults: %v", function, err)
		}
		for name := range set {
			if !read[name] {
				t.Errorf("%s: template.yaml sets %s, which config does not read", function, name)
			}
		}
	}
}

func TestTablesAreAsTheCodeMakesThem(t *testing.T) {
	tm := readTemplate(t)
	record := []kv.Table{kv.Log, kv.IDs, kv.Documents, kv.Control}
	for _, table := range kv.Tables {
		for function, properties := range tm.functions() {
			name, _ := at(properties, "Environment", "Variables", "TABLE_"+strings.ToUpper(string(table)), "Ref").(string)
			r := tm.Resources[name]
			if r.Type != "AWS::DynamoDB::Table" || strings.ToLower(name) != string(table)+"table" {
				t.Fatalf("%s: the table %s is %q, a %q", function, table, name, r.Type)
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
			protected := at(r.Properties, "DeletionProtectionEnabled") == true &&
				at(r.Properties, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") == true
			if protected != slices.Contains(record, table) {
				t.Errorf("%s: protected is %v", name, protected)
			}
		}
	}
}
