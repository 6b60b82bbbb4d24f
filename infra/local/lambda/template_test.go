// Package lambda holds template.yaml and the functions' binaries to each other: what the template declares is what the code
// needs, and each function, built and run as Lambda runs it, answers the events of events/ with what the template gives it.
package lambda

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const root = "../../.."

// template is template.yaml as it is deployed with some parameters: what hangs on a condition is there or is not, and a parameter is
// its value. Any other intrinsic function, such as !Ref, is read as a map of its one name.
type template struct {
	Metadata   map[string]any       `yaml:"Metadata"`
	Parameters map[string]parameter `yaml:"Parameters"`
	Conditions map[string]any       `yaml:"Conditions"`
	Resources  map[string]resource  `yaml:"Resources"`
	Outputs    map[string]any       `yaml:"Outputs"`
}

type parameter struct {
	Type        string `yaml:"Type"`
	Default     string `yaml:"Default"`
	Description string `yaml:"Description"`
}

type resource struct {
	Type                string         `yaml:"Type"`
	Condition           string         `yaml:"Condition"`
	DeletionPolicy      string         `yaml:"DeletionPolicy"`
	UpdateReplacePolicy string         `yaml:"UpdateReplacePolicy"`
	Properties          map[string]any `yaml:"Properties"`
}

// readTemplate reads template.yaml with these parameters, and the others' defaults.
func readTemplate(t *testing.T, parameters map[string]string) template {
	t.Helper()
	return readFile(t, "template.yaml", parameters)
}

// readAnalysts reads the part of it that analysts ask.
func readAnalysts(t *testing.T, parameters map[string]string) template {
	t.Helper()
	all := map[string]string{"Stack": "cairn", "Database": "cairn", "ExportBucket": exportBucket, "QueryLimitBytes": "10000000", "QueryResultDays": "30"}
	maps.Copy(all, parameters)
	return readFile(t, "infra/analysts.yaml", all)
}

func readFile(t *testing.T, file string, parameters map[string]string) (out template) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
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
	for name, value := range parameters {
		p, ok := out.Parameters[name]
		if !ok {
			t.Fatalf("%s has no parameter %s", file, name)
		}
		p.Default = value
		out.Parameters[name] = p
	}
	for name, r := range out.Resources {
		if r.Condition != "" && !out.holds(map[string]any{"Condition": r.Condition}) {
			delete(out.Resources, name)
			continue
		}
		r.Properties, _ = out.settle(r.Properties).(map[string]any)
		out.Resources[name] = r
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

// settle leaves of every !If what its condition chooses, and puts parameters in place.
func (tm template) settle(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if choice, ok := v["If"].([]any); ok {
			if tm.holds(map[string]any{"Condition": choice[0]}) {
				return tm.settle(choice[1])
			}
			return tm.settle(choice[2])
		}
		if name, ok := v["Ref"].(string); ok {
			if p, ok := tm.Parameters[name]; ok {
				return p.Default
			}
			if name == "AWS::NoValue" {
				return nil
			}
		}
		if text, ok := v["Sub"].(string); ok {
			return map[string]any{"Sub": substitute.ReplaceAllStringFunc(text, func(found string) string {
				if p, ok := tm.Parameters[strings.Trim(found, "${}")]; ok {
					return p.Default
				}
				return found
			})}
		}
		out := map[string]any{}
		for name, of := range v {
			if settled := tm.settle(of); settled != nil {
				out[name] = settled
			}
		}
		return out
	case []any:
		var out []any
		for _, of := range v {
			if settled := tm.settle(of); settled != nil {
				out = append(out, settled)
			}
		}
		return out
	}
	return value
}

// holds evaluates a condition.
func (tm template) holds(condition any) bool {
	switch {
	case at(condition, "Condition") != nil:
		name, _ := at(condition, "Condition").(string)
		return tm.holds(tm.Conditions[name])
	case at(condition, "Not") != nil:
		return !tm.holds(at(condition, "Not", 0))
	case at(condition, "And") != nil:
		all, _ := at(condition, "And").([]any)
		for _, one := range all {
			if !tm.holds(one) {
				return false
			}
		}
		return true
	case at(condition, "Equals") != nil:
		return tm.settle(at(condition, "Equals", 0)) == tm.settle(at(condition, "Equals", 1))
	}
	panic("a condition that these tests cannot read")
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

// environment is a function's variables. Tables and the bucket are called by their names in the template, in lower case.
func (tm template) environment(function string) map[string]string {
	out := map[string]string{}
	variables, _ := at(tm.functions()[function], "Environment", "Variables").(map[string]any)
	for name, value := range variables {
		out[name] = nameOf(value)
	}
	return out
}

var substitute = regexp.MustCompile(`\$\{(?:AWS::)?([A-Za-z]+)(?:\.Arn)?\}`)

// substituted puts in place what !Sub names: a resource's name in lower case.
func substituted(text string) string {
	return substitute.ReplaceAllStringFunc(text, func(found string) string {
		return strings.ToLower(substitute.FindStringSubmatch(found)[1])
	})
}

// nameOf is what these tests call what a value refers to: a resource's name in lower case, a table's name, or the value itself.
func nameOf(value any) string {
	if text, ok := at(value, "Sub").(string); ok {
		text = substituted(text)
		if _, table, ok := strings.Cut(text, ":table/"); ok {
			return table
		}
		return text
	}
	for _, function := range []string{"Ref", "GetAtt"} {
		if text, ok := at(value, function).(string); ok {
			return strings.ToLower(strings.TrimSuffix(text, ".Arn"))
		}
	}
	text, _ := value.(string)
	return text
}
