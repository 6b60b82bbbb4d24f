package lambda

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cairn/internal/config"
)

func TestEveryFolderIsAFunction(t *testing.T) {
	folders, err := os.ReadDir(filepath.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	functions := readTemplate(t, nil).functions()
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
	"api":       func(getenv func(string) string) error { _, err := config.ReadAPI(getenv); return err },
	"console":   func(getenv func(string) string) error { _, err := config.ReadConsole(getenv); return err },
	"index":     func(getenv func(string) string) error { _, err := config.ReadIndex(getenv); return err },
	"aggregate": func(getenv func(string) string) error { _, err := config.ReadIndex(getenv); return err },
	"keys":      func(getenv func(string) string) error { _, err := config.ReadKeys(getenv); return err },
	"export":    func(getenv func(string) string) error { _, err := config.ReadExport(getenv); return err },
	"upkeep":    func(getenv func(string) string) error { _, err := config.ReadUpkeep(getenv); return err },
}

func TestEnvironmentIsWhatConfigReads(t *testing.T) {
	tm := readTemplate(t, nil)
	for function := range tm.functions() {
		set := tm.environment(function)
		read := map[string]bool{}
		getenv := func(name string) string {
			if _, ok := set[name]; !ok && !read[name] {
				t.Errorf("%s: config reads %s, which template.yaml does not set", function, name)
			}
			read[name] = true
			return set[name]
		}
		_, err := config.ReadTelemetry(getenv) // which every function does
		if err = errors.Join(err, reads[function](getenv)); err != nil {
			t.Errorf("%s: with the template's defaults: %v", function, err)
		}
		for name := range set {
			if !read[name] {
				t.Errorf("%s: template.yaml sets %s, which config does not read", function, name)
			}
		}
	}
}

func TestEachFunctionHasALogOfItsOwn(t *testing.T) {
	tm := readTemplate(t, map[string]string{"LogDays": "7"})
	whose := map[string]string{}
	for function, properties := range tm.functions() {
		name, _ := at(properties, "LoggingConfig", "LogGroup", "Ref").(string)
		if whose[name] != "" || at(properties, "LoggingConfig", "LogFormat") != "JSON" {
			t.Errorf("%s logs to %q, as %q does; as JSON: %v", function, name, whose[name], at(properties, "LoggingConfig", "LogFormat"))
		}
		whose[name] = function
	}
	for name, r := range tm.of(t, "AWS::Logs::LogGroup") {
		if at(r.Properties, "RetentionInDays") != "7" {
			t.Errorf("%s keeps logs for %v days", name, at(r.Properties, "RetentionInDays"))
		}
		delete(whose, name)
	}
	for name, function := range whose {
		t.Errorf("%s logs to %q, which is no log group of the stack", function, name)
	}
}

// TestNothingIsTriedForEver: a batch that fails goes to a queue before the stream forgets it, and a tick that fails is over.
func TestNothingIsTriedForEver(t *testing.T) {
	tm := readTemplate(t, nil)
	for function, properties := range tm.functions() {
		events, _ := at(properties, "Events").(map[string]any)
		for name, event := range events {
			p := at(event, "Properties")
			switch kind := at(event, "Type"); kind {
			case "HttpApi":
			case "DynamoDB":
				tries, _ := at(p, "MaximumRetryAttempts").(int)
				age, _ := at(p, "MaximumRecordAgeInSeconds").(int)
				if tries < 1 || age < 1 || age >= 86400 || at(p, "BisectBatchOnFunctionError") != true ||
					at(p, "DestinationConfig", "OnFailure", "Destination", "GetAtt") != "LostRings.Arn" {
					t.Errorf("%s, %s: %v", function, name, p)
				}
			case "SQS":
				queue := tm.Resources[strings.TrimSuffix(at(p, "Queue", "GetAtt").(string), ".Arn")]
				if at(queue.Properties, "RedrivePolicy", "maxReceiveCount") == nil || at(p, "FunctionResponseTypes", 0) != "ReportBatchItemFailures" {
					t.Errorf("%s, %s: %v", function, name, p)
				}
			case "Schedule":
				if at(p, "RetryPolicy", "MaximumRetryAttempts") != 0 || at(properties, "EventInvokeConfig", "MaximumRetryAttempts") != 0 ||
					at(p, "RetryPolicy", "MaximumEventAgeInSeconds") == nil || at(properties, "EventInvokeConfig", "MaximumEventAgeInSeconds") == nil {
					t.Errorf("%s, %s: a tick that fails is tried again: %v", function, name, p)
				}
			default:
				t.Errorf("%s, %s: an event of the type %v, whose retries nobody checks", function, name, kind)
			}
		}
	}
}

// TestSamLocalSetsWhatFunctionsRead: sam local passes over variables that a function does not have.
func TestSamLocalSetsWhatFunctionsRead(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "infra/local/sam-local.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Parameters map[string]string }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	delete(file.Parameters, "AWS_ENDPOINT_URL_DYNAMODB") // make sam-local adds it
	tm, known := readTemplate(t, nil), map[string]string{}
	for function := range tm.functions() {
		maps.Copy(known, tm.environment(function))
	}
	for name := range file.Parameters {
		if _, ok := known[name]; !ok {
			t.Errorf("infra/local/sam-local.json sets %s, which no function has", name)
		}
	}
	for name := range known {
		if _, ok := file.Parameters[name]; !ok && (strings.HasPrefix(name, "TABLE_") || name == "HOME_PAGE") {
			t.Errorf("infra/local/sam-local.json does not set %s", name)
		}
	}
}
