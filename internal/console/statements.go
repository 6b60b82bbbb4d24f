package console

import (
	"net/http"
	"net/url"
	"time"
)

// statementsPage is the explorer.
type statementsPage struct {
	Lines       []line
	Query       string // the same question to the LRS, as a command
	First, Next string
	Chosen      []choice // what the list is narrowed by, each with a link that takes it away
}

const statementLines = 25

// selecting are the explorer's own parameters, and the keys of their names.
var selecting = []struct{ name, key string }{
	{"agent", "statements.agent"}, {"verb", "statements.verb"}, {"activity", "statements.activity"},
	{"registration", "statements.registration"}, {"since", "statements.since"}, {"until", "statements.until"},
}

func statements(c *console, v *view, r *http.Request) error {
	v.Section, v.Title = "statements", v.Text("statements.title")
	s, err := v.selection()
	if err != nil {
		return err
	}
	list, next, err := c.statements.List(r.Context(), s)
	if err != nil {
		return err
	}
	p := statementsPage{Lines: v.lines(list), Query: v.command(r)}
	if next != "" {
		p.Next = v.Here("next", next)
	}
	if s.Next != "" {
		p.First = v.Here()
	}
	for _, field := range selecting {
		if value := v.Param(field.name); value != "" {
			p.Chosen = append(p.Chosen, choice{Text: v.Text(field.key) + ": " + value, URL: v.Here(field.name, "")})
		}
	}
	v.Page = p
	return nil
}

// selection is what the address asks for. An agent may be given by its mailbox alone.
func (v *view) selection() (s Selection, err error) {
	s = Selection{
		Agent: agentParameter(v.Param("agent")), Verb: v.Param("verb"), Activity: v.Param("activity"), Registration: v.Param("registration"),
		Next: v.Param("next"), Limit: statementLines,
	}
	for name, at := range map[string]*time.Time{"since": &s.Since, "until": &s.Until} {
		if *at, err = instantOf(v.Param(name)); err != nil {
			return s, &Refused{v.Text("statements.instant")}
		}
	}
	return s, nil
}

// instantOf reads a time as forms send it, which is in UTC, or as an address may have it.
func instantOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Parse(time.RFC3339, text)
}

// agentParameter takes a mailbox for the agent that has it.
func agentParameter(text string) string {
	if mail, err := url.Parse(text); err == nil && mail.Scheme == "mailto" {
		return agent{Mbox: text}.json()
	}
	if text != "" && text[0] != '{' {
		return agentOf(identityOf(text)).json()
	}
	return text
}

// command asks the LRS the page's question in a shell.
func (v *view) command(r *http.Request) string {
	q := url.Values{}
	for _, field := range selecting {
		value := v.Param(field.name)
		switch field.name {
		case "agent":
			value = agentParameter(value)
		case "since", "until":
			if at, err := instantOf(value); err == nil && value != "" {
				value = at.UTC().Format(time.RFC3339)
			}
		}
		if value != "" {
			q.Set(field.name, value)
		}
	}
	return "curl -u KEY:SECRET -H 'X-Experience-API-Version: 1.0.3' \\\n  '" + address(endpointOf(r)+"/statements", q) + "'"
}

// endpointOf is the address of the LRS as whoever asks knows it.
func endpointOf(r *http.Request) string {
	scheme := "https"
	if r.TLS == nil && r.Header.Get("X-Forwarded-Proto") != "https" {
		scheme = "http"
	}
	return scheme + "://" + r.Host + "/xapi"
}
