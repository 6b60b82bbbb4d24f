package xapi_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"cairn/internal/xapi"
)

// checkKeyed goes through a statement and its keyed form side by side: what stands in place of each value is said here once more, by its path.
func checkKeyed(t *testing.T, s *xapi.Statement, v xapi.Version) {
	t.Helper()
	text := s.AppendKeyed([]byte("x"), keyOf)[1:]
	if _, _, err := xapi.Decode(text, v); err != nil && !strings.Contains(err.Error(), "64 deep") {
		t.Fatalf("it is no statement: %v\n%s\n%s", err, s.Raw(), text)
	}
	before, after := plain(t, s.Raw()), plain(t, text)
	k := keyedCheck{numbers: map[string]bool{}}
	k.collect("", before)
	if problem := k.compare("", before, after); problem != "" {
		t.Fatalf("%s\nfrom %s\nto   %s", problem, s.Raw(), text)
	}
}

func plain(t *testing.T, text []byte) (value any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return value
}

type keyedCheck struct {
	traces  []string
	numbers map[string]bool // names of accounts
}

const agentsOf = `/(actor|authority|context/(instructor|team|contextAgents/\*/agent|contextGroups/\*/group))(/member/\*)?`

var (
	agentPath  = regexp.MustCompile(`^(/object)?` + agentsOf + `$`)
	targetPath = regexp.MustCompile(`^(/object){1,2}(/member/\*)?$`)
	keptPath   = regexp.MustCompile(`^/id$|^(/object)?/(timestamp|stored|version|objectType|context/(registration|language|statement/.*)|context/context(Agents|Groups)/\*/objectType|result/duration|attachments/\*/sha2)$` +
		`|^(/object){1,2}/(objectType|definition/interactionType)$|/contextActivities/\w+(/\*)?/(objectType|definition/interactionType)$`)
	extensionPath = regexp.MustCompile(`/extensions(/|$)`)
	listPath      = regexp.MustCompile(`/definition/(choices|scale|source|target|steps)$`)
	mediaPath     = regexp.MustCompile(`/attachments/\*/contentType$`)
	referencePath = regexp.MustCompile(`^(/object){1,2}/id$`)
	percents      = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

func within(path, key string) string { return path + "/" + key }

// isAgent says whether an Agent or Group stands at the path.
func isAgent(path string, value any) bool {
	o, _ := value.(map[string]any)
	if targetPath.MatchString(path) && !strings.HasSuffix(path, "/member/*") {
		return o["objectType"] == "Agent" || o["objectType"] == "Group"
	}
	return agentPath.MatchString(path)
}

// vouches is who of an authority stays.
func vouches(path string, value any) any {
	o, _ := value.(map[string]any)
	if path != "/authority" {
		return nil
	}
	if o["objectType"] != "Group" {
		if o["account"] != nil {
			return o
		}
		return nil
	}
	members, _ := o["member"].([]any)
	for _, m := range members {
		if m.(map[string]any)["account"] != nil {
			return m
		}
	}
	return nil
}

func same(a, b any) bool {
	return a != nil && b != nil && reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

func (k *keyedCheck) collect(path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		if isAgent(path, v) {
			k.agent(v, vouches(path, v))
			return
		}
		for key, m := range v {
			if !extensionPath.MatchString(path) {
				k.collect(within(path, key), m)
			}
		}
	case []any:
		for _, m := range v {
			k.collect(within(path, "*"), m)
		}
	}
}

func (k *keyedCheck) agent(o map[string]any, stays any) {
	if same(o, stays) {
		return
	}
	account, _ := o["account"].(map[string]any)
	for _, trace := range []any{o["mbox"], o["mbox_sha1sum"], o["openid"], account["name"]} {
		text, _ := trace.(string)
		text = strings.TrimPrefix(text, "mailto:")
		if trace == account["name"] && utf8.RuneCountInString(text) < 5 || text == "" {
			continue
		}
		if trace == account["name"] {
			k.numbers[text] = true
		}
		k.traces = append(k.traces, strings.ToLower(text), strings.ToLower(unpercent(text)))
	}
	members, _ := o["member"].([]any)
	for _, m := range members {
		k.agent(m.(map[string]any), stays)
	}
}

func unpercent(s string) string {
	return percents.ReplaceAllStringFunc(s, func(code string) string {
		n, _ := strconv.ParseUint(code[1:], 16, 8)
		return string([]byte{byte(n)})
	})
}

func (k *keyedCheck) holds(text string) bool {
	for _, trace := range k.traces {
		if strings.Contains(strings.ToLower(text), trace) || strings.Contains(strings.ToLower(unpercent(text)), trace) {
			return true
		}
	}
	return false
}

// compare says what is wrong with what has become of a value, "" when nothing is.
func (k *keyedCheck) compare(path string, before, after any) string {
	switch b := before.(type) {
	case map[string]any:
		if isAgent(path, b) {
			return k.compareAgent(path, b, after, vouches(path, b))
		}
		return k.compareObject(path, b, after)
	case []any:
		return k.compareList(path, b, after)
	case string:
		return k.compareText(path, b, after)
	case json.Number:
		if extensionPath.MatchString(path) && k.numbers[b.String()] {
			before = "(removed)"
		}
	}
	if !reflect.DeepEqual(before, after) {
		return path + " has become something else"
	}
	return ""
}

func (k *keyedCheck) compareText(path, before string, after any) string {
	allowed := []any{before}
	switch {
	case keptPath.MatchString(path) || !k.holds(before):
	case referencePath.MatchString(path) && xapi.ParseIRI(before) != nil: // a StatementRef's, not an Activity's
	case mediaPath.MatchString(path):
		allowed = []any{"application/octet-stream"}
	case xapi.ParseIRI(before) == nil:
		allowed = []any{"urn:cairn:removed"}
	default:
		allowed = []any{"(removed)"}
	}
	if after != allowed[0] {
		return path + ": " + before + " has become something else"
	}
	return ""
}

func (k *keyedCheck) compareObject(path string, before map[string]any, after any) string {
	now, ok := after.(map[string]any)
	if !ok {
		return path + " is no object any more"
	}
	left := map[string]any{}
	for key, value := range before {
		if extensionPath.MatchString(path) && k.holds(key) {
			continue
		}
		left[key] = value
		if problem := k.compare(within(path, key), value, now[key]); problem != "" {
			return problem
		}
	}
	if !reflect.DeepEqual(keysOf(left), keysOf(now)) {
		return path + " has other keys"
	}
	return ""
}

func (k *keyedCheck) compareList(path string, before []any, after any) string {
	now, ok := after.([]any)
	if !ok {
		return path + " is no array any more"
	}
	for _, value := range before {
		if o, is := value.(map[string]any); is && listPath.MatchString(path) && !extensionPath.MatchString(path) && k.holds(o["id"].(string)) {
			continue
		}
		if len(now) == 0 {
			return path + " is too short"
		}
		if problem := k.compare(within(path, "*"), value, now[0]); problem != "" {
			return problem
		}
		now = now[1:]
	}
	if len(now) > 0 {
		return path + " is too long"
	}
	return ""
}

func (k *keyedCheck) compareAgent(path string, before map[string]any, after any, stays any) string {
	if same(before, stays) {
		// Its own words are looked through like any others.
		if account, _ := after.(map[string]any)["account"].(map[string]any); account == nil || account["name"] == nil {
			return path + " has no account any more"
		}
		return ""
	}
	want := map[string]any{}
	if kind := before["objectType"]; kind != nil {
		want["objectType"] = kind
	}
	for _, identifier := range []string{"mbox", "mbox_sha1sum", "openid", "account"} {
		if before[identifier] != nil {
			raw, _ := json.Marshal(before)
			agent, err := xapi.ParseAgent(raw, xapi.V2)
			if err != nil {
				return err.Error()
			}
			want["account"] = map[string]any{"homePage": "urn:cairn:actor", "name": keyOf(agent.Identity())}
		}
	}
	now, _ := after.(map[string]any)
	members, has := before["member"].([]any)
	if has {
		got, _ := now["member"].([]any)
		if len(got) != len(members) {
			return path + " has other members"
		}
		for i, m := range members {
			if problem := k.compareAgent(within(path, "member"), m.(map[string]any), got[i], stays); problem != "" {
				return problem
			}
		}
		want["member"] = now["member"]
	}
	if !reflect.DeepEqual(want, now) {
		return path + " is not his key"
	}
	return ""
}
