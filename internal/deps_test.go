// Package internal_test holds the direction of Cairn's imports: arrows point down only.
package internal_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Modules of others, by what they are for.
const (
	json     = "github.com/go-json-experiment/json"
	uuid     = "github.com/google/uuid"
	zstd     = "github.com/klauspost/compress"
	gzip     = "github.com/klauspost/compress/gzhttp"
	jws      = "github.com/go-jose/go-jose/v4"
	parquet  = "github.com/parquet-go/parquet-go"
	bbolt    = "go.etcd.io/bbolt"
	rapid    = "pgregory.net/rapid"
	parallel = "golang.org/x/sync"
	language = "golang.org/x/text"
	oauth2   = "golang.org/x/oauth2"
	events   = "github.com/aws/aws-lambda-go/events"
	lambda   = "github.com/aws/aws-lambda-go/lambda"
	sdk      = "github.com/aws/aws-sdk-go-v2"
	sdkLog   = "github.com/aws/smithy-go/logging"
)

// layers are all packages below internal, from the bottom up, with what each may import besides the standard library: of
// Cairn's, only what stands above it in this table.
var layers = []struct {
	name    string
	imports []string
	because string
}{
	{"telemetry", nil, "anybody notes what it does, so it knows nobody"},
	{"xapi", []string{json, uuid}, "the rules of the statement are pure: no storage, no server, no cloud, so that anything can use and test them"},
	{"kv", nil, "a port knows neither its adapters nor who stands on it"},
	{"blob", nil, "a port knows neither its adapters nor who stands on it"},
	{"kv/dynamo", []string{"telemetry", "kv", sdk, sdkLog}, "an adapter translates, and knows nothing of what it keeps"},
	{"kv/dynamo/bell", []string{"kv", "kv/dynamo", sdk}, "an adapter translates, and knows nothing of what it keeps"},
	{"kv/bolt", []string{"kv", bbolt}, "an adapter translates, and knows nothing of what it keeps"},
	{"kv/kvtest", []string{"kv", rapid}, "one contract suite for every adapter is written against the port alone"},
	{"blob/s3", []string{"blob", sdk}, "an adapter translates, and knows nothing of what it keeps"},
	{"blob/files", []string{"blob"}, "an adapter translates, and knows nothing of what it keeps"},
	{"blob/blobtest", []string{"blob", rapid}, "one contract suite for every adapter is written against the port alone"},
	{"config", []string{"kv", "xapi"}, "settings are read before anything runs"},

	{"ledger", []string{"telemetry", "kv", uuid, zstd, parallel}, "the record stands on its port alone, and keeps statements without looking into them"},
	{"projection", []string{"telemetry", "kv", "ledger"}, "the runner serves every projection, and knows none"},
	{"index", []string{"kv", "ledger", "projection", "xapi", uuid, parallel}, "a projection is made from the log, and from nothing that asks it"},
	{"fold", []string{"xapi", json}, "what is counted is a pure function of statements: no storage, so that it can be tested, and folded anew, anywhere"},
	{"roster", []string{"kv", "fold", "xapi"}, "what operators say of learners is written without the reports, by whoever does not link them"},
	{"report", []string{"telemetry", "kv", "ledger", "projection", "index", "fold", "roster", "xapi", uuid, parallel}, "reports are a projection, which reads the index to fold anew; nothing that takes statements in needs them"},
	{"table", []string{"fold", "xapi", json, parquet}, "what analysts ask is a pure function of statements, and files of it: no storage, no learner's name"},
	{"export", []string{"telemetry", "kv", "blob", "ledger", "projection", "index", "fold", "roster", "report", "table", "xapi", uuid}, "the export is a projection, which nothing needs that takes in or answers"},
	{"documents", []string{"kv", "blob", json, uuid}, "documents are no statements: their use case needs neither the log nor the index"},
	{"auth", []string{"kv", "xapi"}, "who calls is settled before what is asked for, and apart from it"},
	{"auth/oidc", []string{"auth", jws}, "tokens are one way in, and fetch keys from afar; keys do without either"},
	{"auth/oidc/oidctest", []string{jws}, "an issuer that tests sign in at knows nothing of who signs in"},
	{"audit", []string{"kv"}, "a trail is kept whatever it is of"},
	{"console/locale", []string{language}, "texts and numbers are said whatever they are of"},
	{"console/chart", nil, "a drawing knows values and words, not what they mean"},
	{"console", []string{"console/locale", "console/chart", "report", "auth"},
		"pages draw answers: what gives them, statements and keys comes through ports of its own, so that the console runs apart from the API"},
	{"console/consoletest", []string{"console", "report", "auth"}, "a made-up hospital answers as the real parts do, through the same ports"},
	{"lrs", []string{"telemetry", "ledger", "index", "blob", "xapi", json, uuid, jws}, "use cases know no HTTP, so that every transport serves the same LRS"},
	{"verify", []string{"lrs", "index", "projection", "ledger", "kv", "xapi", uuid}, "the proof reads what all others write, and none of them needs it"},

	{"upkeep", []string{"telemetry", "verify", "lrs", "index", "projection", "ledger", "kv", uuid, events}, "what is done to a running stack stands above all that it keeps up"},

	{"answer", []string{"report", "roster", "lrs", "documents", "auth", "kv", "blob", "xapi"}, "it knows the errors of all others, and runs none of them"},
	{"httpapi", []string{"telemetry", "answer", "lrs", "documents", "auth", "ledger", "xapi", json, uuid},
		"the transport says what use cases answer; it asks the ledger for its words, and does not run it"},
	{"admin", []string{"telemetry", "answer", "roster", "fold", "auth", "audit", "upkeep", json}, "operators' transport and what it does: it knows no statement"},
	{"reportapi", []string{"telemetry", "answer", "report", "auth", json, language}, "what is asked of the record is said in HTTP here, and answered elsewhere"},
	{"session", []string{"telemetry", "answer", "audit", "auth", "auth/oidc", oauth2}, "whoever shows pages is told who looks, and need not know how he came in"},
	{"apigw", []string{"telemetry", events}, "the gateway's events are net/http's requests, whatever is asked: it knows no xAPI"},
	{"stream", []string{"telemetry", "kv", "ledger", "projection", events}, "a ring wakes any projection, and knows none"},
	{"compose", []string{"telemetry", "httpapi", "admin", "audit", "auth/oidc", "upkeep", "stream", "lrs", "documents", "auth", "roster", "report", "index", "projection", "ledger", "config", "kv", "blob", lambda},
		"every program is put together here, over the ports: the adapters are the programs' own choice"},
	{"compose/dashboard", []string{"compose", "config", "console", "reportapi", "report", "session", "admin", "auth", "lrs", "index", "ledger", "kv", "xapi", gzip, uuid},
		"pages are made of templates, which the functions that serve providers must not link"},
	{"compose/exports", []string{"config", "export", "ledger", "kv", "blob"}, "files are written by what is large, which the functions that serve must not link"},
}

func TestEachPackageImportsWhatItMay(t *testing.T) {
	below := map[string]bool{}
	imports := importsOf(t)
	for _, l := range layers {
		for _, i := range l.imports {
			if !strings.Contains(i, ".") && !below[i] {
				t.Errorf("the table lets %s import %s, which is not below it", l.name, i)
			}
		}
		below[l.name] = true
		name := "cairn/internal/" + l.name
		if _, ok := imports[name]; !ok {
			t.Errorf("the table has %s, which is no package", l.name)
		}
		for _, i := range imports[name] {
			if !allowed(i, l.imports) {
				t.Errorf("%s imports %s: %s", l.name, i, l.because)
			}
		}
	}
	for name := range imports {
		if of, ok := strings.CutPrefix(name, "cairn/internal/"); ok && !below[of] {
			t.Errorf("internal/%s is not in the table of layers", of)
		}
	}
}

// allowed says whether an import is of the standard library or of the list. One of Cairn's names a package, one of others a module.
func allowed(imported string, list []string) bool {
	if own, ok := strings.CutPrefix(imported, "cairn/internal/"); ok {
		return slices.Contains(list, own)
	}
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && first != "cairn" ||
		slices.ContainsFunc(list, func(module string) bool { return within(imported, module) })
}

func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func TestOnlyAdaptersAndProgramsKnowTheCloud(t *testing.T) {
	known := []string{"cairn/internal/kv/dynamo", "cairn/internal/blob/s3", "cairn/functions", "cairn/infra"}
	for name, imports := range importsOf(t) {
		for _, i := range imports {
			if within(i, sdk) && !slices.ContainsFunc(known, func(folder string) bool { return within(name, folder) }) {
				t.Errorf("%s imports %s: what is not an adapter must run on the embedded store as well", name, i)
			}
		}
	}
}

func TestUseCasesKnowNoHTTP(t *testing.T) {
	imports := importsOf(t)
	for _, name := range []string{"xapi", "kv", "blob", "config", "ledger", "projection", "index", "documents", "auth", "lrs"} {
		if slices.Contains(imports["cairn/internal/"+name], "net/http") {
			t.Errorf("%s imports net/http: what is asked and answered is settled before it is said in HTTP", name)
		}
	}
}

// What a function links is paid for at each cold start.
func TestWhatTheFunctionsDoNotLink(t *testing.T) {
	bans := []struct{ path, because string }{
		{bbolt, "the embedded store is not for Lambda"},
		{"cairn/internal/kv/dynamo/bell", "in AWS the streams call the function"},
		{"cairn/infra", "the local stack is not for Lambda"},
		{parquet, "it doubles the binary; exports have a function of their own"},
		{"text/template", "it calls methods by name, so the linker can drop none: the binary grows by half"},
		{"html/template", "it calls methods by name, so the linker can drop none: the binary grows by half"},
		{"net/rpc", "it links html/template; build with -tags lambda.norpc"},
	}
	const pages = "cairn/functions/console" // which are made of templates
	for _, function := range []string{"cairn/functions/api", "cairn/functions/index", "cairn/functions/aggregate", "cairn/functions/upkeep", "cairn/functions/keys", pages} {
		for _, linked := range goList(t, "-tags", "lambda.norpc", "-deps", "-f", "{{.ImportPath}}", function) {
			for _, ban := range bans {
				if within(linked, ban.path) && !(function == pages && strings.HasSuffix(ban.path, "/template")) {
					t.Errorf("%s links %s: %s", function, linked, ban.because)
				}
			}
		}
	}
}

// importsOf lists the imports of every package of Cairn's, tests apart.
func importsOf(t *testing.T) map[string][]string {
	out := map[string][]string{}
	for _, line := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "cairn/...") {
		words := strings.Fields(line)
		out[words[0]] = words[1:]
	}
	return out
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
