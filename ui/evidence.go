package ui

import (
	"slices"
	"strings"

	"rongzheng/review"
)

// leaf is what the reader of attachments shows at once: one picture, one page of a PDF, or the pictures that together
// prove a field, as both sides of a card do.
type leaf struct {
	attachments []int // among those of the application
	page        int   // of a PDF, from 1; 0 for pictures
}

// leaves puts the attachments of an application into the order in which one key goes through them: that of the registry,
// which is also the order of what must be seen.
func leaves(a *review.Application) []leaf {
	var list []leaf
	for _, f := range review.FieldsOf("attachments") {
		for _, l := range leavesOf(a, f.Key) {
			if n := len(list); n > 0 && l.page == 0 && together(a, list[n-1], l.attachments[0]) {
				list[n-1].attachments = append(list[n-1].attachments, l.attachments...)
			} else {
				list = append(list, l)
			}
		}
	}
	return list
}

// leavesOf are the pictures and the pages of one slot, each by itself.
func leavesOf(a *review.Application, slot review.Key) []leaf {
	var list []leaf
	for i := range a.Attachments {
		at := &a.Attachments[i]
		switch {
		case at.Slot != slot:
		case at.Type == review.TypePDF:
			for page := range max(at.Pages, 1) {
				list = append(list, leaf{[]int{i}, page + 1})
			}
		default:
			list = append(list, leaf{attachments: []int{i}})
		}
	}
	return list
}

// together reports whether a picture goes beside the one before it: both are the only ones of their slots, and there is a
// field that both prove.
func together(a *review.Application, before leaf, i int) bool {
	first, second := a.Attachments[before.attachments[0]].Slot, a.Attachments[i].Slot
	if before.page > 0 || len(before.attachments) > 1 || len(a.Attached(first)) != 1 || len(a.Attached(second)) != 1 {
		return false
	}
	return slices.ContainsFunc(review.Fields(), func(f review.Field) bool {
		return slices.Contains(f.Proof, first) && slices.Contains(f.Proof, second)
	})
}

// leafOf finds the first leaf that shows the attachment.
func leafOf(list []leaf, attachment int) (int, bool) {
	at := slices.IndexFunc(list, func(l leaf) bool { return slices.Contains(l.attachments, attachment) })
	return max(at, 0), at >= 0
}

// notSeen returns what of the case the account must still look at before it approves; nil as long as that is not known.
func (d *desk) notSeen() []int {
	c := d.file
	if c == nil || c.application == nil || !c.complete || !d.usable(review.Approve) {
		return nil
	}
	return d.s.policy.NotSeen(c.application, func(sha string) bool { return c.seen[sha] })
}

// unseen says what must still be looked at, and which key shows it; "" for nothing.
func (d *desk) unseen() string {
	missing := d.notSeen()
	if len(missing) == 0 {
		return ""
	}
	var labels []string
	for _, slot := range d.file.application.SlotsOf(missing) {
		labels = append(labels, d.s.words.Label(slot))
	}
	return d.s.words.Say("attachment.unseen", strings.Join(labels, d.s.words.Say("join")), d.s.keys.unseen.Help().Key)
}

// looked notes what has been shown and recorded, in the case and in its row. A case is never changed once it is made.
func (d *desk) looked(msg pictureRead) {
	if len(msg.looked) == 0 || d.file == nil || d.file.id() != msg.reference || d.file.application.Revision != msg.revision {
		return
	}
	seen := *d.file
	seen.seen = map[string]bool{}
	for sha := range d.file.seen {
		seen.seen[sha] = true
	}
	for _, sha := range msg.looked {
		seen.seen[sha] = true
	}
	d.file = &seen
	if row := d.list.selected(); row != nil && rowID(row) == msg.reference && row.Application != nil {
		row.Unseen = len(d.notSeen())
	}
}

// sight says whether the account has looked at an attachment, as far as that matters: while the case is in review.
func (s *session) sight(c *caseFile, at *review.Attachment) string {
	switch {
	case !c.complete || c.application.State != review.InReview || s.by.May(review.ViewFile) != nil:
		return ""
	case c.seen[at.SHA256]:
		return signGood + " " + s.words.Say("attachment.seen")
	case slices.Contains(s.policy.Seen, at.Slot) && c.application.Can(s.by, review.Approve) == nil:
		return signUnseen + " " + s.words.Say("attachment.to_see")
	}
	return signUnseen + " " + s.words.Say("attachment.not_seen")
}
