package review

import (
	"slices"
	"strings"
	"time"
)

// Pack is a work pack (工作包): applications that accounts have taken along to decide where there is no line to the desk.
type Pack struct {
	Number string    `json:"number"` // WP-2026-000012
	MadeAt time.Time `json:"made_at"`
	MadeBy string    `json:"made_by"` // account
	// Until is when its lease ends: what is decided later is not taken, and the desk decides on the cases again.
	Until    time.Time    `json:"until"`
	Accounts []string     `json:"accounts"`
	Query    string       `json:"query,omitempty"`
	Cases    []PackedCase `json:"cases"`
	// Certificates are those taken along to be reprinted, Printing the words that they were chosen by, and Most the limit that
	// was asked for, of cases as of certificates: 0 for all, nil where it is not known. The next pack is asked for in the
	// same way. MoreCertificates says that further ones fit and were left because of the limit.
	Certificates []string `json:"certificates,omitempty"`
	Printing     string   `json:"printing,omitempty"`
	Most         *int     `json:"most,omitempty"`

	MoreCertificates bool `json:"more_certificates,omitempty"`

	// Called back by an administrator, with a reason, before its lease ended.
	CalledBackAt  time.Time `json:"called_back_at,omitzero"`
	CalledBackBy  string    `json:"called_back_by,omitempty"`
	CalledBackFor string    `json:"called_back_for,omitempty"`
	// Finished are the accounts that have said that no more will come back.
	Finished []string `json:"finished,omitempty"`
	// Request is what the laptop that asked for the pack over a line calls it, empty for one that was handed over otherwise.
	// ReceivedAt is when that laptop had it whole: until then the same request is answered with the same pack.
	Request    string    `json:"request,omitempty"`
	ReceivedAt time.Time `json:"received_at,omitzero"`
}

// PackedCase is one application of a pack.
type PackedCase struct {
	Reference string `json:"reference"`
	Revision  int    `json:"revision"`
	// Version is that of the record when it was taken along, and then after the last act of the pack that was taken in: any
	// other one means that somebody else has changed it.
	Version int `json:"version"`
	// Back says that a decision on it has come back, whatever became of that.
	Back bool `json:"back,omitempty"`
}

// Left counts the cases of the pack that nothing has come back on yet.
func (p *Pack) Left() int {
	n := 0
	for _, c := range p.Cases {
		if !c.Back {
			n++
		}
	}
	return n
}

// PackState is where a pack stands.
type PackState string

const (
	PackOut        PackState = "out"         // 外出
	PackFinished   PackState = "finished"    // 已交回
	PackCalledBack PackState = "called_back" // 已召回
	PackExpired    PackState = "expired"     // 已到期
)

// State returns where the pack stands at the time.
func (p *Pack) State(now time.Time) PackState {
	switch {
	case !p.CalledBackAt.IsZero():
		return PackCalledBack
	case p.finished():
		return PackFinished
	case now.After(p.Until):
		return PackExpired
	}
	return PackOut
}

func (p *Pack) finished() bool {
	return !slices.ContainsFunc(p.Accounts, func(name string) bool { return !slices.Contains(p.Finished, name) })
}

// Case returns the case of the reference, nil when the pack has none.
func (p *Pack) Case(reference string) *PackedCase {
	i := slices.IndexFunc(p.Cases, func(c PackedCase) bool { return c.Reference == reference })
	if i < 0 {
		return nil
	}
	return &p.Cases[i]
}

// Lease says that an application is outside with a pack (外出): nobody at the desk decides on it meanwhile.
type Lease struct {
	Pack  string
	With  []string // accounts
	Until time.Time
}

// Lease returns the lease on the pack's cases that stands at the time, nil for none.
func (p *Pack) Lease(now time.Time) *Lease {
	if p.State(now) != PackOut {
		return nil
	}
	return &Lease{Pack: p.Number, With: p.Accounts, Until: p.Until}
}

func (l *Lease) refuse(do Action) error {
	return deny(do, "outside", Args{"pack": l.Pack, "with": strings.Join(l.With, " "), "until": l.Until.In(Zone).Format("2006-01-02 15:04")})
}

// MayTakeOut tells whether the account may make a pack for the accounts: an administrator for any reviewers, a reviewer for
// themselves. Only reviewers of levels before the last take cases out: certificates are numbered at the desk.
func (by *Account) MayTakeOut(officers []Account, p *Policy) error {
	if err := by.May(TakeOut); err != nil {
		return err
	}
	for _, o := range officers {
		switch {
		case o.Disabled:
			return deny(TakeOut, "account_disabled_other", Args{"account": o.Name})
		case by.Role != Administrator && o.Name != by.Name:
			return deny(TakeOut, "pack_for_other", Args{"account": o.Name})
		case o.Role != Reviewer:
			return &RuleError{"pack_not_reviewer", Args{"account": o.Name}}
		case o.Level >= len(p.Levels):
			return &RuleError{"pack_last_level", nil}
		}
	}
	return nil
}

// MayCallBack tells whether the account may end the lease of the pack: administrators, and who made it.
func (by *Account) MayCallBack(p *Pack) error {
	if err := by.May(CallBack); err != nil {
		return err
	}
	if by.Role != Administrator && by.Name != p.MadeBy {
		return deny(CallBack, "pack_of_other", Args{"pack": p.Number})
	}
	return nil
}

// Act is one thing that an officer did on a pack: a decision, a look at an attachment, a note, a reprint.
type Act struct {
	Pack        string    `json:"pack"`
	Number      int       `json:"number"` // from 1, in the order in which they were done
	Account     string    `json:"account"`
	Action      Action    `json:"action"`
	At          time.Time `json:"at"` // by the laptop's clock
	Reference   string    `json:"reference,omitempty"`
	Revision    int       `json:"revision,omitempty"` // that was seen
	Version     int       `json:"version,omitempty"`  // of the record as it was taken along
	Certificate string    `json:"certificate,omitempty"`
	// Reasons, Note, Target and Stated are those of Event.
	Reasons []Reason `json:"reasons,omitempty"`
	Note    string   `json:"note,omitempty"`
	Target  string   `json:"target,omitempty"`
	Stated  []Key    `json:"stated,omitempty"`
	// Copy is the line of the ledger of a certificate that was printed, nil for any other act.
	Copy *Copy `json:"copy,omitempty"`
}

// Decides reports whether the act decides on an application, rather than only being recorded.
func (a *Act) Decides() bool {
	switch a.Action {
	case Approve, Reject, Hold, Release, Reroute, TakeBack:
		return true
	}
	return false
}

// Clocked refuses an act whose time no clock that is right can show: before the pack was made, or ahead of the desk's, give
// or take a day; and one that was done after the lease had ended or the pack had been called back.
func (a *Act) Clocked(p *Pack, now time.Time) error {
	at := a.At.In(Zone).Format("2006-01-02 15:04")
	switch {
	case a.At.Before(p.MadeAt.Add(-24*time.Hour)) || a.At.After(now.Add(24*time.Hour)):
		return &RuleError{"act_clock", Args{"at": at}}
	case a.At.After(p.Until):
		return &RuleError{"act_expired", Args{"at": at, "until": p.Until.In(Zone).Format("2006-01-02 15:04")}}
	case !p.CalledBackAt.IsZero() && a.At.After(p.CalledBackAt):
		return &RuleError{"act_called_back", Args{"at": at, "by": p.CalledBackBy}}
	}
	return nil
}

// Apply does on the application what the act says, with the rules and rights of now: the errors are those of the
// application's own methods.
func (a *Act) Apply(to *Application, by Actor, p *Policy, f Facts, now time.Time) (Event, error) {
	switch a.Action {
	case Approve:
		f.SeenStated = len(a.Stated) > 0
		return to.Approve(by, p, f, a.Note, now)
	case Reject:
		return to.Reject(by, p, a.Reasons, a.Note, now)
	case Hold:
		return to.Hold(by, p, a.Note, now)
	case Release:
		return to.Release(by, p, now)
	case Reroute:
		return to.Reroute(by, p, a.Target, a.Note, now)
	case TakeBack:
		return to.TakeBack(by, p, f, a.Note, now)
	}
	return Event{}, &RuleError{"act_unknown", Args{"action": string(a.Action)}}
}

// Outcome is what became of an act that was handed back.
type Outcome string

const (
	Accepted Outcome = "accepted" // it stands in the register
	Undone   Outcome = "undone"   // the officer took it back on the pack, or it took one back
	Conflict Outcome = "conflict" // somebody has to say what is to become of it
	Settled  Outcome = "settled"  // somebody has said so
	Refused  Outcome = "refused"  // it was only to be recorded, and may not be
)

// Handed is an act as the desk keeps it.
type Handed struct {
	ID  string `json:"id"` // SHA-256 of its leaf in the officer's statement
	Act Act    `json:"act"`
	// Proof shows that the officer signed it, in the form of the pack format.
	Proof   string    `json:"proof"`
	Outcome Outcome   `json:"outcome"`
	At      time.Time `json:"at"` // when it was handed back, by the desk's clock
	By      string    `json:"by"` // account that handed it in
	// Code and Args say why it is a conflict, or was refused.
	Code string `json:"code,omitempty"`
	Args Args   `json:"args,omitempty"`
	// Settlement, SettledBy and SettledAt say what became of a conflict.
	Settlement Settlement `json:"settlement,omitempty"`
	SettledBy  string     `json:"settled_by,omitempty"`
	SettledAt  time.Time  `json:"settled_at,omitzero"`
	// Before says of an answer that the act had been handed back before; it is no part of the record.
	Before bool `json:"-"`
}

// Settlement is what somebody chose to become of a conflict.
type Settlement string

const (
	TakePack Settlement = "pack"  // what the pack says: the officer's decision is made now
	TakeDesk Settlement = "desk"  // what the desk says: nothing changes
	Redo     Settlement = "queue" // the officer's reasons become their draft; the case stays where it is by now
)

// Outside tells of an event that was done on a pack.
type Outside struct {
	Pack string    `json:"pack"`
	At   time.Time `json:"at"`  // by the laptop's clock; Event.At is when the desk took it
	Act  string    `json:"act"` // Handed.ID
}
