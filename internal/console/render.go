package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"cairn/internal/console/locale"
)

//go:embed pages/*.tmpl
var pageFiles embed.FS

// templates of every language, by page. They are part of the program. Each is parsed when it is first asked for: all of them take longer than everything else
// that a function does as it starts.
var templates = pagesOf(locale.All())

func pagesOf(languages []*locale.Locale) map[string]map[string]func() *template.Template {
	all := map[string]map[string]func() *template.Template{}
	list, err := pageFiles.ReadDir("pages")
	if err != nil {
		panic(err)
	}
	for _, l := range languages {
		shared := sync.OnceValue(func() *template.Template {
			return template.Must(template.New("").Funcs(functions(l)).ParseFS(pageFiles, "pages/layout.tmpl", "pages/parts.tmpl"))
		})
		all[l.Tag] = map[string]func() *template.Template{}
		for _, entry := range list {
			page := strings.TrimSuffix(entry.Name(), path.Ext(entry.Name()))
			all[l.Tag][page] = sync.OnceValue(func() *template.Template {
				return template.Must(template.Must(shared().Clone()).ParseFS(pageFiles, "pages/"+entry.Name()))
			})
		}
	}
	return all
}

// functions are what templates may call besides the view's methods.
func functions(l *locale.Locale) template.FuncMap {
	return template.FuncMap{
		"t":       l.Text,
		"date":    l.Date,
		"instant": l.Instant,
		"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"asset": func(name string) (string, error) {
			if names[name] == "" {
				return "", fmt.Errorf("there is no asset %s", name)
			}
			return names[name], nil
		},
		"modalities": func() []string { return modalities },
		"modality":   func(name string) string { return modalityName(l, name) },
		"spans":      func() []string { return []string{"7", "30", "90", "365"} },
		"dict":       dict,
	}
}

// dict names what a template hands to another: name, value, name, value.
func dict(pairs ...any) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

// write makes the page in full before anything of it is sent.
func write(w http.ResponseWriter, r *http.Request, status int, v *view) {
	text, err := render(v, "layout")
	if err != nil {
		slog.ErrorContext(r.Context(), "a page cannot be made", "page", v.Template, "error", err.Error())
		http.Error(w, v.Text("error.fault"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(text)
}

func render(v *view, part string) ([]byte, error) {
	var out bytes.Buffer
	err := templates[v.Tag][v.Template]().ExecuteTemplate(&out, part, v)
	return out.Bytes(), err
}
