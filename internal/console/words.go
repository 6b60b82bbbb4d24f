package console

import (
	"cmp"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"cairn/internal/console/locale"
	"cairn/internal/report"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// nameOf is what an activity is called, in the viewer's language if it has such a name.
func (v *view) nameOf(a report.Activity) string { return v.named(a.Name, a.ID) }

// linkTo is the address of an activity's page; "" for those that are counted together, which have none.
func (v *view) linkTo(a report.Activity) string {
	if a.ID == "" {
		return ""
	}
	return v.Link("/activity", "id", a.ID)
}

// named chooses of a language map: the viewer's language, English, any; else the last part of the id.
func (v *view) named(names report.Name, id string) string {
	for _, wanted := range []string{v.Tag, "en", "und", ""} {
		for _, tag := range slices.Sorted(maps.Keys(names)) {
			if names[tag] != "" && strings.HasPrefix(tag, wanted) {
				return names[tag]
			}
		}
	}
	return lastPart(id)
}

// lastPart is the end of an IRI, which mostly says most.
func lastPart(iri string) string {
	u, err := url.Parse(iri)
	if err != nil || u.Opaque != "" {
		return iri
	}
	if u.Fragment != "" {
		return u.Fragment
	}
	if last := path.Base(u.Path); last != "/" && last != "." {
		return last
	}
	return iri
}

// verbs that most providers send, by the end of their IRI, and the keys of their names.
var verbs = map[string]string{
	"abandoned": "verb.abandoned", "answered": "verb.answered", "asked": "verb.asked", "attempted": "verb.attempted", "attended": "verb.attended",
	"commented": "verb.commented", "completed": "verb.completed", "exited": "verb.exited", "experienced": "verb.experienced",
	"failed": "verb.failed", "initialized": "verb.initialized", "interacted": "verb.interacted", "launched": "verb.launched",
	"mastered": "verb.mastered", "passed": "verb.passed", "paused": "verb.paused", "played": "verb.played", "progressed": "verb.progressed",
	"registered": "verb.registered", "resumed": "verb.resumed", "satisfied": "verb.satisfied", "scored": "verb.scored", "seeked": "verb.seeked",
	"suspended": "verb.suspended", "terminated": "verb.terminated", "voided": "verb.voided", "waived": "verb.waived",
}

// verbOf is what a verb is called.
func (v *view) verbOf(iri string) string {
	last := lastPart(iri)
	if key := verbs[last]; key != "" {
		return v.Text(key)
	}
	return strings.ReplaceAll(last, "-", " ")
}

// modalities as package report names them, and the keys of their names.
var (
	modalities   = []string{"classroom", "e-learning", "mobile", "on-the-job", "simulation", "vr"}
	modalityKeys = map[string]string{
		"classroom": "modality.classroom", "e-learning": "modality.elearning", "mobile": "modality.mobile",
		"on-the-job": "modality.job", "simulation": "modality.simulation", "vr": "modality.vr",
	}
)

func modalityName(l *locale.Locale, name string) string {
	if key := modalityKeys[name]; key != "" {
		return l.Text(key)
	}
	return cmp.Or(name, l.Text("none"))
}

// typeOf is what kind of activity it is, by the end of its type's IRI.
func typeOf(a report.Activity) string {
	return strings.ReplaceAll(strings.ReplaceAll(lastPart(a.Type), "-", " "), "_", " ")
}

// identityLabel is the readable part of an identity such as "mbox:mailto:ada@example.com".
func identityLabel(identity string) string {
	kind, value, _ := strings.Cut(identity, ":")
	switch kind {
	case "mbox":
		return strings.TrimPrefix(value, "mailto:")
	case "account":
		if home, name, ok := strings.Cut(value, " "); ok {
			return name + " · " + strings.TrimPrefix(strings.TrimPrefix(home, "https://"), "http://")
		}
	}
	return value
}
