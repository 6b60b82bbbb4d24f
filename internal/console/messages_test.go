package console_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// messages are the texts of a language by their keys, all forms of one joined.
func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	file, err := os.ReadFile("locale/messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(file, &raw); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for key, text := range raw {
		switch text := text.(type) {
		case string:
			out[key] = text
		case map[string]any:
			out[key] = text["other"].(string)
			if one := text["one"].(string); placesOf(one) != placesOf(text["other"].(string)) {
				t.Errorf("%s: the forms of %s are filled in with different things", lang, key)
			}
		}
	}
	return out
}

var place = regexp.MustCompile(`%[^ %]*?\[\d\][sd]|%%`)

// placesOf is what is filled into a text.
func placesOf(text string) string {
	found := place.FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " ")
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	en, fr := messages(t, "en"), messages(t, "fr")
	if a, b := slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(fr)); !slices.Equal(a, b) {
		t.Errorf("the keys differ: %q in English, %q in French", a, b)
	}
	for key := range en {
		if placesOf(en[key]) != placesOf(fr[key]) {
			t.Errorf("%s is filled in with %q in English and %q in French", key, placesOf(en[key]), placesOf(fr[key]))
		}
		if strings.TrimSpace(fr[key]) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s is empty", key)
		}
	}
}

func TestEveryMessageIsSaid(t *testing.T) {
	known := messages(t, "en")
	quoted := map[string]bool{}
	asked := map[string]bool{}
	string_ := regexp.MustCompile(`"([a-zA-Z.]+)"`)
	call := regexp.MustCompile(`(?:\bText\(|\bt )"([^"]+)"`)
	for _, pattern := range []string{"*.go", "locale/*.go", "pages/*.tmpl"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, m := range string_.FindAllStringSubmatch(string(source), -1) {
				quoted[m[1]] = true
			}
			for _, m := range call.FindAllStringSubmatch(string(source), -1) {
				asked[m[1]] = true
			}
		}
	}
	for key := range asked {
		if known[key] == "" {
			t.Errorf("%s is asked for, and there is no such message", key)
		}
	}
	for key := range known {
		if !quoted[key] {
			t.Errorf("the message %s is never said", key)
		}
	}
	if len(asked) < 100 {
		t.Errorf("only %d messages were found in use", len(asked))
	}
}
