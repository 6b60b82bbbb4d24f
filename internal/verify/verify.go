// Package verify proves that what is stored agrees: it reads the log, and holds every entry, claim, void mark, attachment and index
// row against it. Nothing is changed but one thing, and only when asked: an entry that the index has lost is named pending, and
// so applied by its next run.
package verify

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/xapi"
)

// Kind is what a finding is about.
type Kind string

// The kinds.
const (
	Entry      Kind = "entry"
	Claim      Kind = "claim"
	Void       Kind = "void mark"
	Attachment Kind = "attachment"
	Posting    Kind = "posting"
)

// Finding is something that does not agree. It names a statement by its place, and by its id where that is known; it says nothing of a
// learner.
type Finding struct {
	Kind    Kind
	Place   ledger.Place
	ID      uuid.UUID
	Message string
}

func (f Finding) String() string {
	text := fmt.Sprintf("%s: shard %d, position %x, ordinal %d", f.Kind, f.Place.Shard, f.Place.Position, f.Place.Ordinal)
	if f.ID != uuid.Nil {
		text += ", statement " + f.ID.String()
	}
	return text + ": " + f.Message
}

// Verifier holds the stores of one stack against each other.
type Verifier struct {
	Store  kv.Store
	Ledger *ledger.Ledger
	Index  *index.Index
	LRS    *lrs.LRS
	// SliceSize is how many bytes of the log are held against the rest at a time; 0 for 1 MB.
	SliceSize int
	// Mend are the projections to which entries are named pending of which index rows are missing: what was lost to one may be lost to all.
	Mend []string
	// Found is called for each finding.
	Found func(Finding)
}

const sliceSize = 1 << 20

// Run verifies the statements with from <= stored < to, as far as the horizon. It returns the instant up to which it came, which is where
// to go on when the context ended; progress, unless nil, is told of it and of how many statements were looked at.
func (v *Verifier) Run(ctx context.Context, from, to ledger.Instant, progress func(through ledger.Instant, statements int)) (ledger.Instant, error) {
	to = min(to, v.Ledger.Horizon())
	for from < to {
		entries, through, err := v.Ledger.Entries(ctx, from, to, cmp.Or(v.SliceSize, sliceSize))
		if err != nil {
			return from, err
		}
		s := &slice{Verifier: v, from: from, to: through, ids: map[ledger.Place]uuid.UUID{}}
		if err := s.verify(ctx, entries); err != nil {
			return from, err
		}
		if progress != nil {
			progress(through, len(s.records))
		}
		from = through
	}
	return from, nil
}

// slice is a range of the log that is being looked at.
type slice struct {
	*Verifier
	from, to   ledger.Instant
	records    []ledger.Record
	statements []*xapi.Statement // of the records
	left       []uuid.UUID       // ids of statements that entries left out, and where these are
	leftAt     []ledger.Place
	ids        map[ledger.Place]uuid.UUID
}

func (s *slice) found(k Kind, at ledger.Place, message string) {
	s.Found(Finding{k, at, s.ids[at], message})
}

func (s *slice) verify(ctx context.Context, entries []*ledger.Entry) error {
	s.read(entries)
	for _, check := range []func(context.Context) error{s.claims, s.leftOut, s.voids, s.attachments, s.postings} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

// read unpacks entries, and names those that cannot be read.
func (s *slice) read(entries []*ledger.Entry) {
	for _, e := range entries {
		records, err := s.Ledger.Records(e)
		if err != nil {
			s.found(Entry, ledger.Place{EntryRef: e.EntryRef}, "the entry cannot be read")
			continue
		}
		for _, r := range records {
			if statement, ok := s.parse(r); ok && r.Stored() >= s.from && r.Stored() < s.to {
				s.records, s.statements = append(s.records, r), append(s.statements, statement)
			}
		}
		left, _ := s.Ledger.LeftOut(e) // the body could be read
		for _, r := range left {
			if _, ok := s.parse(r); ok {
				s.left, s.leftAt = append(s.left, s.ids[r.Place]), append(s.leftAt, r.Place)
			}
		}
	}
}

func (s *slice) parse(r ledger.Record) (*xapi.Statement, bool) {
	statement, err := xapi.Parse(r.Text)
	if err != nil {
		s.found(Entry, r.Place, "a statement is not JSON")
		return nil, false
	}
	id, ok := statement.ID()
	if !ok {
		s.found(Entry, r.Place, "a statement has no id")
		return nil, false
	}
	s.ids[r.Place] = id
	return statement, true
}
