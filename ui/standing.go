package ui

import (
	"context"
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
	"rongzheng/store"
)

// standings changes the standing of certificates.
type standings interface {
	Propose(account, number string, seen int, what review.Proposal, now time.Time) (review.Certificate, error)
	Confirm(account, number string, seen int, now time.Time) (review.Certificate, error)
	Dismiss(account, number string, seen int, note string, now time.Time) (review.Certificate, error)
	Waiting(by review.Actor, n int) (single []review.Certificate, anew []store.Reissue, err error)
	Distrusted(by review.Actor, key string, progress func(done int)) ([]store.Reissue, error)
	ProposeReissues(
		ctx context.Context, account, note string, list []store.Reissue, now func() time.Time, took func(store.Reissue, error),
	) error
	ConfirmReissues(
		ctx context.Context, account string, list []store.Reissue, now func() time.Time, took func(store.Reissue, error),
	) error
}

// writes hands a write about a certificate to whoever shows the certificate.
type writes func(number string, run func() doneMsg) tea.Cmd

// proposing asks what the change needs, each with a y at the end, and writes it as a proposal.
func proposing(s *session, c *review.Certificate, do review.Action, write writes) (step, tea.Cmd) {
	if err := s.by.MayStand(c, "", review.Propose, s.policy); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	if err := c.CanPropose(do); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	w := s.words
	switch do {
	case review.Revoke:
		return step{open: newReasons(s, w.Say("standing.ask_revoke", c.Number), s.policy.Revocation, func(code, note string) (step, tea.Cmd) {
			return sure(s, c, review.Proposal{Action: do, Reason: code, Note: note}, write), nil
		})}, nil
	case review.Reinstate:
		return step{open: newAsk(s, ask{title: w.Say("standing.ask_restore", c.Number), label: w.Say("standing.ask_note"), required: true,
			then: func(note string) (step, tea.Cmd) {
				return sure(s, c, review.Proposal{Action: do, Note: note}, write), nil
			},
		})}, nil
	}
	return step{open: newPicker(s, picker{
		title: w.Say("standing.ask_field", c.Number), options: correctable(w),
		then: func(code string) (step, tea.Cmd) { return askCorrection(s, c, review.Key(code), write), nil },
	})}, nil
}

func correctable(w Words) []option {
	var options []option
	for _, field := range review.Correctable() {
		options = append(options, option{string(field.Key), w.Label(field.Key)})
	}
	return options
}

// askCorrection asks for the right value: chosen where the field has options, typed otherwise; then why.
func askCorrection(s *session, c *review.Certificate, key review.Key, write writes) step {
	field, _ := review.FieldOf(key)
	title := s.words.Say("standing.ask_value", s.words.Label(key))
	because := func(value string) (step, tea.Cmd) {
		return step{open: newAsk(s, ask{title: title, label: s.words.Say("standing.ask_why"), required: true,
			then: func(note string) (step, tea.Cmd) {
				form := review.Form{key: {value}}
				return sure(s, c, review.Proposal{Action: review.Correct, Form: form, Note: note}, write), nil
			},
		})}, nil
	}
	if field.Options == "" {
		return step{open: newAsk(s, ask{title: title, label: field.Hint(s.words.Lang()), required: true, then: because})}
	}
	var options []option
	for _, o := range s.policy.Options[field.Options] {
		options = append(options, option{o.Code, s.words.pick(o.Label, o.English)})
	}
	return step{open: newPicker(s, picker{title: title, options: options, then: because})}
}

// sure asks for the y and then proposes.
func sure(s *session, c *review.Certificate, what review.Proposal, write writes) step {
	detail := s.words.Proposal(&what, s.policy)
	if detail != "" {
		detail = s.words.Say("standing.detail", detail)
	}
	act := s.words.Say("standing." + string(what.Action))
	text := s.words.Say("standing.confirm_take", act, c.Number, detail)
	to, account, seen, clock := standings(s.store), s.by.Name, c.Change, s.clock
	said := s.words.Say("standing.proposed", act, c.Number)
	number := c.Number
	return step{open: newConfirm(s, text, func() tea.Cmd {
		return write(number, func() doneMsg {
			if _, err := to.Propose(account, number, seen, what, clock()); err != nil {
				return doneMsg{err: fmt.Errorf("propose for %s: %w", number, err)}
			}
			return doneMsg{text: said}
		})
	})}
}

// confirming asks for the y and then does what was proposed.
func confirming(s *session, c *review.Certificate, write writes) (step, tea.Cmd) {
	if err := c.CanConfirm(s.by, "", s.policy); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	act := s.words.Say("standing." + string(c.Proposed.Action))
	detail := s.words.Say("standing.detail", s.words.Proposal(c.Proposed, s.policy))
	to, account, seen, clock := standings(s.store), s.by.Name, c.Change, s.clock
	said, number := s.words.Say("standing.done", act, c.Number), c.Number
	return step{open: newConfirm(s, s.words.Say("standing.confirm_sure", act, number, detail), func() tea.Cmd {
		return write(number, func() doneMsg {
			if _, err := to.Confirm(account, number, seen, clock()); err != nil {
				return doneMsg{err: fmt.Errorf("confirm %s: %w", number, err)}
			}
			return doneMsg{text: said}
		})
	})}, nil
}

// dismissing asks why and drops what was proposed.
func dismissing(s *session, c *review.Certificate, write writes) (step, tea.Cmd) {
	if err := c.CanDismiss(s.by, "", s.policy); err != nil {
		return refuse(s.words.Explain(err)), nil
	}
	to, account, seen, clock := standings(s.store), s.by.Name, c.Change, s.clock
	said, number := s.words.Say("standing.dismissed", c.Number), c.Number
	return step{open: newAsk(s, ask{
		title: s.words.Say("standing."+string(c.Proposed.Action)) + " " + number, label: s.words.Say("standing.ask_dismiss"),
		then: func(note string) (step, tea.Cmd) {
			return step{}, write(number, func() doneMsg {
				if _, err := to.Dismiss(account, number, seen, note, clock()); err != nil {
					return doneMsg{err: fmt.Errorf("dismiss the proposal for %s: %w", number, err)}
				}
				return doneMsg{text: said}
			})
		},
	})}, nil
}

// standing changes the standing of the certificate of the case.
func (d *desk) standing(do review.Action) (step, tea.Cmd) {
	if why, ok := d.ready(); !ok {
		return refuse(why), nil
	}
	c := d.file.certificate
	if c == nil || d.file.number() == "" {
		return refuse(d.s.words.Say("standing.only")), nil
	}
	write := func(_ string, run func() doneMsg) tea.Cmd { return d.write(d.file.id(), true, run) }
	switch do {
	case review.Confirm:
		return confirming(d.s, c, write)
	case review.Dismiss:
		return dismissing(d.s, c, write)
	case review.Revoke:
		if !c.RevokedOn.IsZero() {
			do = review.Reinstate
		}
	}
	return proposing(d.s, c, do, write)
}

// waits reports whether the case is a certificate on which a second person has to say yes or no.
func (d *desk) waits() bool {
	return d.file != nil && d.file.application == nil && d.file.certificate != nil && d.file.certificate.Proposed != nil
}

// standingKeys are the bindings of what the account may do about the standing of the certificate of the case.
func (d *desk) standingKeys() []key.Binding {
	c, k, w := d.file.certificate, d.s.keys, d.s.words
	if c == nil || c.Current() == nil || d.s.by.MayStand(c, "", review.Propose, d.s.policy) != nil {
		return nil
	}
	switch {
	case d.waits() && c.CanConfirm(d.s.by, "", d.s.policy) == nil:
		return []key.Binding{withHelp(k.approve, w.Say("key.confirm")), withHelp(k.reject, w.Say("key.dismiss"))}
	case d.waits():
		return []key.Binding{withHelp(k.reject, w.Say("key.dismiss"))}
	case c.CanPropose(review.Reinstate) == nil:
		return []key.Binding{withHelp(k.revoke, w.Say("key.restore"))}
	case c.CanPropose(review.Correct) == nil:
		return []key.Binding{k.revoke, k.correct}
	case c.CanPropose(review.Revoke) == nil:
		return []key.Binding{k.revoke}
	}
	return nil
}
