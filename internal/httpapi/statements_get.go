package httpapi

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"

	"cairn/internal/answer"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
)

const (
	// moreParameter carries what a list goes on with. It is ours: the spec leaves the form of a more link to the LRS.
	moreParameter = "more"
)

// getStatements answers with one statement by its id, or a page of a list (xAPI 1.0.3 Communication 2.1.3).
func getStatements(a *API, w http.ResponseWriter, r *request) error {
	if !r.principal.ReadStatements() {
		return answer.Forbidden
	}
	switch {
	case r.has("statementId") || r.has("voidedStatementId"):
		return getStatement(a, w, r)
	case r.has(moreParameter):
		if err := r.only(moreParameter); err != nil {
			return err
		}
		answer, err := a.lrs.Continue(r.Context(), r.caller(), r.query.Get(moreParameter))
		if err != nil {
			return err
		}
		return a.writeList(w, r, answer)
	}
	q, err := r.question()
	if err != nil {
		return err
	}
	answer, err := a.lrs.Ask(r.Context(), r.caller(), q)
	if err != nil {
		return err
	}
	return a.writeList(w, r, answer)
}

func getStatement(a *API, w http.ResponseWriter, r *request) error {
	name := "statementId"
	if r.has("voidedStatementId") {
		name = "voidedStatementId"
	}
	for other := range r.query {
		if other != name && (other == "statementId" || slices.Contains(listParameters, other)) {
			return &answer.Refusal{Status: http.StatusBadRequest, Rule: "xAPI 1.0.3 Communication 2.1.3",
				Message: "the parameter " + other + " does not go together with " + name}
		}
	}
	if err := r.only(name, "format", "attachments"); err != nil {
		return err
	}
	if _, err := r.required(name); err != nil {
		return err
	}
	id, err := r.uuid(name)
	if err != nil {
		return err
	}
	format, attachments, err := r.presentation()
	if err != nil {
		return err
	}
	record, err := a.lrs.ByID(r.Context(), r.caller(), id, name == "voidedStatementId")
	if err != nil {
		return err
	}
	records := []ledger.Record{record}
	texts, err := a.lrs.Render(r.Context(), records, format, r.Header.Get("Accept-Language"))
	if err != nil {
		return err
	}
	setLastModified(w, record.Stored().Time())
	if !attachments {
		answer.JSON(w, http.StatusOK, texts[0])
		return nil
	}
	parts, _, err := a.lrs.Attachments(r.Context(), records, lrs.MaxAnswer)
	if err != nil {
		return err
	}
	return writeMultipart(w, texts[0], parts)
}

// presentation reads how statements are to be returned.
func (r *request) presentation() (format lrs.Format, attachments bool, err error) {
	switch v := r.query.Get("format"); {
	case !r.has("format") || v == "exact":
		format = lrs.Exact
	case v == "ids":
		format = lrs.IDs
	case v == "canonical":
		format = lrs.Canonical
	default:
		return 0, false, parameterProblem("format", "is none of ids, exact and canonical")
	}
	attachments, err = r.bool("attachments")
	return format, attachments, err
}

// listParameters say which statements a list holds.
var listParameters = []string{"agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until",
	"limit", "ascending"}

// question reads the parameters of a list.
func (r *request) question() (q lrs.Question, err error) {
	if err := r.only(append(listParameters, "format", "attachments")...); err != nil {
		return q, err
	}
	steps := []func() error{
		func() (err error) { q.Agent, err = r.agent("agent"); return },
		func() (err error) { q.Verb, err = r.iri("verb"); return },
		func() (err error) { q.Activity, err = r.iri("activity"); return },
		func() (err error) { q.Registration, err = r.uuid("registration"); return },
		func() (err error) { q.RelatedAgents, err = r.bool("related_agents"); return },
		func() (err error) { q.RelatedActivities, err = r.bool("related_activities"); return },
		func() (err error) { q.Since, err = r.time("since"); return },
		func() (err error) { q.Until, err = r.time("until"); return },
		func() (err error) { q.Ascending, err = r.bool("ascending"); return },
		func() (err error) { q.Limit, err = r.number("limit"); return },
		func() (err error) { q.Format, q.Attachments, err = r.presentation(); return },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return q, err
		}
	}
	return q, nil
}

func (r *request) number(name string) (int, error) {
	if !r.has(name) {
		return 0, nil
	}
	n, err := strconv.ParseUint(r.query.Get(name), 10, 31)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt32, nil // more than there will ever be
	}
	if err != nil {
		return 0, parameterProblem(name, "is not a whole number from 0")
	}
	return int(n), nil
}

// writeList answers with a StatementResult: a page, and where it goes on.
func (a *API) writeList(w http.ResponseWriter, r *request, list lrs.Answer) error {
	var parts []lrs.AttachmentData
	if list.Attachments {
		var covered int
		var err error
		if parts, covered, err = a.lrs.Attachments(r.Context(), list.Records, lrs.MaxAnswer); err != nil {
			return err
		}
		list.Cut(covered)
	}
	texts, err := a.lrs.Render(r.Context(), list.Records, list.Format, r.Header.Get("Accept-Language"))
	if err != nil {
		return err
	}
	newest := ledger.Instant(0)
	for _, record := range list.Records {
		newest = max(newest, record.Stored())
	}
	if newest > 0 {
		setLastModified(w, newest.Time())
	}
	result := statementResult(texts, list.More)
	if list.Attachments {
		return writeMultipart(w, result, parts)
	}
	answer.JSON(w, http.StatusOK, result)
	return nil
}

// statementResult joins statements into the object of xAPI 1.0.3 Data 2.5; more is relative to the host.
func statementResult(texts [][]byte, more string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"statements":[`)
	b.Write(bytes.Join(texts, []byte{','}))
	b.WriteString(`],"more":"`)
	if more != "" {
		b.WriteString(Base + "/statements?" + moreParameter + "=" + more)
	}
	b.WriteString(`"}`)
	return b.Bytes()
}
