package verify

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"cairn/internal/ledger"
	"cairn/internal/projection"
)

// claims checks that each statement's id is claimed for its place, by what was sent.
func (s *slice) claims(ctx context.Context) error {
	ids := make([]uuid.UUID, len(s.records))
	for i, r := range s.records {
		ids[i] = s.ids[r.Place]
	}
	claims, err := s.Ledger.Claims(ctx, distinct(ids))
	if err != nil {
		return err
	}
	for i, r := range s.records {
		c, ok := claims[ids[i]]
		_, voids := s.statements[i].Voids()
		switch {
		case !ok:
			s.found(Claim, r.Place, "the statement's id is not claimed")
		case c.Err != nil:
			s.found(Claim, r.Place, "the claim on the statement's id cannot be read")
		case c.Place != r.Place:
			s.found(Claim, r.Place, "the statement's id is claimed for another place")
		case !s.LRS.IsDigestOf(c.Digest, s.statements[i]):
			s.found(Claim, r.Place, "the claim's digest is not the statement's")
		case c.Voids != voids:
			s.found(Claim, r.Place, "the claim does not say whether the statement voids another")
		case r.Voided != (c.Marked && !voids):
			s.found(Void, r.Place, "the entry and the claim do not agree on whether the statement is voided")
		}
	}
	return nil
}

func distinct(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	out := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// leftOut checks that what an entry left out is stored elsewhere.
func (s *slice) leftOut(ctx context.Context) error {
	stored, err := s.Ledger.FindMany(ctx, distinct(s.left))
	if err != nil {
		return err
	}
	for i, id := range s.left {
		if _, ok := stored[id]; !ok {
			s.found(Entry, s.leftAt[i], "a statement was left out as stored elsewhere, and is not")
		}
	}
	return nil
}

// voids checks that what a statement voids is marked.
func (s *slice) voids(ctx context.Context) error {
	targets := map[uuid.UUID]ledger.Place{}
	for i, statement := range s.statements {
		if target, ok := statement.Voids(); ok {
			targets[target] = s.records[i].Place
		}
	}
	if len(targets) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(targets))
	for id := range targets {
		ids = append(ids, id)
	}
	claims, err := s.Ledger.Claims(ctx, ids)
	if err != nil {
		return err
	}
	for id, at := range targets {
		if c := claims[id]; c.Err == nil && !c.Marked {
			s.found(Void, at, "the statement that it voids is not marked")
		}
	}
	return nil
}

// attachments checks that each is there, and what its hash says.
func (s *slice) attachments(ctx context.Context) error {
	seen := map[string]bool{}
	for i, statement := range s.statements {
		for _, a := range statement.Attachments() {
			key := string(statement.Authority()) + a.SHA2
			if seen[key] {
				continue
			}
			seen[key] = true
			wrong, err := s.LRS.CheckAttachment(ctx, statement, a)
			if err != nil {
				return err
			}
			if wrong != "" {
				s.found(Attachment, s.records[i].Place, wrong)
			}
		}
	}
	return nil
}

// postings checks what the index says of the slice.
func (s *slice) postings(ctx context.Context) error {
	faults, err := s.Index.Check(ctx, s.from, s.to, s.records)
	if err != nil {
		return err
	}
	lost := map[ledger.EntryRef]bool{}
	for _, f := range slices.Compact(faults) { // a statement has many terms: one finding says that it lacks them
		s.found(Posting, f.Place, f.Message)
		if _, stored := s.ids[f.Place]; stored {
			lost[f.EntryRef] = true
		}
	}
	if len(s.Mend) == 0 || len(lost) == 0 {
		return nil
	}
	refs := make([]ledger.EntryRef, 0, len(lost))
	for ref := range lost {
		refs = append(refs, ref)
	}
	for _, name := range s.Mend {
		if err := projection.AddPending(ctx, s.Store, name, "the index had lost it", refs); err != nil {
			return err
		}
	}
	return nil
}
