package ui

import (
	"slices"

	"github.com/charmbracelet/lipgloss"

	"rongzheng/review"
)

// earlierReason is a reason for which the round before was rejected, and what became of what it named.
type earlierReason struct {
	review.Reason
	file    bool // it named an attachment
	changed bool
}

// follows reports whether the application answers a round before: a later revision, or one that follows a rejected one.
func follows(a *review.Application) bool { return a.Revision > 1 || a.Follows != "" }

// earlierReasons reads the reasons of the round before, nil where there was none.
func earlierReasons(from cases, by review.Actor, a *review.Application, c *review.Certificate) ([]earlierReason, error) {
	old, ok := from.(revisions)
	if !ok || !follows(a) {
		return nil, nil
	}
	before, err := earlierOf(from, old, by, a, c)
	if err != nil || before == nil {
		return nil, err
	}
	changes := review.Compare(before.form, a.Form, before.files, a.Attachments)
	var list []earlierReason
	for _, r := range before.reasons {
		field, known := review.FieldOf(r.Target)
		file := known && field.Type == review.File
		list = append(list, earlierReason{Reason: r, file: file, changed: answered(changes, r.Target)})
	}
	return list, nil
}

// rejectedFor are the reasons of the round before that named a field or slot.
func (c *caseFile) rejectedFor(target review.Key) []earlierReason {
	var list []earlierReason
	for _, r := range c.earlier {
		if r.Target == target {
			list = append(list, r)
		}
	}
	return list
}

// tellEarlier says a reason of the round before with whether what it named has changed; named says what that was, where
// it does not stand beneath it.
func (s *session) tellEarlier(r *earlierReason, named bool) (sign, text string, style lipgloss.Style) {
	reason := r.Reason
	if !named {
		reason.Target = ""
	}
	key := "earlier.same"
	switch {
	case r.Target == "":
		return signInfo, s.words.Say("earlier.reason", s.words.ReasonGiven(&reason)), s.styles.info
	case r.file && r.changed:
		key = "earlier.replaced"
	case r.file:
		key = "earlier.same_file"
	case r.changed:
		key = "earlier.changed"
	}
	text = s.words.Say(key, s.words.ReasonGiven(&reason))
	if r.changed {
		return signGood, text, s.styles.good
	}
	return signWarn, text, s.styles.warn
}

// earlierRound says at the top of a case what the round before was rejected for as far as no line below tells it, and
// how much of the rest is as it was.
func (sh *sheet) earlierRound() {
	named, same := 0, 0
	for i := range sh.file.earlier {
		r := &sh.file.earlier[i]
		if field, ok := review.FieldOf(r.Target); !ok || !sh.shows(field) {
			sign, text, style := sh.s.tellEarlier(r, true)
			sh.paragraph(sign, text, style, 2, -1)
			continue
		}
		named++
		same += oneIf(!r.changed)
	}
	switch {
	case same > 0:
		sh.paragraph(signWarn, sh.s.words.Say("earlier.some_same", named, same), sh.s.styles.warn, 2, -1)
	case named > 0:
		sh.paragraph(signGood, sh.s.words.Say("earlier.all_changed", named), sh.s.styles.good, 2, -1)
	}
}

// unanswered is the sign of a field that is as it was when the round before was rejected for it, "" for none.
func (sh *sheet) unanswered(before []earlierReason) string {
	if slices.ContainsFunc(before, func(r earlierReason) bool { return !r.changed }) {
		return sh.s.styles.warn.Render(signWarn)
	}
	return ""
}
