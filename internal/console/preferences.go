package console

import (
	"net/http"
	"slices"

	"cairn/internal/console/locale"
)

// Preferences of whoever looks, each a parameter of any page's address, kept in a cookie.
const (
	language = "lang"
	theme    = "theme"
)

var themes = []string{"auto", "light", "dark"}

const year = 365 * 24 * 60 * 60

// remember keeps a preference that the address names, and sends the browser to the address without it.
func remember(w http.ResponseWriter, r *http.Request) (moved bool) {
	q := r.URL.Query()
	if r.Method != http.MethodGet || !q.Has(language) && !q.Has(theme) {
		return false
	}
	for _, name := range []string{language, theme} {
		if value := q.Get(name); known(name, value) {
			http.SetCookie(w, &http.Cookie{
				Name: "cairn-" + name, Value: value, Path: Base, MaxAge: year, SameSite: http.SameSiteLaxMode, HttpOnly: true,
			})
		}
		q.Del(name)
	}
	http.Redirect(w, r, address(r.URL.Path, q), http.StatusSeeOther)
	return true
}

func known(name, value string) bool {
	if name == theme {
		return slices.Contains(themes, value)
	}
	return slices.ContainsFunc(locale.All(), func(l *locale.Locale) bool { return l.Tag == value })
}

func preference(r *http.Request, name string) string {
	if cookie, err := r.Cookie("cairn-" + name); err == nil && known(name, cookie.Value) {
		return cookie.Value
	}
	return ""
}

func localeOf(r *http.Request) *locale.Locale {
	return locale.Match(preference(r, language), r.Header.Get("Accept-Language"))
}

func themeOf(r *http.Request) string { return preference(r, theme) }
