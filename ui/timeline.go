package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"rongzheng/review"
	"rongzheng/store/exchange"
)

// timeline adds everything that happened, the latest first. Looks at attachments that one account took one after the
// other are one line, so that the decisions do not drown among them; the log tells each.
func (sh *sheet) timeline() {
	w, st := sh.s.words, sh.s.styles
	sh.heading(w.Say("timeline.heading"))
	if !sh.file.complete && sh.file.err == nil {
		sh.add("    "+st.muted.Render(w.Say("checks.reading")), -1)
	}
	for i := len(sh.file.timeline) - 1; i >= 0; {
		n := sh.looks(i)
		sh.event(&sh.file.timeline[i], n)
		i -= max(n, 1)
	}
}

// looks counts the looks of one account in a row, back from the i-th event; 0 where that is none.
func (sh *sheet) looks(i int) int {
	last, n := &sh.file.timeline[i], 0
	for ; i >= 0; i-- {
		if e := &sh.file.timeline[i]; e.Action != review.ViewFile || e.By != last.By || e.Outside != nil || e.Note != "" {
			break
		}
		n++
	}
	return n
}

const timeWidth = len("2006-01-02 15:04") + 2

// event adds one line of the timeline with its reasons and note beneath; of several looks their number.
func (sh *sheet) event(e *review.Event, looks int) {
	w, st := sh.s.words, sh.s.styles
	sign, style := sh.s.eventSign(e.Action)
	what, about := w.Say("action."+string(e.Action)), sh.target(e)
	if looks > 1 {
		what, about = what+" ×"+strconv.Itoa(looks), ""
	}
	if e.Level > 0 && e.Action != review.Submit {
		what += " · " + w.Level(e.Level)
	}
	who := Plain(e.By)
	if e.Office != "" {
		who += " · " + Plain(e.Office)
	}
	at := st.muted.Render(fit(e.At.In(review.Zone).Format("2006-01-02 15:04"), timeWidth))
	room := max(sh.width-gutter-timeWidth, 8)
	for i, line := range wrap(what+about+"  "+who, room) {
		lead := strings.Repeat(" ", gutter+timeWidth)
		if i == 0 {
			lead = "  " + fit(style.Render(sign), 2) + at
		}
		sh.add(lead+line, -1)
	}
	for _, r := range e.Reasons {
		sh.paragraph("", w.ReasonGiven(&r), st.header, gutter+timeWidth-2, -1)
	}
	if len(e.Stated) > 0 {
		sh.paragraph("", w.Say("timeline.stated", w.argument("fields", keyList(e.Stated))), st.header, gutter+timeWidth-2, -1)
	}
	if o := e.Outside; o != nil {
		text := w.Say("timeline.outside", Plain(o.Pack), o.At.In(review.Zone).Format("2006-01-02 15:04"))
		sh.paragraph("", text, st.header, gutter+timeWidth-2, -1)
	}
	if e.Note != "" {
		note := w.LogNote(e.Action, e.Note)
		if !sh.file.revealed {
			note = exchange.MaskNumbers(note)
		}
		sh.paragraph("", w.Say("timeline.note", Plain(note)), st.header, gutter+timeWidth-2, -1)
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

// ReasonGiven says a coded reason with what it names and its note.
func (w Words) ReasonGiven(r *review.Reason) string {
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
		return strings.TrimRight(" "+Plain(e.Certificate)+"  "+sh.s.words.concern(e), " ")
	}
	return ""
}
