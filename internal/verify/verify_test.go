package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"

	"cairn/internal/blob/files"
	"cairn/internal/index"
	"cairn/internal/kv"
	"cairn/internal/kv/bolt"
	"cairn/internal/ledger"
	"cairn/internal/lrs"
	"cairn/internal/projection"
	"cairn/internal/xapi"
)

// world is a Cairn in a folder, opened and closed as its process would be.
type world struct {
	t      testing.TB
	dir    string
	store  *bolt.Store
	ledger *ledger.Ledger
	index  *index.Index
	lrs    *lrs.LRS
}

func (w *world) open() {
	w.t.Helper()
	store, err := bolt.Open(filepath.Join(w.dir, "cairn.db"), bolt.Options{NoSync: true})
	if err != nil {
		w.t.Fatal(err)
	}
	blobs, err := files.Open(filepath.Join(w.dir, "blobs"), files.Options{NoSync: true})
	if err != nil {
		w.t.Fatal(err)
	}
	l, err := ledger.Open(context.Background(), store, ledger.Options{Alone: true})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store, w.ledger, w.index = store, l, index.New(store, l)
	w.lrs = lrs.New(l, w.index, blobs)
	w.t.Cleanup(func() { store.Close() })
}

// damage closes the store, changes rows of a table as a broken disk or hand would, and opens it again. Change returns a row's new
// value, nil to remove it; the first row that it changes is the only one.
func (w *world) damage(table kv.Table, change func(key, value []byte) []byte) {
	w.t.Helper()
	w.store.Close()
	db, err := bbolt.Open(filepath.Join(w.dir, "cairn.db"), 0o600, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		rows := tx.Bucket([]byte(table))
		c := rows.Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			changed := change(bytes.Clone(k), bytes.Clone(v))
			switch {
			case bytes.Equal(changed, v):
			case changed == nil:
				return c.Delete()
			default:
				return rows.Put(bytes.Clone(k), changed)
			}
		}
		return fmt.Errorf("no row of %s was changed", table)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	db.Close()
	w.open()
}

func (w *world) send(statements []string, attachments ...lrs.AttachmentData) {
	w.t.Helper()
	decoded, _, err := xapi.Decode([]byte("["+strings.Join(statements, ",")+"]"), xapi.V1)
	if err != nil {
		w.t.Fatal(err)
	}
	caller := lrs.Caller{Version: xapi.V1, Authority: []byte(`{"mbox":"mailto:authority@example.com"}`), Defines: true}
	if _, err := w.lrs.Store(w.t.Context(), caller, lrs.Submission{Statements: decoded, Attachments: attachments}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) project() {
	w.t.Helper()
	r := &projection.Runner{Name: index.Name, Projection: index.New(w.store, w.ledger), Store: w.store, Ledger: w.ledger}
	if err := r.Run(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) verify(mend ...string) (found []Finding) {
	w.t.Helper()
	v := &Verifier{Store: w.store, Ledger: w.ledger, Index: w.index, LRS: w.lrs, Mend: mend, Found: func(f Finding) { found = append(found, f) }}
	looked := 0
	through, err := v.Run(w.t.Context(), 0, math.MaxInt64, func(_ ledger.Instant, n int) { looked += n })
	if err != nil || looked == 0 {
		w.t.Fatalf("verified %d statements up to %v: %v", looked, through, err)
	}
	return found
}

func id(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte{byte(n)}) }

const refersTo = `{"objectType":"StatementRef","id":%q}`

func statement(n int, verb, object, more string) string {
	return fmt.Sprintf(`{"id":%q,"actor":{"mbox":"mailto:a%d@example.com"},"verb":{"id":%q},"object":%s%s}`, id(n), n%3, verb, object, more)
}

// stocked is a world with a bit of everything in it.
func stocked(t *testing.T) *world {
	w := &world{t: t, dir: t.TempDir()}
	w.open()
	course := `{"id":"http://example.com/course","definition":{"name":{"en":"Course"}}}`
	did, voided := "http://example.com/did", "http://adlnet.gov/expapi/verbs/voided"
	body := []byte("a file")
	attached := fmt.Sprintf(`,"attachments":[{"usageType":"http://example.com/file","display":{"en":"file"},"contentType":"text/plain","length":6,"sha2":"%x"}]`,
		sha256.Sum256(body))
	w.send([]string{statement(1, did, course, ""), statement(2, did, course, `,"timestamp":"2026-01-01T00:00:00Z"`)})
	w.send([]string{statement(3, did, course, attached)}, lrs.AttachmentData{Hash: fmt.Sprintf("%x", sha256.Sum256(body)), ContentType: "text/plain", Body: body})
	w.send([]string{statement(4, "http://example.com/said", fmt.Sprintf(refersTo, id(1)), "")})
	w.send([]string{statement(5, voided, fmt.Sprintf(refersTo, id(2)), "")})
	w.send([]string{statement(1, did, course, ""), statement(6, did, course, "")}) // the first is left out
	w.send([]string{statement(7, voided, fmt.Sprintf(refersTo, id(99)), "")})      // its target is not there
	w.project()
	return w
}

func TestWhatIsWholeIsFoundWhole(t *testing.T) {
	for _, f := range stocked(t).verify() {
		t.Error(f)
	}
}

// TestDamageIsNamed damages one thing at a time by hand: the finding is of its kind, and where a statement can be named it is.
func TestDamageIsNamed(t *testing.T) {
	const version = 8 // bytes before a row's value
	claimOf := func(n int, change func(claim []byte)) func(k, v []byte) []byte {
		of := id(n)
		return func(k, v []byte) []byte {
			if bytes.Contains(k, of[:]) {
				change(v[version:])
			}
			return v
		}
	}
	for name, c := range map[string]struct {
		kind   Kind
		id     int // of the statement that is named; 0 for any
		damage func(w *world)
	}{
		"a claim is removed": {Claim, 6, func(w *world) {
			of := id(6)
			w.damage(kv.IDs, func(k, v []byte) []byte {
				if bytes.Contains(k, of[:]) {
					return nil
				}
				return v
			})
		}},
		"a claim points elsewhere":    {Claim, 6, func(w *world) { w.damage(kv.IDs, claimOf(6, func(c []byte) { c[10] ^= 1 })) }},
		"a claim's digest is another": {Claim, 6, func(w *world) { w.damage(kv.IDs, claimOf(6, func(c []byte) { c[30] ^= 1 })) }},
		"a void mark is lost": {Void, 2, func(w *world) {
			of := id(2)
			w.damage(kv.IDs, func(k, v []byte) []byte {
				if bytes.Contains(k, of[:]) {
					return v[:len(v)-16]
				}
				return v
			})
		}},
		"an entry's body is broken": {Entry, 0, func(w *world) {
			w.damage(kv.Log, func(_, v []byte) []byte { v[len(v)-5] ^= 0xFF; return v })
		}},
		"an entry's head is broken": {Entry, 0, func(w *world) {
			w.damage(kv.Log, func(_, v []byte) []byte { v[version] = 77; return v })
		}},
		"an attachment is removed": {Attachment, 3, func(w *world) { w.eachBlob(os.Remove) }},
		"an attachment is changed": {Attachment, 3, func(w *world) {
			w.eachBlob(func(path string) error { return os.WriteFile(path, []byte("a fake"), 0o600) })
		}},
		"a row of postings is removed": {Posting, 0, func(w *world) {
			w.damage(kv.Index, func(k, v []byte) []byte {
				if k[3] == '1' {
					return nil
				}
				return v
			})
		}},
		"a fingerprint is changed": {Posting, 0, func(w *world) {
			w.damage(kv.Index, func(k, v []byte) []byte {
				if k[3] == '1' {
					v[len(v)-1] ^= 1
				}
				return v
			})
		}},
		"a row of a second list is removed": {Posting, 0, func(w *world) {
			w.damage(kv.Index, func(k, v []byte) []byte {
				if k[3] == '2' {
					return nil
				}
				return v
			})
		}},
		"a row of the catalogue is removed": {Posting, 0, func(w *world) {
			w.damage(kv.Reports, func(_, _ []byte) []byte { return nil })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := stocked(t)
			c.damage(w)
			found := w.verify()
			if len(found) == 0 {
				t.Fatal("nothing is found")
			}
			named := false
			for _, f := range found {
				t.Log(f)
				named = named || f.Kind == c.kind && (c.id == 0 || f.ID == id(c.id))
			}
			if !named {
				t.Errorf("no finding is a %s of statement %d", c.kind, c.id)
			}
		})
	}
}

func (w *world) eachBlob(do func(path string) error) {
	w.t.Helper()
	err := filepath.Walk(filepath.Join(w.dir, "blobs", "attachments"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		return do(path)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestWhatTheIndexLostIsMended loses index rows and has them named pending: the next run lists the statements again.
func TestWhatTheIndexLostIsMended(t *testing.T) {
	w := stocked(t)
	w.damage(kv.Index, func(k, v []byte) []byte {
		if k[3] == '1' {
			return nil
		}
		return v
	})
	if len(w.verify(index.Name)) == 0 {
		t.Fatal("nothing is found")
	}
	w.project()
	for _, f := range w.verify() {
		t.Error(f)
	}
}
