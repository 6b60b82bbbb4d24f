package documents

import (
	"slices"
	"strings"
)

// Precondition is what must hold of a document when it is written or deleted (RFC 9110, 13.1; xAPI 1.0.3 Communication 3.1;
// IEEE 9274.1.1, 4.1.4). It is evaluated on the very state that the write replaces.
type Precondition struct {
	IfMatch     []string // ETags as sent, or "*"; empty: not asked for
	IfNoneMatch []string
	// RequireOnReplace and RequireOnCreate refuse a write that asks for neither, of a document that exists, or does not.
	RequireOnReplace bool
	RequireOnCreate  bool
}

// check evaluates the precondition on what stands there, nil for nothing.
func (p Precondition) check(current *record) error {
	switch {
	case len(p.IfMatch) > 0 && !p.matches(current):
		return ErrPreconditionFailed
	case len(p.IfNoneMatch) > 0 && !p.noneMatches(current):
		return ErrPreconditionFailed
	case len(p.IfMatch) > 0 || len(p.IfNoneMatch) > 0:
		return nil
	case p.RequireOnReplace && current != nil:
		return ErrConflict
	case p.RequireOnCreate && current == nil:
		return ErrPreconditionRequired
	}
	return nil
}

// matches compares strongly: a weak tag says that the bytes may be others, so it never matches.
func (p Precondition) matches(current *record) bool {
	return current != nil && (slices.Contains(p.IfMatch, "*") || slices.Contains(p.IfMatch, current.tag()))
}

// noneMatches compares weakly: what may be the same document counts as the same.
func (p Precondition) noneMatches(current *record) bool {
	return current == nil || !slices.ContainsFunc(p.IfNoneMatch, func(tag string) bool {
		return tag == "*" || strings.TrimPrefix(tag, "W/") == current.tag()
	})
}
