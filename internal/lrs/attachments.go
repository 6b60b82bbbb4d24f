package lrs

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"mime"
	"strings"

	"cairn/internal/blob"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// AttachmentData is a part of a multipart request or answer: bytes under their SHA-2 (xAPI 1.0.3 Communication 1.5.2).
type AttachmentData struct {
	Hash        string // as the header says; hex
	ContentType string
	Body        []byte
}

const (
	attachmentRule = "xAPI 1.0.3 Communication 1.5.2"
	// attachmentKeys are the objects that hold attachments: by whose they are, and their SHA-2 in lower case.
	attachmentKeys = "attachments/"
)

// attachmentKey is where the attachment of a statement that an authority vouches for is kept. Whoever merely knows a hash has no claim
// on what somebody else sent under it.
func (l *LRS) attachmentKey(authority []byte, sha2 string) string {
	mac := l.macs.Get().(hash.Hash)
	defer l.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte{'a'})
	mac.Write([]byte(identity(authority)))
	return fmt.Sprintf("%s%x/%s", attachmentKeys, mac.Sum(nil)[:16], strings.ToLower(sha2))
}

// checkAttachments holds the parts of a request against what its statements say: each part is somebody's, by its true hash, and
// each attachment without a fileUrl has its part. Signatures are checked here, since their part is at hand.
func (in *Submission) checkAttachments() error {
	parts := map[string]AttachmentData{}
	for i, part := range in.Attachments {
		if sum := sha2(part.Body, len(part.Hash)); sum == "" || !strings.EqualFold(part.Hash, sum) {
			return &xapi.Problem{Rule: attachmentRule, Message: fmt.Sprintf(
				"attachment part %d: X-Experience-API-Hash is not the SHA-2 of the part's bytes", i+1)}
		}
		parts[strings.ToLower(part.Hash)] = part
	}
	used := map[string]bool{}
	for _, s := range in.Statements {
		for _, a := range s.Attachments() {
			hash := strings.ToLower(a.SHA2)
			part, ok := parts[hash]
			if !ok && a.FileURL == "" {
				return &xapi.Problem{Pointer: a.Pointer, Rule: attachmentRule,
					Message: "the attachment has no fileUrl, and no part of the request has its sha2"}
			}
			used[hash] = true
			if ok && !sameMediaType(part.ContentType, a.ContentType) {
				return &xapi.Problem{Pointer: a.Pointer, Rule: attachmentRule,
					Message: "the contentType of the attachment is not the Content-Type of its part"}
			}
			if a.UsageType == xapi.UsageSignature && ok {
				if err := verifySignature(s, part.Body); err != nil {
					return err
				}
			}
		}
	}
	for i, part := range in.Attachments {
		if !used[strings.ToLower(part.Hash)] {
			return &xapi.Problem{Rule: attachmentRule, Message: fmt.Sprintf(
				"attachment part %d: no statement has an attachment with its X-Experience-API-Hash", i+1)}
		}
	}
	return nil
}

// sameMediaType compares two media types without their parameters; a part need not say its own.
func sameMediaType(part, property string) bool {
	said, _, err := mime.ParseMediaType(part)
	meant, _, _ := mime.ParseMediaType(property)
	return part == "" || err == nil && said == meant
}

// sha2 is the hash of a body in lower-case hex, by the kind of SHA-2 that has so many digits; "" when none has.
func sha2(body []byte, digits int) string {
	switch digits {
	case 2 * sha256.Size224:
		return fmt.Sprintf("%x", sha256.Sum224(body))
	case 2 * sha256.Size:
		return fmt.Sprintf("%x", sha256.Sum256(body))
	case 2 * sha512.Size384:
		return fmt.Sprintf("%x", sha512.Sum384(body))
	case 2 * sha512.Size:
		return fmt.Sprintf("%x", sha512.Sum512(body))
	}
	return ""
}

// putAttachments stores the parts before the statements are committed: a crash leaves an object that nobody names, never a
// statement without its attachment.
func (l *LRS) putAttachments(ctx context.Context, caller Caller, parts []AttachmentData) error {
	for _, part := range parts {
		if err := l.blobs.PutIfAbsent(ctx, l.attachmentKey(caller.Authority, part.Hash), part.Body); err != nil {
			return fmt.Errorf("storing an attachment: %w", err)
		}
	}
	return nil
}

// CheckAttachment reads an attachment that a stored statement names, and says what is wrong with it: "" for nothing. One with a fileUrl need not
// be here.
func (l *LRS) CheckAttachment(ctx context.Context, s *xapi.Statement, a xapi.Attachment) (string, error) {
	body, err := l.blobs.Get(ctx, l.attachmentKey(s.Authority(), a.SHA2))
	switch {
	case errors.Is(err, blob.ErrAbsent) && a.FileURL != "":
		return "", nil
	case errors.Is(err, blob.ErrAbsent):
		return "an attachment is missing", nil
	case err != nil:
		return "", fmt.Errorf("reading an attachment: %w", err)
	case !strings.EqualFold(sha2(body, len(a.SHA2)), a.SHA2):
		return "an attachment is not what its sha2 says", nil
	}
	return "", nil
}

// Attachments returns the attachments of statements that are stored here, each once, in their order, and how many of the
// statements they cover: no more than fit into size bytes, but always one.
func (l *LRS) Attachments(ctx context.Context, records []ledger.Record, size int) (parts []AttachmentData, covered int, err error) {
	seen := map[string]bool{}
	for i, r := range records {
		s, err := xapi.Parse(r.Text)
		if err != nil {
			return nil, 0, err
		}
		var own []AttachmentData
		for _, a := range s.Attachments() {
			key := l.attachmentKey(s.Authority(), a.SHA2)
			if seen[key] {
				continue
			}
			seen[key] = true
			body, err := l.blobs.Get(ctx, key)
			if errors.Is(err, blob.ErrAbsent) {
				continue // it is at its fileUrl
			}
			if err != nil {
				return nil, 0, fmt.Errorf("reading an attachment: %w", err)
			}
			if len(body) > size && a.FileURL != "" {
				continue // no answer has room for it, and it can be had there
			}
			own = append(own, AttachmentData{Hash: a.SHA2, ContentType: a.ContentType, Body: body})
			size -= len(body)
		}
		if size -= len(r.Text); size < 0 && i > 0 {
			return parts, i, nil
		}
		parts = append(parts, own...)
	}
	return parts, len(records), nil
}
