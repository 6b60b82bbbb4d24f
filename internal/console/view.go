package console

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"cairn/internal/console/locale"
	"cairn/internal/report"
)

// view is what every page shows around its own, and what templates ask for links.
type view struct {
	*locale.Locale
	Languages []*locale.Locale
	Theme     string
	Viewer    Viewer
	SignOut   string

	Template string
	Section  string // of the navigation
	Title    string
	Subtitle string
	Filter   report.Filter
	Days     int       // of a span that ends today; 0 for one from a day to a day
	AsOf     time.Time // zero on a page without figures
	CSV      string
	Compared string // what the figures are held against; "" where that is nothing
	// Platforms and Groups are those to choose from.
	Platforms []string
	Groups    []report.Group
	Filtered  bool   // the page has figures that the filter narrows
	Page      any    // the page's own
	Endpoint  string // of the LRS

	path   string
	query  url.Values
	moved  string // where the browser is to go instead
	status int    // 0 for 200
}

// kept are the parameters that every link keeps.
var kept = []string{"days", "from", "to", "platform", "modality", "group"}

const defaultDays = 30

// readFilter reads what the address narrows the page to: days up to today, or a span of its own.
func (v *view) readFilter(now time.Time) error {
	v.Days = defaultDays
	v.Filter = report.Filter{To: report.DayOf(now), Platform: v.Param("platform"), Modality: v.Param("modality"), Group: v.Param("group")}
	if q := v.Param("days"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 || n > report.MaxDays {
			return &Refused{v.Text("filter.days", report.MaxDays)}
		}
		v.Days = n
	}
	if err := v.readDay("to", &v.Filter.To); err != nil {
		return err
	}
	v.Filter.From = v.Filter.To - report.Day(v.Days) + 1
	if err := v.readDay("from", &v.Filter.From); err != nil {
		return err
	}
	if v.Param("from") != "" || v.Param("to") != "" {
		v.Days = 0
	}
	if days := v.Filter.To - v.Filter.From; days < 0 || days >= report.MaxDays {
		return &Refused{v.Text("filter.days", report.MaxDays)}
	}
	return nil
}

// readDay reads a day that the address names, if it does.
func (v *view) readDay(name string, into *report.Day) error {
	q := v.Param(name)
	if q == "" {
		return nil
	}
	day, err := report.ParseDay(q)
	if err != nil {
		return &Refused{v.Text("filter.day")}
	}
	*into = day
	return nil
}

// Link is the address of a page with the filter kept, and parameters set: name, value, name, value. An empty value takes one away.
func (v *view) Link(path string, set ...string) string {
	q := url.Values{}
	for _, name := range kept {
		if value := v.query.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	return address(Base+path, with(q, set))
}

// Here is the address of this page with parameters set; it begins a list anew.
func (v *view) Here(set ...string) string {
	q := url.Values{}
	for name := range v.query {
		if value := v.query.Get(name); value != "" && name != "next" {
			q.Set(name, value)
		}
	}
	return address(Base+v.path, with(q, set))
}

func with(q url.Values, set []string) url.Values {
	for i := 0; i+1 < len(set); i += 2 {
		if q.Del(set[i]); set[i+1] != "" {
			q.Set(set[i], set[i+1])
		}
	}
	return q
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Hidden is what a form has to send besides its own fields to keep the rest of this page's address.
func (v *view) Hidden(own ...string) (fields [][2]string) {
	for name := range v.query {
		if value := v.query.Get(name); value != "" && name != "next" && !slices.Contains(own, name) {
			fields = append(fields, [2]string{name, value})
		}
	}
	slices.SortFunc(fields, func(a, b [2]string) int { return compare(a[0], b[0]) })
	return fields
}

// Param is a parameter of this page's address.
func (v *view) Param(name string) string { return v.query.Get(name) }

// reports is the address of the same figures as CSV.
func (v *view) reports(resource string, set ...string) string {
	q := url.Values{}
	f := v.Filter
	return address("/reports/"+resource, with(with(q, []string{
		"from", f.From.String(), "to", f.To.String(), "platform", f.Platform, "modality", f.Modality, "group", f.Group,
	}), append(set, "format", "csv")))
}

// standing notes what an answer says of itself.
func (v *view) standing(s report.Scope) { v.AsOf = s.AsOf }

// Start is the address of the overview without any filter.
func (v *view) Start() string { return Base + "/" }

// Live is where the overview asks whether what it shows has changed.
func (v *view) Live() string {
	v.path = "/live"
	defer func() { v.path = "/" }()
	return v.Here()
}

// DaysText is the chosen number of days, as links have it.
func (v *view) DaysText() string { return strconv.Itoa(v.Days) }

// Narrowed is what the page's figures are narrowed by besides days, each with a link that takes it away.
func (v *view) Narrowed() (chips []choice) {
	if v.Days == 0 {
		chips = append(chips, choice{Text: v.ShortDate(v.Filter.From.Time()) + " – " + v.ShortDate(v.Filter.To.Time()), URL: v.Here("from", "", "to", "")})
	}
	for _, f := range []struct{ name, key, value string }{
		{"platform", "platform", v.Filter.Platform}, {"modality", "modality", modalityName(v.Locale, v.Filter.Modality)}, {"group", "group", v.groupLabel()},
	} {
		if v.Param(f.name) != "" {
			chips = append(chips, choice{Text: v.Text(f.key) + ": " + f.value, URL: v.Here(f.name, "")})
		}
	}
	return chips
}
