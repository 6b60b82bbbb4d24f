package lambda

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEachAlarmReachesSomebodyWhoKnowsWhatToDo: it goes to the topic, shows on the dashboard, and has a heading in the handbook.
func TestEachAlarmReachesSomebodyWhoKnowsWhatToDo(t *testing.T) {
	tm := readTemplate(t, map[string]string{"AlarmEmail": "operator@example.com"})
	handbook, err := os.ReadFile(filepath.Join(root, "infra", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var explained []string
	for _, heading := range regexp.MustCompile(`(?m)^### ([A-Za-z]+Alarm)$`).FindAllStringSubmatch(string(handbook), -1) {
		explained = append(explained, heading[1])
	}
	dashboard := strings.Join(texts(tm.Resources["Dashboard"].Properties), "\n")
	alarms := tm.of(t, "AWS::CloudWatch::Alarm")
	for name, r := range alarms {
		if at(r.Properties, "AlarmActions", 0, "Ref") != "Alarms" || at(r.Properties, "AlarmDescription") == nil {
			t.Errorf("%s goes to nobody, or says nothing", name)
		}
		if !slices.Contains(explained, name) {
			t.Errorf("infra/README.md has no heading %s", name)
		}
		if !strings.Contains(dashboard, "${"+name+".Arn}") {
			t.Errorf("%s is not on the dashboard", name)
		}
	}
	for _, name := range explained {
		if _, ok := alarms[name]; !ok {
			t.Errorf("infra/README.md explains %s, which template.yaml does not have", name)
		}
	}
	subscribed := tm.of(t, "AWS::SNS::Subscription")
	if at(subscribed["AlarmsByMail"].Properties, "Endpoint") != "operator@example.com" {
		t.Errorf("the topic's subscriptions: %v", subscribed)
	}
}
