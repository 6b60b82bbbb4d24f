package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cairn/internal/kv"
	"cairn/internal/xapi"
)

// environment is one with all that is required, and some more.
func environment(more ...string) func(string) string {
	set := map[string]string{"BUCKET": "the-bucket"}
	for _, t := range kv.Tables {
		set["TABLE_"+strings.ToUpper(string(t))] = "the-" + string(t)
	}
	for i := 0; i < len(more); i += 2 {
		set[more[i]] = more[i+1]
	}
	return func(name string) string { return set[name] }
}

func TestReadAPI(t *testing.T) {
	c, err := ReadAPI(environment("FALLBACK_VERSION", "2.0.0", "CORS_ORIGINS", "https://a.example, https://b.example,"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Tables[kv.Log] != "the-log" || c.Tables[kv.Control] != "the-control" || len(c.Tables) != len(kv.Tables) || c.Bucket != "the-bucket" {
		t.Errorf("storage: %+v", c.Storage)
	}
	if c.Fallback != xapi.V2 || !slices.Equal(c.Origins, []string{"https://a.example", "https://b.example"}) {
		t.Errorf("fallback %v, origins %q", c.Fallback, c.Origins)
	}
	if c, err := ReadAPI(environment()); err != nil || c.Fallback != xapi.V1 || len(c.Origins) != 0 {
		t.Errorf("with what is required alone: %+v, %v", c, err)
	}
}

func TestReadIndex(t *testing.T) {
	for seconds, want := range map[string]time.Duration{"": 10 * time.Second, "0": 0, "90": 90 * time.Second} {
		if c, err := ReadIndex(environment("FLUSH_SECONDS", seconds)); err != nil || c.FlushAfter != want || c.Tables[kv.Index] != "the-index" {
			t.Errorf("FLUSH_SECONDS %q: %+v, %v", seconds, c, err)
		}
	}
}

func TestReadExport(t *testing.T) {
	if c, err := ReadExport(environment("EXPORT_BUCKET", "the-exports", "RAW", "none")); err != nil || c.Raw != "none" || c.Bucket != "the-exports" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := ReadExport(environment()); err == nil || !strings.Contains(err.Error(), "EXPORT_BUCKET") {
		t.Errorf("EXPORT_BUCKET is not set, but the error is: %v", err)
	}
}

// Whoever deploys should see all that is wrong at once.
func TestEverythingThatIsWrongIsSaid(t *testing.T) {
	_, err := ReadAPI(environment("TABLE_LOG", "", "BUCKET", "", "FALLBACK_VERSION", "0.95"))
	for _, name := range []string{"TABLE_LOG", "BUCKET", "FALLBACK_VERSION"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("api: %s is wrong, but the error is: %v", name, err)
		}
	}
	for _, seconds := range []string{"-1", "1.5", "soon", "70000"} {
		_, err := ReadIndex(environment("TABLE_IDS", "", "FLUSH_SECONDS", seconds))
		for _, name := range []string{"TABLE_IDS", "FLUSH_SECONDS"} {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("index: %s is wrong, but the error is: %v", name, err)
			}
		}
	}
}
