package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Every resource that takes a body refuses one that is too large with 413 (xAPI 1.0.3 Communication 3.2), whether its length is
// said before or not.
func TestLargeBodiesAreRefused(t *testing.T) {
	w := onOneMachine(t, time.Now)
	body := strings.Repeat(" ", 10<<20)
	for _, path := range []string{
		"/xapi/statements",
		"/xapi/statements?method=PUT",
		"/xapi/activities/profile?activityId=http://example.com/course&profileId=p",
		"/xapi/activities/state?activityId=http://example.com/c&stateId=s&agent=%7B%22mbox%22:%22mailto:a@example.com%22%7D",
	} {
		for _, reader := range []io.Reader{strings.NewReader(body), io.MultiReader(strings.NewReader(body))} {
			kind := "application/json"
			if strings.Contains(path, "method=") {
				kind = "application/x-www-form-urlencoded"
			}
			status, answer := w.post(t, path, kind, reader)
			if status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "too large") {
				t.Errorf("%s: %d %s", path, status, answer)
			}
		}
	}
}

// A statement that fits into a request, but not into the log, is refused the same way; and so are too many.
func TestLargeStatementsAreRefused(t *testing.T) {
	w := onOneMachine(t, time.Now)
	noise := make([]byte, 1<<20)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-"[x>>26]
	}
	large := strings.Replace(statement, "}", `},"result":{"response":"`+string(noise)+`"}`, 1)
	many := "[" + strings.Repeat(statement+",", 20_000) + statement + "]"
	for _, body := range []string{large, many} {
		status, answer := w.post(t, "/xapi/statements", "application/json", strings.NewReader(body))
		if status != http.StatusRequestEntityTooLarge {
			t.Errorf("%.40s…: %d %.200s", body, status, answer)
		}
	}
	if got := w.list(t, "").ids; len(got) > 0 {
		t.Errorf("%d statements are stored", len(got))
	}
}

const statement = `{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},` +
	`"object":{"id":"http://example.com/x"}}`

// Reading a bad body takes memory in proportion to its size, whatever its shape. What is measured is all that is allocated on
// the way, by this client too.
func TestBadBodiesTakeLittleMemory(t *testing.T) {
	const size, most = 5 << 20, 24
	w := onOneMachine(t, time.Now)
	fill := func(before, repeated, after string) string {
		return before + strings.Repeat(repeated, size/len(repeated)) + after
	}
	multipart := "multipart/mixed; boundary=b"
	for name, c := range map[string]struct{ kind, body string }{
		"deep arrays":      {"application/json", fill("", "[", "")},
		"deep objects":     {"application/json", fill("", `{"a":`, "")},
		"many numbers":     {"application/json", fill("[", "0,", "0]")},
		"many empty":       {"application/json", fill("[", "{},", "{}]")},
		"many keys":        {"application/json", fill(statement[:len(statement)-1]+`,"result":{`, `"":0,`, `"":0}}`)},
		"escapes":          {"application/json", fill(`"`, `\u0000`, `"`)},
		"spaces":           {"application/json", fill("", " ", "")},
		"many parts":       {multipart, fill("", "--b\r\n\r\n\r\n", "--b--")},
		"a long head":      {multipart, fill("--b\r\n", "X-A: b\r\n", "\r\n\r\n--b--")},
		"no boundary":      {multipart, fill("", "--a\r\n", "")},
		"a long form":      {"application/x-www-form-urlencoded", fill("", "a=&", "")},
		"a form of escape": {"application/x-www-form-urlencoded", fill("content=", "%00", "")},
	} {
		t.Run(name, func(t *testing.T) {
			path := "/xapi/statements"
			if strings.Contains(c.kind, "form") {
				path += "?method=POST"
			}
			body := bytes.NewReader([]byte(c.body))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			status, answer := w.post(t, path, c.kind, body)
			runtime.ReadMemStats(&after)
			if status != http.StatusBadRequest {
				t.Errorf("%d %.200s", status, answer)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > most*size {
				t.Errorf("%d bytes allocated for a body of %d", taken, size)
			}
			t.Logf("%.1f times the body", float64(after.TotalAlloc-before.TotalAlloc)/size)
		})
	}
}

// post posts to a path in version 1.0.3 by the key "all".
func (w *world) post(t testing.TB, path, kind string, body io.Reader) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", w.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	response, text := w.do(t, r)
	return response.StatusCode, text
}

func (w *world) do(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	r.Header.Set("Authorization", basic("all"))
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}
