// Package locale says texts, numbers, times and dates in the language of whoever looks at a page. Texts stand in one file a language,
// messages/en.json for English: a key and its text, or two texts, "one" and "other", chosen by the first number (CLDR's plural forms).
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

//go:embed messages/*.json
var files embed.FS

// Locale speaks one language. It is safe for many goroutines.
type Locale struct {
	Tag     string // as in an HTML lang attribute
	printer *message.Printer
	months  []string
}

var (
	tags    = []language.Tag{language.English, language.French} // the first is for whoever speaks none of them
	matcher = language.NewMatcher(tags)
	texts   = catalog.NewBuilder(catalog.Fallback(tags[0]))
	locales = load()
)

// All are the languages that there are.
func All() []*Locale { return locales }

// Match is the language that suits best: the one named by tag if there is such, else by an Accept-Language header (RFC 9110 12.5.4).
func Match(tag, accept string) *Locale {
	for _, l := range locales {
		if l.Tag == tag {
			return l
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return locales[0]
	}
	_, i, _ := matcher.Match(wanted...)
	return locales[i]
}

// Text is the text of a key, with its %[1]d and %[2]s filled in; numbers are written as the language writes them.
func (l *Locale) Text(key string, args ...any) string {
	return l.printer.Sprintf(message.Key(key, key), args...)
}

// load reads the files; they are part of the program, so a fault in them is the program's.
func load() (all []*Locale) {
	for _, tag := range tags {
		l := &Locale{Tag: tag.String()}
		if err := read(tag); err != nil {
			panic(fmt.Sprintf("the messages in %s: %v", tag, err))
		}
		l.printer = message.NewPrinter(tag, message.Catalog(texts))
		l.months = strings.Fields(l.Text("months"))
		all = append(all, l)
	}
	return all
}

func read(tag language.Tag) error {
	file, err := files.ReadFile(path.Join("messages", tag.String()+".json"))
	if err != nil {
		return err
	}
	var messages map[string]json.RawMessage
	if err := json.Unmarshal(file, &messages); err != nil {
		return err
	}
	for key, raw := range messages {
		if err := set(tag, key, raw); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func set(tag language.Tag, key string, raw json.RawMessage) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return texts.SetString(tag, key, text)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(raw, &forms); err != nil {
		return err
	}
	return texts.Set(tag, key, plural.Selectf(1, "%d", "one", forms.One, "other", forms.Other))
}
