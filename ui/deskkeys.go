package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/review"
)

// pressed takes the keys that both views of the desk have: decisions and what belongs to the case.
func (d *desk) pressed(msg tea.KeyMsg, on item) (step, tea.Cmd) {
	k := d.s.keys
	switch {
	case key.Matches(msg, k.approve) && d.waits():
		return d.standing(review.Confirm)
	case key.Matches(msg, k.reject) && d.waits():
		return d.standing(review.Dismiss)
	case key.Matches(msg, k.revoke):
		return d.standing(review.Revoke)
	case key.Matches(msg, k.correct):
		return d.standing(review.Correct)
	case key.Matches(msg, k.approve):
		return d.approve()
	case key.Matches(msg, k.reject):
		return d.reject(on.key)
	case key.Matches(msg, k.hold):
		return d.hold()
	case key.Matches(msg, k.reroute):
		return d.reroute()
	case key.Matches(msg, k.takeBack):
		return d.takeBack()
	case key.Matches(msg, k.takeOver):
		return d.takeOver()
	case key.Matches(msg, k.note):
		return d.note()
	case key.Matches(msg, k.remark):
		return d.remark()
	case key.Matches(msg, k.reveal):
		return d.reveal()
	case key.Matches(msg, k.paper), key.Matches(msg, k.attachment) && d.file != nil && d.file.application == nil:
		return d.openPaper()
	case key.Matches(msg, k.attachment):
		return d.openAttachment(on)
	case key.Matches(msg, k.unseen):
		return d.openUnseen()
	case key.Matches(msg, k.viewer):
		return d.lendOn(on)
	case key.Matches(msg, k.compare):
		return d.compare()
	case key.Matches(msg, k.alike):
		return d.alike()
	case key.Matches(msg, k.own):
		return step{open: newOwn(d)}, nil
	case key.Matches(msg, k.discard):
		return d.discard()
	case key.Matches(msg, k.print):
		return d.print()
	case key.Matches(msg, k.refresh):
		return tell(d.s.words.Say("list.refreshed")), d.list.reload()
	}
	return refuse(d.s.words.Say("key.unknown", Plain(msg.String()))), nil
}

// paperKeys are the bindings of what can be done with the paper of the certificate now.
func (d *desk) paperKeys() []key.Binding {
	c, k := d.file.certificate, d.s.keys
	paper := k.paper
	if d.file.application == nil { // no attachments of its own
		paper = withHelp(k.attachment, d.s.words.Say("key.paper"))
	}
	if c == nil { // it has not been read
		return []key.Binding{k.print, paper}
	}
	var usable []key.Binding
	if d.s.by.MayPrintShown(c) == nil {
		usable = append(usable, k.print)
	}
	if v := c.Current(); v != nil && (v.File != "" || c.Drawable(v)) && d.s.by.May(review.Reveal) == nil {
		usable = append(usable, paper)
	}
	return usable
}

// actions are the bindings of what can be done with the case now.
func (d *desk) actions() []key.Binding {
	k := d.s.keys
	var usable []key.Binding
	for _, a := range []struct {
		do review.Action
		by key.Binding
	}{
		{review.Approve, k.approve}, {review.Reject, k.reject}, {review.Hold, k.hold},
		{review.Release, withHelp(k.hold, d.s.words.Say("key.release"))}, {review.Reroute, k.reroute}, {review.TakeBack, k.takeBack},
	} {
		if d.usable(a.do) {
			usable = append(usable, a.by)
		}
	}
	if d.latest() && !d.usable(review.TakeBack) {
		usable = append(usable, k.takeBack)
	}
	if d.mayTakeOver() {
		usable = append([]key.Binding{k.takeOver}, usable...)
	}
	if d.mayCallBack() {
		usable = append(usable, withHelp(k.takeBack, d.s.words.Say("key.call_back")))
	}
	if d.file != nil && d.file.number() != "" {
		usable = append(usable, d.paperKeys()...)
		usable = append(usable, d.standingKeys()...)
	}
	if d.file != nil && d.file.application != nil {
		usable = append(usable, k.attachment)
		if len(d.notSeen()) > 0 {
			usable = append(usable, k.unseen)
		}
	}
	if d.file != nil && d.file.application != nil && follows(d.file.application) {
		usable = slices.Insert(usable, min(2, len(usable)), k.compare)
	}
	if d.hasAlike() { // among the first, since a narrow window shows no others
		usable = slices.Insert(usable, min(2, len(usable)), k.alike)
	}
	return usable
}

func (d *desk) allActions() []key.Binding {
	k := d.s.keys
	return []key.Binding{k.approve, k.reject, k.hold, k.reroute, k.takeBack, k.note, k.remark, k.reveal, k.attachment, k.unseen, k.viewer, k.print, k.paper, k.reprint, k.revoke, k.correct, k.discard, k.own, k.compare, k.alike, k.takeOver}
}

func withHelp(b key.Binding, desc string) key.Binding {
	b.SetHelp(b.Help().Key, desc)
	return b
}
