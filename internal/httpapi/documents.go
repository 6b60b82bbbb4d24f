package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"cairn/internal/answer"
	"cairn/internal/auth"
	"cairn/internal/documents"
	"cairn/internal/xapi"
)

// documentKind is what sets the three document resources apart (xAPI 1.0.3 Communication 2.3, 2.6, 2.7).
type documentKind struct {
	name     string   // as documents files it
	id       string   // the parameter that names a document
	owners   []string // the parameters that name whose it is, all required
	optional string   // one more that may narrow it
	profile  bool
	mayRead  func(auth.Principal) bool
	mayWrite func(auth.Principal) bool
}

var (
	stateKind = documentKind{name: "state", id: "stateId", owners: []string{"activityId", "agent"}, optional: "registration",
		mayRead: auth.Principal.ReadState, mayWrite: auth.Principal.WriteState}
	activityProfileKind = documentKind{name: "activity profile", id: "profileId", owners: []string{"activityId"}, profile: true,
		mayRead: auth.Principal.ReadProfile, mayWrite: auth.Principal.WriteProfile}
	agentProfileKind = documentKind{name: "agent profile", id: "profileId", owners: []string{"agent"}, profile: true,
		mayRead: auth.Principal.ReadProfile, mayWrite: auth.Principal.WriteProfile}
)

// documentAction answers one request for documents of a resource; id is "" when none is named.
type documentAction func(a *API, w http.ResponseWriter, r *request, res documents.Resource, id string) error

func documentResource(k documentKind) resource {
	act := func(may func(auth.Principal) bool, needsID bool, more []string, do documentAction) action {
		return func(a *API, w http.ResponseWriter, r *request) error {
			if !may(r.principal) {
				return answer.Forbidden
			}
			res, id, err := r.documentOf(k, needsID, more)
			if err != nil {
				return err
			}
			return do(a, w, r, res, id)
		}
	}
	return resource{methods: methods(map[string]action{
		"GET":    act(k.mayRead, false, []string{"since"}, getDocument),
		"PUT":    act(k.mayWrite, true, nil, putDocument(k)),
		"POST":   act(k.mayWrite, true, nil, postDocument),
		"DELETE": act(k.mayWrite, k.profile, nil, deleteDocument),
	})}
}

// documentOf reads which resource, and which of its documents, the parameters name.
func (r *request) documentOf(k documentKind, needsID bool, more []string) (res documents.Resource, id string, err error) {
	known := slices.Concat([]string{k.id}, k.owners, more)
	if k.optional != "" {
		known = append(known, k.optional)
	}
	if err := r.only(known...); err != nil {
		return res, "", err
	}
	parts := make([]string, 0, 3)
	for _, owner := range k.owners {
		part, err := r.owner(owner)
		if err != nil {
			return res, "", err
		}
		parts = append(parts, part)
	}
	if k.optional != "" {
		registration, err := r.uuid(k.optional)
		if err != nil {
			return res, "", err
		}
		if registration != uuid.Nil {
			parts = append(parts, registration.String())
		}
	}
	if needsID || r.has(k.id) {
		if id, err = r.required(k.id); err != nil {
			return res, "", err
		}
		if r.has("since") {
			return res, "", parameterProblem("since", "goes with a list, not with "+k.id)
		}
	}
	return documents.Resource{Kind: k.name, Parts: parts}, id, nil
}

func (r *request) owner(name string) (string, error) {
	if _, err := r.required(name); err != nil {
		return "", err
	}
	if name != "agent" {
		return r.iri(name)
	}
	agent, err := r.agent(name)
	if err != nil {
		return "", err
	}
	return agent.Identity(), nil
}

func getDocument(a *API, w http.ResponseWriter, r *request, res documents.Resource, id string) error {
	if id == "" {
		return listDocuments(a, w, r, res)
	}
	d, err := a.documents.Get(r.Context(), res, id)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", d.ETag)
	setLastModified(w, d.Updated)
	if r.knows(d.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", d.ContentType)
	w.WriteHeader(http.StatusOK)
	w.Write(d.Body)
	return nil
}

func listDocuments(a *API, w http.ResponseWriter, r *request, res documents.Resource) error {
	since, err := r.time("since")
	if err != nil {
		return err
	}
	ids, latest, err := a.documents.List(r.Context(), res, since)
	if err != nil {
		return err
	}
	if ids == nil {
		ids = []string{}
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if !latest.IsZero() {
		setLastModified(w, latest)
	}
	answer.JSON(w, http.StatusOK, text)
	return nil
}

// putDocument replaces a document. What must be said first differs by version and resource (XAPI 1.0.3 Communication 3.1; IEEE
// 9274.1.1, 4.1.4): an existing document is not replaced blindly, but for State in 1.0.3; a new profile in 1.0.3 needs a header too.
func putDocument(k documentKind) documentAction {
	return func(a *API, w http.ResponseWriter, r *request, res documents.Resource, id string) error {
		cond := r.precondition()
		cond.RequireOnReplace = k.profile || r.version != xapi.V1
		cond.RequireOnCreate = k.profile && r.version == xapi.V1
		return a.writeDocument(w, r, func(d documents.Document) error {
			return a.documents.Put(r.Context(), res, id, d, cond)
		})
	}
}

// postDocument merges JSON into a document, or makes it (xAPI 1.0.3 Communication 2.2).
func postDocument(a *API, w http.ResponseWriter, r *request, res documents.Resource, id string) error {
	return a.writeDocument(w, r, func(d documents.Document) error {
		return a.documents.Merge(r.Context(), res, id, d, r.precondition())
	})
}

func (a *API) writeDocument(w http.ResponseWriter, r *request, write func(documents.Document) error) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	kind := r.Header.Get("Content-Type")
	if kind == "" {
		kind = "application/octet-stream"
	}
	if err := write(documents.Document{ContentType: kind, Body: body}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deleteDocument removes one document, or all of a state resource. What is not there is deleted already.
func deleteDocument(a *API, w http.ResponseWriter, r *request, res documents.Resource, id string) error {
	var err error
	if id == "" {
		err = a.documents.DeleteAll(r.Context(), res)
	} else {
		err = a.documents.Delete(r.Context(), res, id, r.precondition())
	}
	if err != nil && !errors.Is(err, documents.ErrAbsent) {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// knows says whether the client has the document already, and need not be sent it (RFC 9110, 13.1.2).
func (r *request) knows(etag string) bool {
	return slices.ContainsFunc(r.precondition().IfNoneMatch, func(tag string) bool {
		return tag == "*" || strings.TrimPrefix(tag, "W/") == etag
	})
}

// precondition reads If-Match and If-None-Match.
func (r *request) precondition() documents.Precondition {
	return documents.Precondition{IfMatch: etags(r.Header.Values("If-Match")), IfNoneMatch: etags(r.Header.Values("If-None-Match"))}
}

func etags(values []string) (out []string) {
	for _, v := range values {
		for tag := range strings.SplitSeq(v, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				out = append(out, tag)
			}
		}
	}
	return out
}
