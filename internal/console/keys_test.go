package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestKeysAreForAdministrators(t *testing.T) {
	w := newWorld(t)
	w.viewer.Admin = false
	if page := w.page("/keys", 403); !strings.Contains(page, "for administrators") || strings.Contains(page, "Moodle") {
		t.Error("the page does not say for whom it is, or shows keys")
	}
	if strings.Contains(w.page("/", 200), `href="/console/keys"`) {
		t.Error("others are led to the keys")
	}
	for _, path := range []string{"/keys", "/keys/rotate", "/keys/revoke"} {
		if answer := w.post(path, url.Values{"csrf": {"the-token"}, "id": {"1f0a"}, "sure": {"yes"}, "scope": {"all"}}); answer.Code != 403 {
			t.Errorf("%s answers %d", path, answer.Code)
		}
	}
	if len(w.keys.Done) != 0 {
		t.Errorf("it was done: %q", w.keys.Done)
	}
}

func TestAKeyIsMadeRotatedAndRevoked(t *testing.T) {
	w := newWorld(t)
	form := func(more url.Values) url.Values {
		more.Set("csrf", "the-token")
		return more
	}
	answer := w.post("/keys", form(url.Values{"label": {"Simulator"}, "scope": {"statements/write", "state"}, "expires": {"2046-01-01"}}))
	if page := answer.Body.String(); answer.Code != 200 || strings.Count(page, "the-secret") != 2 || !strings.Contains(page, "Simulator") {
		t.Errorf("it answers %d, and shows the secret %d times", answer.Code, strings.Count(page, "the-secret"))
	}
	if strings.Contains(w.page("/keys", 200), "the-secret") {
		t.Error("the secret is shown again")
	}
	if answer := w.post("/keys/rotate", form(url.Values{"id": {"1f0a"}})); answer.Code != 200 || !strings.Contains(answer.Body.String(), "the-next-secret") {
		t.Errorf("rotating answers %d", answer.Code)
	}
	if answer := w.post("/keys/revoke", form(url.Values{"id": {"1f0a"}})); answer.Code != 400 {
		t.Errorf("revoking without being sure answers %d", answer.Code)
	}
	if answer := w.post("/keys/revoke", form(url.Values{"id": {"1f0a"}, "sure": {"yes"}})); answer.Code != 303 {
		t.Errorf("revoking answers %d", answer.Code)
	}
	if !strings.Contains(w.page("/keys", 200), "revoked on") {
		t.Error("the page does not say that the key is revoked")
	}
	if want := []string{"Claire makes Simulator for statements/write state", "Claire rotates 1f0a", "Claire revokes 1f0a"}; !slices.Equal(w.keys.Done, want) {
		t.Errorf("done was %q", w.keys.Done)
	}
}

func TestWhatAKeyCannotBe(t *testing.T) {
	w := newWorld(t)
	for name, form := range map[string]url.Values{
		"no scope":  {"label": {"x"}},
		"a bad day": {"label": {"x"}, "scope": {"all"}, "expires": {"soon"}},
		"a label":   {"label": {strings.Repeat("x", 300)}, "scope": {"all"}},
	} {
		form.Set("csrf", "the-token")
		answer := w.post("/keys", form)
		said, kept, granted := false, "", []string(nil)
		for _, n := range parse(t, answer.Body.String()).all("p") {
			said = said || n.get("role") == "alert" && n.text() != ""
		}
		for _, n := range parse(t, answer.Body.String()).all("input") {
			switch {
			case n.get("name") == "label":
				kept = n.get("value")
			case n.get("name") == "scope" && n.has("checked"):
				granted = append(granted, n.get("value"))
			}
		}
		if answer.Code != 400 || !said || kept != form.Get("label") || !slices.Equal(granted, form["scope"]) {
			t.Errorf("%s answers %d, with a word to it %v, the label %.9q and the scopes %q", name, answer.Code, said, kept, granted)
		}
	}
	if answer := w.post("/keys/revoke", url.Values{"csrf": {"the-token"}, "id": {"none"}, "sure": {"yes"}}); answer.Code != 404 {
		t.Errorf("an unknown key answers %d", answer.Code)
	}
	if len(w.keys.Done) != 0 {
		t.Errorf("it was done: %q", w.keys.Done)
	}
}
