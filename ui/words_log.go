package ui

import (
	"regexp"
	"slices"
	"strings"

	"rongzheng/review"
)

// logNotes are what the program itself notes in the log, which keeps one form for all languages: the form, and the words for it,
// which take its groups in their order.
var logNotes = []struct {
	form *regexp.Regexp
	word string
}{
	{noted(`key added (.*)`), "note.key_added"}, {noted(`key removed (.*)`), "note.key_removed"},
	{noted(`enabled`), "note.enabled"}, {noted(`disabled`), "note.disabled"}, {noted(`session ended`), "note.session_ended"},
	{noted(`key rotate (.*)`), "note.key_rotate"}, {noted(`key withdraw (\S+) since (\S+): (.*)`), "note.key_withdraw"},
	{noted(`key protect off`), "note.unprotected"}, {noted(`key protect`), "note.protected"},
	{noted(`key signature off`), "note.unsigned"}, {noted(`key signature (.*)`), "note.signed"},
	{noted(`(\d+) records`), "note.records"}, {noted(`(\d+) results, (\d+) certificates`), "note.results"},
	{noted(`revocations`), "note.revocations"}, {noted(`since (\S+)`), "note.since"},
	{noted(`(\d+) certificates that end (\S*) to (\S*)`), "note.calls"},
	{noted(`pack`), "packs.settled.pack"}, {noted(`desk`), "packs.settled.desk"}, {noted(`queue`), "packs.settled.queue"},
}

// noted is the form of a whole note.
func noted(form string) *regexp.Regexp { return regexp.MustCompile(`(?s)^` + form + `$`) }

// programNotes are the actions whose notes the program writes; those of all others are people's own words.
var programNotes = []review.Action{
	review.ChangedAccount, review.Administer, review.Import, review.Export, review.CallList, review.BackedUp, review.HandBack,
}

// LogNote says in the desk's language what the log notes of an event. People's own words, and what it does not know, it returns
// as they are.
func (w Words) LogNote(of review.Action, note string) string {
	if !slices.Contains(programNotes, of) {
		return note
	}
	if codes, ok := strings.CutPrefix(note, "areas "); ok {
		areas := strings.Split(codes, ",")
		for i, code := range areas {
			areas[i] = w.Area(code)
		}
		return w.Say("note.areas", strings.Join(areas, w.Say("join")))
	}
	for _, known := range logNotes {
		if groups := known.form.FindStringSubmatch(note); groups != nil {
			args := make([]any, len(groups)-1)
			for i, group := range groups[1:] {
				args[i] = group
			}
			return w.Say(known.word, args...)
		}
	}
	return note
}

// LogTarget says in the desk's language what an event of the log is about: areas, reasons, proposals and places of the program by
// their words, files by the beginning of their hash. Names, numbers and what it does not know it returns as they are.
func (w Words) LogTarget(of review.Action, target string) string {
	switch of {
	case review.ViewFile:
		return target[:min(12, len(target))]
	case review.Reroute, review.CallList:
		return w.Area(target)
	case review.Print, review.Export:
		if reason, ok := w.rules().CopyReason(target); ok {
			return reason.Name(w.lang)
		}
	case review.Revoke, review.Reinstate:
		if reason, ok := w.rules().RevokeReason(target); ok {
			return reason.Name(w.lang)
		}
	case review.Propose, review.Dismiss:
		if said := w.Say("standing." + target); said != "standing."+target {
			return said
		}
	case review.MailUndo:
		if said := w.Say("letter." + target); said != "letter."+target {
			return said
		}
	case review.Reveal:
		if said := w.Say("target." + target); said != "target."+target {
			return said
		}
		return target[:min(12, len(target))]
	}
	return target
}

// concern says what an event was about that has to do with a certificate's standing or copies, "" for any other.
func (w Words) concern(e *review.Event) string {
	switch e.Action {
	case review.Propose, review.Dismiss, review.Revoke, review.Print:
		return w.LogTarget(e.Action, e.Target)
	}
	return ""
}
