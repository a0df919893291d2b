package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"rongzheng/review"
)

// timeline adds everything that happened, the latest first.
func (sh *sheet) timeline() {
	w, st := sh.s.words, sh.s.styles
	sh.heading(w.Say("timeline.heading"))
	if !sh.file.complete && sh.file.err == nil {
		sh.add("    "+st.muted.Render(w.Say("checks.reading")), -1)
	}
	for _, e := range slices.Backward(sh.file.timeline) {
		sh.event(&e)
	}
}

const timeWidth = len("2006-01-02 15:04") + 2

// event adds one line of the timeline with its reasons and note beneath.
func (sh *sheet) event(e *review.Event) {
	w, st := sh.s.words, sh.s.styles
	sign, style := sh.s.eventSign(e.Action)
	what := w.Say("action." + string(e.Action))
	if e.Level > 0 && e.Action != review.Submit {
		what += " · " + w.Level(e.Level)
	}
	who := Plain(e.By)
	if e.Office != "" {
		who += " · " + Plain(e.Office)
	}
	at := st.muted.Render(fit(e.At.In(review.Zone).Format("2006-01-02 15:04"), timeWidth))
	room := max(sh.width-gutter-timeWidth, 8)
	for i, line := range wrap(what+sh.target(e)+"  "+who, room) {
		lead := strings.Repeat(" ", gutter+timeWidth)
		if i == 0 {
			lead = "  " + fit(style.Render(sign), 2) + at
		}
		sh.add(lead+line, -1)
	}
	for _, r := range e.Reasons {
		sh.paragraph("", w.reason(&r), st.header, gutter+timeWidth-2, -1)
	}
	if len(e.Stated) > 0 {
		sh.paragraph("", w.Say("timeline.stated", w.argument("fields", keyList(e.Stated))), st.header, gutter+timeWidth-2, -1)
	}
	if o := e.Outside; o != nil {
		text := w.Say("timeline.outside", Plain(o.Pack), o.At.In(review.Zone).Format("2006-01-02 15:04"))
		sh.paragraph("", text, st.header, gutter+timeWidth-2, -1)
	}
	if e.Note != "" {
		sh.paragraph("", w.Say("timeline.note", Plain(e.Note)), st.header, gutter+timeWidth-2, -1)
	}
}

// keyList writes keys as the codes of package review carry them.
func keyList(keys []review.Key) string {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = string(k)
	}
	return strings.Join(texts, ",")
}

// reason is a coded reason with what it names.
func (w Words) reason(r *review.Reason) string {
	text := r.Code + " " + w.Reason(r.Code)
	if r.Target != "" {
		text += " → " + w.Label(r.Target)
	}
	if r.Note != "" {
		text += w.Say("colon") + Plain(r.Note)
	}
	return text
}

func (s *session) eventSign(do review.Action) (string, lipgloss.Style) {
	switch do {
	case review.Approve, review.Issued:
		return signGood, s.styles.good
	case review.Reject, review.Voided:
		return signBad, s.styles.bad
	case review.Hold, review.TakeBack, review.Reroute:
		return signWarn, s.styles.warn
	}
	return "·", s.styles.muted
}

// target says what an event was about: the new area, the certificate, the file that was looked at.
func (sh *sheet) target(e *review.Event) string {
	switch {
	case e.Action == review.Reroute && e.Target != "":
		return " → " + sh.s.words.Area(e.Target)
	case e.Action == review.TakeOver:
		return " ← " + sh.s.nameOf(e.Target)
	case e.Action == review.ViewFile && sh.file.application != nil:
		for _, at := range sh.file.application.Attachments {
			if at.SHA256 == e.Target {
				return " " + sh.s.words.Label(at.Slot)
			}
		}
	case e.Action == review.NotSame:
		return " " + Plain(e.Target)
	case e.Certificate != "":
		return " " + Plain(e.Certificate)
	}
	return ""
}
