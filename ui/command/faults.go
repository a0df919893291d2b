package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rongzheng/review"
	"rongzheng/store"
	"rongzheng/ui"
)

// The command line's own ends. Each has a sentence in the catalogue; everything else is explained by package ui.
var (
	errNoTerminal = errors.New("no terminal")
	errNothing    = errors.New("no package found")
	errWordsOnly  = errors.New("certificates are found by words only")
	errNoMatch    = errors.New("no certificate matches")
	errNoneIssued = errors.New("no certificate was issued on the day")
)

// ambiguousError says that several certificates match; the sentence lists them, so that one can be named.
type ambiguousError struct{ rows []store.Row }

func (e *ambiguousError) Error() string { return fmt.Sprintf("%d certificates match", len(e.rows)) }

// unreadableError is a query that cannot be read, with its text, so that a mark can stand beneath what is wrong.
type unreadableError struct {
	text string
	*review.QueryError
}

func (e *unreadableError) Unwrap() error { return e.QueryError }

// pointed returns the text around what is wrong, and the mark in the line beneath it.
func (e *unreadableError) pointed() string {
	const before, after = 40, 30
	runes := []rune(e.text)
	from := min(max(e.At-before, 0), len(runes))
	at, end := min(e.At, len(runes)), min(e.At+e.Length, len(runes))
	lead := ansi.StringWidth(ui.Plain(string(runes[from:at])))
	shown := ui.Plain(string(runes[from:min(end+after, at+2*after, len(runes))]))
	mark := min(max(ansi.StringWidth(ui.Plain(string(runes[at:max(end, at)]))), 1), max(ansi.StringWidth(shown)-lead, 1))
	return shown + "\n" + strings.Repeat(" ", lead) + strings.Repeat("^", mark)
}

// explain is ui's answer, or the sentence of one of the ends above.
func (p *program) explain(err error) string {
	if p.bound != nil && p.bound.Pack != "" && (errors.Is(err, review.ErrNotFound) || errors.Is(err, errNoMatch)) {
		return p.words.Say("outside.only", p.bound.Pack)
	}
	for _, own := range []struct {
		err error
		key string
	}{
		{errNoTerminal, "desk.no_terminal"}, {errNothing, "import.nothing"}, {errUnsound, "check.unsound"}, {errNoMatch, "print.none"}, {errNoneIssued, "print.none_issued"},
		{errWordsOnly, "list.words_only"},
		{errKeysLost, "fault.key_lost"}, {errNoPassphrase, "fault.key_no_phrase"}, {errTwoPassphrases, "fault.key_differ"}, {errNotValid, "fault.not_valid"},
		{errSignerOver, "fault.signer_over"}, {errSince, "fault.key_since"}, {errNoReason, "fault.key_reason"},
		{errNoReissue, "reissue.nothing"}, {errKeyTrusted, "fault.key_trusted"},
	} {
		if errors.Is(err, own.err) {
			return p.words.Say(own.key)
		}
	}
	if other, ok := errors.AsType[*countError](err); ok && other.given == 0 {
		return p.words.Say("reissue.count_none", other.waiting)
	} else if ok {
		return p.words.Say("reissue.count_other", other.given, other.waiting)
	}
	if size, ok := errors.AsType[paperSizeError](err); ok {
		return p.words.Say("fault.paper_size", int64(size)>>20)
	}
	if several, ok := errors.AsType[*ambiguousError](err); ok {
		return p.ambiguous(several.rows)
	}
	if wrong, ok := errors.AsType[*unreadableError](err); ok {
		return wrong.pointed() + "\n" + p.words.Explain(wrong.QueryError)
	}
	for _, way := range []func(error) (string, bool){p.explainFolder, p.explainServing, p.explainBackup, p.explainKeys} {
		if sentence, ok := way(err); ok {
			return sentence
		}
	}
	if rule, ok := errors.AsType[*review.RuleError](err); ok && rule.Code == "unseen" {
		return p.words.Explain(err) + "\n" + p.words.Say("unseen.state")
	}
	return p.words.Explain(err)
}

func (p *program) ambiguous(rows []store.Row) string {
	var t table
	for _, row := range rows {
		t.add(p.certificateCells(row.Certificate, false)...)
	}
	var list strings.Builder
	if err := t.write(&list); err != nil {
		return err.Error()
	}
	return p.words.Say("print.ambiguous", len(rows)) + "\n" + strings.TrimRight(list.String(), "\n")
}
