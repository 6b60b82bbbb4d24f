package lrs

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/telemetry"
	"cairn/internal/xapi"
)

// Submission is the statements of one request and the attachments that came with them.
type Submission struct {
	Statements  []*xapi.Statement
	Attachments []AttachmentData
	// Put is the id under which a single statement is put (PUT ?statementId=); uuid.Nil for a POST.
	Put uuid.UUID
}

// Store stores a submission, all of it or nothing, and returns the ids in the order sent. Each statement is stored once, however
// often it is sent.
func (l *LRS) Store(ctx context.Context, caller Caller, in Submission) ([]uuid.UUID, error) {
	ids, err := in.ids()
	if err != nil {
		return nil, err
	}
	if err := in.checkAttachments(); err != nil || len(ids) == 0 {
		return ids, err
	}
	if err := l.putAttachments(ctx, caller, in.Attachments); err != nil {
		return nil, err
	}
	telemetry.Add(ctx, telemetry.BatchSize, len(in.Statements))
	drafts := make([]ledger.Draft, len(in.Statements))
	for i, s := range in.Statements {
		drafts[i] = l.draft(caller, s, ids[i])
	}
	err = l.ledger.Append(ctx, drafts, caller.Defines)
	if errors.As(err, new(*ledger.ErrConflict)) {
		if same, readErr := l.recognise(ctx, drafts); readErr != nil {
			return nil, readErr
		} else if same {
			err = l.ledger.Append(ctx, drafts, caller.Defines)
		}
	}
	var conflict *ledger.ErrConflict
	if errors.As(err, &conflict) {
		telemetry.Add(ctx, telemetry.Conflicts, 1)
		return nil, &Conflict{ids[conflict.Ordinal]}
	}
	return ids, err
}

// stampSize is about what is filled in, beside the authority.
const stampSize = 200

func (l *LRS) draft(caller Caller, s *xapi.Statement, id uuid.UUID) ledger.Draft {
	voids, _ := s.Voids()
	return ledger.Draft{
		ID: id, Digest: l.digest(s), Voids: voids, Size: len(s.Raw()) + stampSize + len(caller.Authority),
		Render: func(dst []byte, stored ledger.Instant) []byte {
			return s.AppendStored(dst, xapi.Stamp{
				ID: id, Stored: stored.Time(), Authority: caller.Authority, Version: caller.Version,
			})
		},
	}
}

// recognise finds the drafts that are the same as what is stored but for a timestamp that was filled in on one side: what Cairn gave
// out and gets back, or what another LRS passed on. They take the digest of what is stored. Same says that there was one.
func (l *LRS) recognise(ctx context.Context, drafts []ledger.Draft) (same bool, err error) {
	ids := make([]uuid.UUID, len(drafts))
	for i, d := range drafts {
		ids[i] = d.ID
	}
	claims, err := l.ledger.Claims(ctx, ids)
	if err != nil {
		return false, err
	}
	stored, err := l.ledger.FindMany(ctx, ids)
	if err != nil {
		return false, err
	}
	for i, d := range drafts {
		r, ok := stored[d.ID]
		if claim := claims[d.ID]; ok && claim.Digest != d.Digest {
			if s, err := xapi.Parse(r.Text); err == nil && l.IsDigestOf(d.Digest, s) {
				drafts[i].Digest, same = claim.Digest, true
			}
		}
	}
	return same, nil
}

// ids are the statements' own, or new ones.
func (in *Submission) ids() ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(in.Statements))
	for i, s := range in.Statements {
		id, has := s.ID()
		switch {
		case in.Put == uuid.Nil && !has:
			id = uuid.New()
		case in.Put != uuid.Nil && has && id != in.Put:
			return nil, &xapi.Problem{
				Pointer: "/id", Rule: "xAPI 1.0.3 Communication 2.1.1",
				Message: "the statement's id is not the one in the parameter statementId",
			}
		case in.Put != uuid.Nil:
			id = in.Put
		}
		ids[i] = id
	}
	return ids, nil
}
