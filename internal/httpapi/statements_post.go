package httpapi

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/lrs"
	"cairn/internal/xapi"
)

// putStatement stores one statement under the id in the parameter (xAPI 1.0.3 Communication 2.1.1).
func putStatement(a *API, w http.ResponseWriter, r *request) error {
	if err := r.only("statementId"); err != nil {
		return err
	}
	if _, err := r.required("statementId"); err != nil {
		return err
	}
	id, err := r.uuid("statementId")
	if err != nil {
		return err
	}
	if _, err := a.store(r, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// postStatements stores one statement or a list of them (xAPI 1.0.3 Communication 2.1.2).
func postStatements(a *API, w http.ResponseWriter, r *request) error {
	if err := r.only(); err != nil {
		return err
	}
	ids, err := a.store(r, uuid.Nil)
	if err != nil {
		return err
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, text)
	return nil
}

func (a *API) store(r *request, put uuid.UUID) ([]uuid.UUID, error) {
	if !r.principal.WriteStatements() {
		return nil, answer.Forbidden
	}
	body, attachments, err := r.statementBody()
	if err != nil {
		return nil, err
	}
	statements, single, err := xapi.Decode(body, r.version)
	if err != nil {
		return nil, err
	}
	if put != uuid.Nil && !single {
		return nil, &answer.Refusal{Status: http.StatusBadRequest, Rule: "xAPI 1.0.3 Communication 2.1.1",
			Message: "one statement is put, not a list"}
	}
	if err := a.gate.Spend(r.Context(), r.principal, auth.Statements, int64(len(statements))); err != nil {
		return nil, err
	}
	return a.lrs.Store(r.Context(), r.caller(), lrs.Submission{Statements: statements, Attachments: attachments, Put: put})
}
