package reportapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cairn/internal/answer"
	"cairn/internal/report"
)

// question is what a request asks.
type question struct {
	url.Values
	filter report.Filter
	page   report.Page
	table  string // as CSV; "" for JSON
}

const (
	// usual is how many days a span has, where none is given.
	usual = 30
	// mostGroups is how many groups are listed, and how many teams.
	mostGroups = 500
	// maxLimit is how many lines a page may have.
	maxLimit = 100
)

// read reads what a request asks of a resource; the error is a refusal.
func (a *API) read(r *http.Request, of resource) (q question, err error) {
	names := append([]string{"format", "table"}, of.parameters...)
	if !of.bare {
		names = append(names, "from", "to", "platform", "modality", "group")
	}
	if q.Values, err = answer.Parameters(r, names...); err != nil {
		return q, err
	}
	q.filter = report.Filter{Platform: q.Get("platform"), Modality: q.Get("modality"), Group: q.Get("group")}
	if q.filter.From, q.filter.To, err = a.span(q.Values); err != nil {
		return q, err
	}
	q.page.Next = q.Get("next")
	if q.page.Limit, err = limitOf(q.Values); err != nil {
		return q, err
	}
	q.table, err = tableOf(r, q.Values, of.tables)
	return q, err
}

// span is the days that are asked for: the last 30 where none are named, and as many before the last where the first is not.
func (a *API) span(q url.Values) (from, to report.Day, err error) {
	if to, err = dayOf(q, "to", report.DayOf(a.now())); err != nil {
		return from, to, err
	}
	if from, err = dayOf(q, "from", to-(usual-1)); err != nil {
		return from, to, err
	}
	switch days := to - from + 1; {
	case days < 1:
		return from, to, answer.BadRequest("the span ends before it begins: from is after to")
	case days > report.MaxDays:
		return from, to, answer.BadRequest(fmt.Sprintf("a span has at most %d days, and this one has %d", report.MaxDays, days))
	}
	return from, to, nil
}

func dayOf(q url.Values, name string, otherwise report.Day) (report.Day, error) {
	if !q.Has(name) {
		return otherwise, nil
	}
	day, err := report.ParseDay(q.Get(name))
	if err != nil {
		return day, answer.BadRequest("the parameter " + name + " is not a day, such as 2026-01-31")
	}
	return day, nil
}

func limitOf(q url.Values) (int, error) {
	if !q.Has("limit") {
		return 0, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > maxLimit {
		return 0, answer.BadRequest(fmt.Sprintf("the parameter limit is not a whole number from 1 to %d", maxLimit))
	}
	return n, nil
}

// tableOf is which table is asked for, or none for JSON. The parameter format goes before the header Accept, which a link cannot set.
func tableOf(r *http.Request, q url.Values, tables []string) (string, error) {
	format := q.Get("format")
	if !q.Has("format") {
		format = formatOf(r.Header.Get("Accept"))
	}
	switch {
	case format != "json" && format != "csv":
		return "", answer.BadRequest("the parameter format is neither json nor csv")
	case format == "json" && q.Has("table"):
		return "", answer.BadRequest("the parameter table is for format=csv: JSON has all of them")
	case format == "json":
		return "", nil
	case !q.Has("table"):
		return tables[0], nil
	case !slices.Contains(tables, q.Get("table")):
		return "", answer.BadRequest("there is no such table: there are " + answer.Listed(tables))
	}
	return q.Get("table"), nil
}

// reply is an answer: as a value, and as the tables it has.
type reply struct {
	value  any
	scope  report.Scope
	tables func(names naming) map[string]table
	next   string
}

func askOverview(a *API, r *http.Request, q question) (reply, error) {
	o, err := a.questions.Overview(r.Context(), q.filter)
	return reply{o, o.Scope, func(naming) map[string]table { return map[string]table{"days": daysTable(o.Days)} }, ""}, err
}

func askActivities(a *API, r *http.Request, q question) (reply, error) {
	if !slices.Contains([]string{"", "statements"}, q.Get("sort")) {
		return reply{}, answer.BadRequest("the parameter sort can be statements")
	}
	l, err := a.questions.Activities(r.Context(), q.filter, q.Get("sort"), q.page)
	return reply{l, l.Scope, func(n naming) map[string]table {
		return map[string]table{"activities": activitiesTable(l.Activities, n)}
	}, l.Next}, err
}

func askActivity(a *API, r *http.Request, q question) (reply, error) {
	if q.Get("id") == "" {
		return reply{}, answer.BadRequest("the parameter id says which activity")
	}
	o, err := a.questions.Activity(r.Context(), q.Get("id"), q.filter)
	return reply{o, o.Scope, func(n naming) map[string]table { return activityTables(o, n) }, ""}, err
}

func askLearners(a *API, r *http.Request, q question) (reply, error) {
	state := q.Get("state")
	switch {
	case !slices.Contains([]string{"", "inactive", "failing", "completed", "begun"}, state):
		return reply{}, answer.BadRequest("the parameter state is none of inactive, failing, completed and begun")
	case state != "" && q.Get("course") == "":
		return reply{}, answer.BadRequest("a state is one in a course: the parameter course says which")
	}
	l, err := a.questions.Learners(r.Context(), q.filter, q.Get("course"), state, q.page)
	return reply{l, l.Scope, func(naming) map[string]table { return map[string]table{"learners": learnersTable(l.Learners)} }, l.Next}, err
}

func askLearner(a *API, r *http.Request, q question) (reply, error) {
	key, identity := q.Get("key"), q.Get("identity")
	if (key == "") == (identity == "") {
		return reply{}, answer.BadRequest("either the parameter key says which learner, as a list gave it, or identity does")
	}
	if identity != "" {
		var err error
		if key, err = a.questions.FindLearner(r.Context(), identity); err != nil {
			return reply{}, err
		}
	}
	o, err := a.questions.Learner(r.Context(), key, q.filter)
	return reply{o, o.Scope, func(n naming) map[string]table { return learnerTables(o, n) }, ""}, err
}

func askGroups(a *API, r *http.Request, _ question) (reply, error) {
	list, err := a.questions.Groups(r.Context(), mostGroups)
	value := struct {
		Groups []report.Group `json:"groups"`
	}{list}
	return reply{value: value, tables: func(naming) map[string]table { return map[string]table{"groups": groupsTable(list)} }}, err
}

func askPlatforms(a *API, r *http.Request, _ question) (reply, error) {
	list, err := a.questions.Platforms(r.Context())
	value := struct {
		Platforms []string `json:"platforms"`
	}{list}
	return reply{value: value, tables: func(naming) map[string]table { return map[string]table{"platforms": platformsTable(list)} }}, err
}

func askSessions(a *API, r *http.Request, q question) (reply, error) {
	key, course := q.Get("key"), q.Get("course")
	if key == "" || course == "" {
		return reply{}, answer.BadRequest("the parameter key says which learner, as a list gave it, and course in which course")
	}
	l, err := a.questions.Sessions(r.Context(), key, course, q.filter)
	return reply{l, l.Scope, func(n naming) map[string]table { return map[string]table{"events": eventsTable(l.Sessions, n)} }, ""}, err
}
