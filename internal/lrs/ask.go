package lrs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"cairn/internal/index"
	"cairn/internal/ledger"
	"cairn/internal/xapi"
)

// Question is what GET /statements asks (xAPI 1.0.3 Communication 2.1.3). Empty fields do not filter.
type Question struct {
	Agent             *xapi.AgentID
	Verb, Activity    string
	Registration      uuid.UUID
	RelatedAgents     bool
	RelatedActivities bool
	Since, Until      time.Time
	Ascending         bool
	Limit             int // 0: as many as the server gives
	Format            Format
	Attachments       bool
}

// Answer is a page of statements.
type Answer struct {
	Records []ledger.Record
	More    string // what a caller hands to Continue; "" at the end
	// Format and Attachments are the question's, which a continued list keeps.
	Format      Format
	Attachments bool

	list list
}

// Limits of a page. MaxAnswer leaves room for base64 and headers in the 6 MB that Lambda may answer.
const (
	maxLimit  = 500
	MaxAnswer = 4 << 20
)

// clockSlack is how far the clocks of two writers may be apart.
const clockSlack = ledger.Instant(time.Second / time.Microsecond)

// ByID returns a statement: one that is not voided, or, when asked for a voided one, one that is.
func (l *LRS) ByID(ctx context.Context, caller Caller, id uuid.UUID, voided bool) (ledger.Record, error) {
	r, err := l.ledger.Find(ctx, id)
	if errors.Is(err, ledger.ErrAbsent) || err == nil && r.Voided != voided {
		return r, ErrAbsent
	}
	if err != nil {
		return r, err
	}
	if caller.OnlyMine {
		s, err := xapi.Parse(r.Text)
		if err != nil {
			return r, err
		}
		if !mine(caller)(s) {
			return r, ErrAbsent
		}
	}
	return r, nil
}

// Ask returns the first page of an answer.
func (l *LRS) Ask(ctx context.Context, caller Caller, q Question) (Answer, error) {
	x := list{
		From: 0, To: math.MaxInt64, Descending: !q.Ascending, Limit: limit(q.Limit),
		Format: q.Format, Attachments: q.Attachments, Filters: l.filters(q),
	}
	if !q.Since.IsZero() {
		x.From = ledger.At(q.Since) + 1
	}
	if !q.Until.IsZero() {
		x.To = ledger.At(q.Until) + 1
	}
	horizon := l.ledger.Horizon()
	switch {
	case q.Ascending:
		x.Asked = l.ledger.Now()
		x.To = min(x.To, x.Asked+l.slack()+1)
	case !q.Since.IsZero():
		x.To = min(x.To, horizon)
	}
	return l.page(ctx, caller, x)
}

// Continue returns the page that a More stands for.
func (l *LRS) Continue(ctx context.Context, caller Caller, more string) (Answer, error) {
	x, err := decodeMore(more)
	if err != nil {
		return Answer{}, err
	}
	return l.page(ctx, caller, x)
}

func limit(asked int) int {
	if asked == 0 {
		return maxLimit
	}
	return min(asked, maxLimit)
}

func (l *LRS) filters(q Question) (out []index.Filter) {
	add := func(kind xapi.Kind, value string) { out = append(out, l.index.NewFilter(kind, value)) }
	if q.Registration != uuid.Nil {
		add(xapi.Registration, q.Registration.String())
	}
	if q.Agent != nil {
		kind := xapi.Agent
		if q.RelatedAgents {
			kind = xapi.RelatedAgent
		}
		add(kind, q.Agent.Identity())
	}
	if q.Activity != "" {
		kind := xapi.Activity
		if q.RelatedActivities {
			kind = xapi.RelatedActivity
		}
		add(kind, q.Activity)
	}
	if q.Verb != "" {
		add(xapi.Verb, q.Verb)
	}
	return out
}

// page reads one page of a list. An ascending list is what a client polls with: its pages stop at the horizon, and it goes on,
// page after page, until the horizon has passed its first request, so that it ends with everything that was stored by then.
func (l *LRS) page(ctx context.Context, caller Caller, x list) (Answer, error) {
	for waited := false; ; waited = true {
		horizon := l.ledger.Horizon()
		q := index.Query{
			Filters: x.Filters, From: x.From, To: x.To, Descending: x.Descending, After: x.After,
			Limit: x.Limit, Bytes: MaxAnswer,
		}
		if x.Asked != 0 {
			q.To = min(q.To, horizon)
		}
		if caller.OnlyMine {
			q.Accept = mine(caller)
			own := xapi.AuthorityIdentities(caller.Authority)
			if len(own) == 0 {
				return Answer{}, errors.New("lrs: the caller's authority is none")
			}
			// Of an application and its user, the user has fewer statements: Accept looks at both.
			q.Filters = append(q.Filters[:len(q.Filters):len(q.Filters)], l.index.NewFilter(xapi.RelatedAgent, own[len(own)-1]))
		}
		page, err := l.index.Search(ctx, q)
		if err != nil {
			return Answer{}, err
		}
		a := Answer{Records: page.Records, Format: x.Format, Attachments: x.Attachments, list: x}
		unfinished := x.Asked != 0 && horizon < x.To
		switch {
		case !page.More.Position.Zero():
			a.More = x.after(page.More)
		case unfinished && len(page.Records) > 0:
			a.More = x.after(page.Records[len(page.Records)-1].Place)
		case unfinished && !waited:
			if err := pause(ctx, time.Second); err != nil {
				return Answer{}, err
			}
			continue
		case unfinished:
			a.More = x.after(x.After)
		}
		return a, nil
	}
}

// slack is what two writers' clocks may be apart; a writer that is alone has one clock.
func (l *LRS) slack() ledger.Instant {
	if l.ledger.Alone() {
		return 0
	}
	return clockSlack
}

// Cut shortens a page to its first n statements; More goes on behind them.
func (a *Answer) Cut(n int) {
	if n < len(a.Records) {
		a.Records = a.Records[:n]
		a.More = a.list.after(a.Records[n-1].Place)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// mine accepts the statements that the caller's authority vouches for.
func mine(caller Caller) func(*xapi.Statement) bool {
	own := identity(caller.Authority)
	return func(s *xapi.Statement) bool { return own != "" && identity(s.Authority()) == own }
}

// identity is the same for all authorities that name the same; "" for what is none.
func identity(authority []byte) string {
	switch named := xapi.AuthorityIdentities(authority); len(named) {
	case 0:
		return ""
	case 1:
		return named[0]
	default:
		return fmt.Sprintf("%q", named) // no name can look like two
	}
}
