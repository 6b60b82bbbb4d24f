package dashboard

import (
	"context"
	"fmt"
	"html/template"
	"net/http"

	"cairn/internal/kv"
	"cairn/internal/report"
	"cairn/internal/session"
)

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/console/assets/cairn.svg">
<title>Cairn</title>
</head>
<body>
<main>
<h1>Cairn</h1>
<p>You are signed in as {{.Name}}.</p>
<form method="post" action="/console/signout">
<input type="hidden" name="csrf" value="{{.Token}}">
<p><button type="submit">Sign out</button></p>
</form>
</main>
</body>
</html>
`))

// icon is three stones.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><ellipse cx="8" cy="13" rx="7" ry="2.5"/><ellipse cx="8" cy="8" rx="5" ry="2"/><ellipse cx="8" cy="4" rx="3" ry="1.5"/></svg>`

// Placeholder stands in for pages until there are some.
func Placeholder(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == session.Assets+"cairn.svg" {
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Write([]byte(icon))
		return
	}
	v := session.Of(r.Context())
	if v == nil || r.URL.Path != session.Base+"/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.Execute(w, v) //nolint:errcheck // whoever asked has gone
}

// Unanswered stands in for what answers questions until there is something.
type Unanswered struct{}

var errUnanswered = fmt.Errorf("reports are not built yet: %w", kv.ErrUnavailable)

// Overview implements report.Questions, as the others do.
func (Unanswered) Overview(context.Context, report.Filter) (report.Overview, error) {
	return report.Overview{}, errUnanswered
}

// Activities is not answered.
func (Unanswered) Activities(context.Context, report.Filter, string, report.Page) (report.ActivityList, error) {
	return report.ActivityList{}, errUnanswered
}

// Activity is not answered.
func (Unanswered) Activity(context.Context, string, report.Filter) (report.ActivityReport, error) {
	return report.ActivityReport{}, errUnanswered
}

// Learners is not answered.
func (Unanswered) Learners(context.Context, report.Filter, string, string, report.Page) (report.LearnerList, error) {
	return report.LearnerList{}, errUnanswered
}

// Learner is not answered.
func (Unanswered) Learner(context.Context, string, report.Filter) (report.LearnerReport, error) {
	return report.LearnerReport{}, errUnanswered
}

// FindLearner is not answered.
func (Unanswered) FindLearner(context.Context, string) (string, error) { return "", errUnanswered }
