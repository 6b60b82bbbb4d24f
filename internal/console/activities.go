package console

import "net/http"

type activitiesPage struct {
	Table       table
	Sorts       []choice
	First, Next string
	Nothing     bool // was ever sent
}

func activities(c *console, v *view, r *http.Request) error {
	v.Section, v.Title, v.CSV, v.Filtered = "activities", v.Text("activities.title"), v.reports("activities"), true
	sort := "statements"
	if v.Param("sort") == "first" {
		sort = ""
	}
	a, err := c.questions.Activities(r.Context(), v.Filter, sort, pageOf(v))
	if err != nil {
		return err
	}
	v.standing(a.Scope)
	p := activitiesPage{Table: v.courseTable(a.Activities, true), Sorts: []choice{
		{v.Text("sort.statements"), v.Here("sort", ""), sort != ""}, {v.Text("sort.first"), v.Here("sort", "first"), sort == ""},
	}}
	p.First, p.Next = v.turns(a.Next)
	if len(a.Activities) == 0 {
		p.Nothing, err = c.nothing(r)
	}
	v.Page = p
	return err
}

// nothing says whether nothing was ever sent, so that an empty page may tell how to begin.
func (c *console) nothing(r *http.Request) (bool, error) {
	list, _, err := c.statements.List(r.Context(), Selection{Limit: 1})
	return len(list) == 0, err
}
