package admin

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"cairn/internal/answer"
	"cairn/internal/roster"
)

// maxGroupBody is how many bytes a group may have in a request: its members as Agents take more than as they are kept.
const maxGroupBody = 512 << 10

// group is what is told of one; where groups are listed, without members.
type group struct {
	ID      string   `json:"id"`
	Label   string   `json:"label,omitempty"`
	Size    int      `json:"size"`
	Members []string `json:"members,omitempty"`
}

func groupOf(g roster.Group) group { return group{g.ID, g.Label, g.Size, g.Members} }

func listGroups(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	q, err := answer.Parameters(r, "after", "limit")
	if err != nil {
		return err
	}
	limit, err := limitOf(q)
	if err != nil {
		return err
	}
	list, next, err := a.office.ListGroups(r.Context(), who, q.Get("after"), limit)
	if err != nil {
		return err
	}
	page := struct {
		Groups []group `json:"groups"`
		More   string  `json:"more,omitempty"`
	}{Groups: make([]group, len(list))}
	for i, g := range list {
		page.Groups[i] = groupOf(g)
	}
	if next != "" {
		page.More = moreOf(r, q, "after", next)
	}
	return writeJSON(w, http.StatusOK, page)
}

func lookAtGroup(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	q, err := answer.Parameters(r, "format")
	if err != nil {
		return err
	}
	format := q.Get("format")
	if q.Has("format") && format != "json" && format != "csv" {
		return answer.BadRequest("the parameter format is neither json nor csv")
	}
	g, err := a.office.LookAtGroup(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	if format != "csv" {
		return writeJSON(w, http.StatusOK, groupOf(g))
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=absent")
	lines := csv.NewWriter(w)
	for _, member := range g.Members {
		lines.Write([]string{member}) //nolint:errcheck // Flush keeps it
	}
	lines.Flush()
	return nil
}

func putGroup(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	q, err := answer.Parameters(r, "label")
	if err != nil {
		return err
	}
	body, kind, err := bodyOf(r, maxGroupBody, "application/json", "text/csv")
	if err != nil {
		return err
	}
	g := roster.Group{ID: r.PathValue("id"), Label: q.Get("label")}
	if kind == "text/csv" {
		g.Members, err = linesOf(body)
	} else {
		err = readGroup(body, q.Has("label"), &g)
	}
	if err != nil {
		return err
	}
	if err := a.office.PutGroup(r.Context(), who, g); err != nil {
		return err
	}
	g.Size = len(g.Members)
	return writeJSON(w, http.StatusOK, groupOf(g))
}

func readGroup(body []byte, labelled bool, g *roster.Group) (err error) {
	var asked struct {
		Label   string           `json:"label"`
		Members []jsontext.Value `json:"members"`
	}
	if labelled {
		return answer.BadRequest("the parameter label is for text/csv: JSON has a member of that name")
	}
	if err := parse(body, &asked); err != nil {
		return err
	}
	if asked.Members == nil {
		return badRequest("/members", "a group has members, each an Agent or an identity")
	}
	g.Label = asked.Label
	g.Members, err = identitiesOf("/members", asked.Members)
	return err
}

// identitiesOf reads a list of identities, each once.
func identitiesOf(pointer string, list []jsontext.Value) ([]string, error) {
	out, seen := make([]string, 0, len(list)), map[string]bool{}
	for i, raw := range list {
		identity, err := roster.ParseIdentity(raw)
		var bad *roster.Refused
		if errors.As(err, &bad) {
			return nil, badRequest(fmt.Sprintf("%s/%d%s", pointer, i, bad.Pointer), bad.Message)
		}
		if err != nil {
			return nil, err
		}
		if !seen[identity] {
			seen[identity] = true
			out = append(out, identity)
		}
	}
	return out, nil
}

// linesOf reads CSV with one identity a line, each once. A byte order mark, which spreadsheets write, is passed over.
func linesOf(body []byte) ([]string, error) {
	lines := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	lines.FieldsPerRecord, lines.ReuseRecord = 1, true
	out, seen := []string{}, map[string]bool{}
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		at, _ := lines.FieldPos(0)
		if err != nil {
			return nil, badRequest("", fmt.Sprintf("line %d is not CSV with one identity a line", at))
		}
		identity, err := roster.ParseText(line[0])
		var bad *roster.Refused
		if errors.As(err, &bad) {
			return nil, badRequest("", fmt.Sprintf("line %d: %s", at, bad.Message))
		}
		if err != nil {
			return nil, err
		}
		if !seen[identity] {
			seen[identity] = true
			out = append(out, identity)
		}
	}
}

func deleteGroup(a *API, w http.ResponseWriter, r *http.Request, who Operator) error {
	if _, err := answer.Parameters(r); err != nil {
		return err
	}
	if err := a.office.DeleteGroup(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
