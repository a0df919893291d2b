package ui

import (
	"errors"
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// handEvery is how often a desk says that work on the case in hand goes on.
const handEvery = time.Minute

// hand is the case that the reviewer has opened to review, so that nobody else decides on it.
type hand struct {
	reference string // "" for none
	request   int    // number of the latest wish
	typed     int    // keys of the session when work was last seen
	idle      int    // how many times since then none was
	refused   string // the case that could not be taken in hand, or was let go for want of work
	refusedAt int    // keys of the session then
}

// handed is the answer to a wish to have a case in hand, or none.
type handed struct {
	desk      *desk
	request   int
	reference string
	err       error
}

// handTick says that it is time to prolong a claim.
type handTick struct {
	desk    *desk
	request int
}

// hear notes who has which case in hand.
func (s *session) hear(n *store.News) {
	if n.Again || s.claims == nil {
		s.claims = map[string]review.Claim{}
	}
	for _, c := range n.Claims {
		if s.claims[c.Reference] = c; c.By == "" {
			delete(s.claims, c.Reference)
		}
	}
}

// other returns the claim of another account on a case, nil for none.
func (s *session) other(reference string) *review.Claim {
	if c, ok := s.claims[reference]; ok && c.By != s.by.Name {
		return &c
	}
	return nil
}

// sameClaim reports whether both say the same of who has a case.
func sameClaim(a, b *review.Claim) bool {
	return a == b || a != nil && b != nil && a.By == b.By && a.Since.Equal(b.Since)
}

// nameOf is how the screen calls an account of which only the name is known.
func (s *session) nameOf(account string) string {
	if at := slices.IndexFunc(s.colleagues, func(a review.Account) bool { return a.Name == account }); at >= 0 {
		return s.called(s.colleagues[at])
	}
	return Plain(account)
}

// afresh has the open case laid out anew: what accounts are called has been read.
func (d *desk) afresh() {
	if d.file != nil {
		again := *d.file
		d.file = &again
	}
}

// inWork reports whether one of the screens over the desk is work on the case: the case in the whole window, its proofs, or
// the beginning of a decision. Moving the cursor past a case that opens in the pane is not.
func inWork(above []screen) bool {
	return slices.ContainsFunc(above, func(s screen) bool {
		switch s.(type) {
		case *detailScreen, *pictureScreen, *rejectScreen, *askPanel, *pickerScreen:
			return true
		}
		return false
	})
}

// work takes the case in hand when it is opened to review, and lets go of the one before when the cursor has left it.
func (d *desk) work(above []screen) tea.Cmd {
	h := &d.hand
	if d.s.news == nil || d.list.fetching() {
		return nil
	}
	id := ""
	if d.file != nil && d.file.application != nil {
		id = d.file.id()
	}
	switch {
	case id == h.reference:
		return nil
	case id != "" && inWork(above) && d.mayTake(id):
		h.typed, h.idle = d.s.typed, 0
		return d.wish(id)
	case h.reference != "":
		return d.wish("")
	}
	return nil
}

func (d *desk) mayTake(id string) bool {
	refused := d.hand.refused == id && d.hand.refusedAt == d.s.typed
	return !refused && d.writing == "" && d.s.other(id) == nil && d.file.application.Claimable(d.s.by) == nil
}

// wish makes the command that takes a case in hand, or none.
func (d *desk) wish(reference string) tea.Cmd {
	h := &d.hand
	h.reference, h.request = reference, d.s.next()
	news, account, clock, request := d.s.news, d.s.by.Name, d.s.clock, h.request
	return func() tea.Msg {
		_, err := news.Claim(account, reference, request, clock())
		return handed{d, request, reference, err}
	}
}

func (d *desk) handed(msg handed) tea.Cmd {
	h := &d.hand
	if msg.desk != d || msg.request != h.request {
		return nil
	}
	if msg.err != nil {
		h.reference, h.refused, h.refusedAt = "", msg.reference, d.s.typed
		if denied, ok := errors.AsType[*review.DeniedError](msg.err); ok && denied.Code == "claimed" {
			d.say = notice{informs, d.s.words.Explain(msg.err)}
		}
		return d.s.logged(msg.err)
	}
	if h.reference = msg.reference; h.reference == "" {
		return nil
	}
	return d.s.later(handEvery, handTick{d, h.request})
}

// handTick prolongs the claim where there was work, and lets go of it where there was none for as long as the policy says.
func (d *desk) handTick(msg handTick) tea.Cmd {
	h := &d.hand
	if msg.desk != d || msg.request != h.request || h.reference == "" {
		return nil
	}
	if h.typed != d.s.typed {
		h.typed, h.idle = d.s.typed, 0
		return d.wish(h.reference)
	}
	if h.idle++; h.idle < d.s.policy.ClaimMinutes {
		return d.s.later(handEvery, msg)
	}
	d.say = notice{informs, d.s.words.Say("claim.lapsed", h.reference, d.s.policy.ClaimMinutes)}
	h.refused, h.refusedAt = h.reference, d.s.typed
	return d.wish("")
}

// claimsHeard shows the open case with who has it, and says so when another has taken it over.
func (d *desk) claimsHeard(claims []review.Claim) {
	h := &d.hand
	for _, c := range claims {
		if c.Reference != h.reference || h.reference == "" || c.By == d.s.by.Name {
			continue
		}
		h.reference = ""
		if c.By != "" {
			d.say = notice{refused, d.s.words.Say("claim.lost", c.Reference, d.s.nameOf(c.By))}
		}
	}
	d.adorn()
}

// claimedBy says who has the case when that keeps the account from the action; "" for nobody.
func (d *desk) claimedBy(do review.Action) string {
	c := d.s.other(d.file.id())
	f := review.Facts{Claim: c, Lease: d.file.lease}
	err := f.Free(d.s.by, do)
	switch {
	case err == nil:
		return ""
	case d.file.lease != nil:
		return d.s.words.Explain(err)
	}
	return d.s.words.Say("claim.other", d.s.nameOf(c.By))
}

// mayTakeOver reports whether another has the case in hand and the account could take it over.
func (d *desk) mayTakeOver() bool {
	return d.file != nil && d.file.claim != nil && d.file.application != nil && d.file.application.Claimable(d.s.by) == nil
}

// takeOver asks, and then takes a case over that another has in hand.
func (d *desk) takeOver() (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	a, w := d.file.application, d.s.words
	if a == nil {
		return refuse(w.Say("certificate.no_decision")), nil
	}
	if err := a.Claimable(d.s.by); err != nil {
		return refuse(w.Explain(err)), nil
	}
	c := d.s.other(a.Reference)
	if c == nil {
		return tell(w.Say("claim.free", a.Reference)), nil
	}
	text := w.Say("claim.confirm", a.Reference, d.s.nameOf(c.By))
	return step{open: newConfirm(d.s, text, func() tea.Cmd { return d.takingOver(a.Reference) })}, nil
}

func (d *desk) takingOver(reference string) tea.Cmd {
	h := &d.hand
	h.request, h.typed, h.idle = d.s.next(), d.s.typed, 0
	news, account, clock, request, done := d.s.news, d.s.by.Name, d.s.clock, h.request, d.s.words.Say("claim.taken", reference)
	return d.write(reference, true, func() doneMsg {
		if _, err := news.TakeOver(account, reference, request, clock()); err != nil {
			return doneMsg{err: fmt.Errorf("take over %s: %w", reference, err)}
		}
		return doneMsg{text: done, made: tookOver{reference, request}}
	})
}

// tookOver says that the case is in hand now.
type tookOver struct {
	reference string
	request   int
}

// tookOver notes what the take-over brought, before the news say so too.
func (d *desk) tookOver(msg tookOver) tea.Cmd {
	d.s.claims[msg.reference] = review.Claim{Reference: msg.reference, By: d.s.by.Name}
	d.adorn()
	return d.handed(handed{desk: d, request: msg.request, reference: msg.reference})
}

// claimed adds the line that says who has the case in hand.
func (sh *sheet) claimed() {
	if c := sh.file.claim; c != nil {
		text := sh.s.words.Say("claim.line", sh.s.nameOf(c.By), c.Since.In(review.Zone).Format("15:04"))
		sh.paragraph(signWarn, text, sh.s.styles.warn, 2, -1)
	}
}

// inHand is who has the case of a row in hand.
func (l *list) inHand(r *store.Row) cell {
	if c := l.s.other(rowID(r)); c != nil {
		return cell{l.s.nameOf(c.By), l.s.styles.warn}
	}
	return l.plain("")
}

// anyInHand reports whether another has a case of the window in hand.
func (l *list) anyInHand() bool {
	return slices.ContainsFunc(l.rows, func(r store.Row) bool { return r.Application != nil && l.s.other(rowID(&r)) != nil })
}
