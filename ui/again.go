package ui

import (
	"slices"
	"strings"

	"rongzheng/review"
)

// What lies over the queue when a desk ends is opened again when the account comes back: the case, the attachment, the
// question with what had been typed, the form of the counter. The kinds of questions, as they are kept; those that end in a
// colon go on with a code.
const (
	kindFilter  = "filter"
	kindNote    = "note"
	kindRemark  = "remark"
	kindHold    = "hold"
	kindReject  = "reject"
	kindReroute = "reroute:"
	kindReason  = "reason:"
	kindField   = "field:" // of a form, where what is typed is no answer yet
	kindDay     = "day:"   // of a form, that is being picked in the calendar
	kindFiles   = "files:" // of a form, that are being chosen
)

// stands adds to the state what a screen over the queue shows.
func stands(state *review.DeskState, s screen) {
	switch s := s.(type) {
	case *detailScreen:
		state.Open = true
	case *pictureScreen:
		at := s.files()[0]
		state.File, state.Page = s.shown.Attachments[at].SHA256, s.leaves[s.at].page
	case *rejectScreen:
		if s.many == 0 {
			state.Asking, state.Text = kindReject, ""
		}
	case *filterPanel:
		state.Asking, state.Text = kindFilter, s.input.Value()
	case *askPanel:
		if s.kind != "" {
			state.Asking, state.Text = s.kind, s.input.Value()
		}
	case counterPlace:
		s.stands(state)
	}
}

// reopened returns the screens that were open over the queue, once, when the cursor has come to their case and it has been
// read. What cannot be asked again, because the case has gone or may not be decided on any more, is said with what had been
// typed, so that it is not lost.
func (d *desk) reopened() []screen {
	was := d.keep.reopen
	if was == nil || d.list.fetching() || d.reads != 0 {
		return nil
	}
	d.keep.reopen = nil
	var open []screen
	if d.file != nil && d.file.id() == was.Reference && d.file.err == nil {
		if was.Open {
			open = append(open, newDetail(d))
		}
		if p := d.pictureAgain(was); p != nil {
			open = append(open, p)
		}
	}
	if was.Counter != nil && d.s.typed != d.keep.typed { // somebody else stands at the counter already
		d.say = notice{informs, d.s.notReturned(was)}
		return open
	}
	if was.Counter != nil {
		return append(open, newReturn(d.s, was))
	}
	asked := d.askAgain(was)
	if asked == nil && was.Text != "" {
		d.owe(was)
		d.say = notice{informs, d.s.words.Say("keep.unasked", was.Text)}
	}
	return append(open, asked...)
}

// owe keeps with the case what had been typed for a question that cannot be asked now: another may have the case in
// hand.
func (d *desk) owe(was *review.DeskState) {
	if d.file == nil || d.file.id() != was.Reference || d.file.application == nil {
		return
	}
	a, text := d.file.application, Plain(was.Text)
	switch kind, code := cutKind(was.Asking); kind {
	case kindHold, kindRemark, kindReroute:
		d.setAside(a, was.Asking, text)
	case kindReason:
		reasons := slices.Clone(d.keep.half[a.Reference].Reasons)
		at := slices.IndexFunc(reasons, func(r review.HalfReason) bool { return r.Code == code })
		if at < 0 {
			reasons, at = append(reasons, review.HalfReason{Code: code}), len(reasons)
		}
		reasons[at].Note = text
		d.halve(a, reasons)
		d.adorn()
	}
}

// pictureAgain opens the attachment that was open, nil for none.
func (d *desk) pictureAgain(was *review.DeskState) screen {
	a, _ := d.readable()
	if was.File == "" || a == nil {
		return nil
	}
	at := slices.IndexFunc(a.Attachments, func(at review.Attachment) bool { return at.SHA256 == was.File })
	if at < 0 {
		return nil
	}
	p := newPicture(d, a, at, item{})
	if leaf := slices.IndexFunc(p.leaves, func(l leaf) bool { return slices.Contains(l.attachments, at) && l.page == was.Page }); leaf >= 0 {
		p.at = leaf
	}
	return p
}

// askAgain opens the question that was open, nil where there was none or it has no answer any more.
func (d *desk) askAgain(was *review.DeskState) []screen {
	if was.Asking == kindFilter {
		p := newFilter(d.s, &d.list)
		p.input.SetValue(Plain(was.Text))
		p.input.CursorEnd()
		p.look()
		return []screen{p}
	}
	if d.file == nil || d.file.id() != was.Reference || d.file.application == nil {
		return nil
	}
	asked := d.questions(was.Asking)
	if len(asked) == 0 {
		return nil
	}
	if p, ok := asked[len(asked)-1].(*askPanel); ok {
		p.input.SetValue(Plain(was.Text))
		p.input.CursorEnd()
	}
	return asked
}

// questions begins the question again by its own key, so that everything is asked that its key asks.
func (d *desk) questions(kind string) []screen {
	var next step
	kind, code := cutKind(kind)
	switch kind {
	case kindNote:
		next, _ = d.note()
	case kindRemark:
		next, _ = d.remark()
	case kindHold:
		if !d.file.application.Held { // the key would release it
			next, _ = d.hold()
		}
	case kindReroute:
		if _, ok := d.can(review.Reroute); ok {
			next.open = d.rerouteReason(d.file.application, code)
		}
	case kindReject, kindReason:
		next, _ = d.reject("")
		picker, ok := next.open.(*rejectScreen)
		if _, known := d.s.policy.Reason(code); ok && kind == kindReason && known {
			return []screen{picker, picker.askNote(code).open}
		}
	}
	if next.open == nil {
		return nil
	}
	return []screen{next.open}
}

// cutKind takes the code off a kind that goes on with one.
func cutKind(kind string) (string, string) {
	if at := strings.IndexByte(kind, ':'); at >= 0 {
		return kind[:at+1], kind[at+1:]
	}
	return kind, ""
}
