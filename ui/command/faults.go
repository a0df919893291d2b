package command

import (
	"errors"
	"fmt"
	"strings"

	"rongzheng/store"
)

// The command line's own ends. Each has a sentence in the catalogue; everything else is explained by package ui.
var (
	errNoTerminal = errors.New("no terminal")
	errNothing    = errors.New("no package found")
	errNoMatch    = errors.New("no certificate matches")
)

// ambiguousError says that several certificates match; the sentence lists them, so that one can be named.
type ambiguousError struct{ rows []store.Row }

func (e *ambiguousError) Error() string { return fmt.Sprintf("%d certificates match", len(e.rows)) }

// explain is ui's answer, or the sentence of one of the ends above.
func (p *program) explain(err error) string {
	for _, own := range []struct {
		err error
		key string
	}{
		{errNoTerminal, "desk.no_terminal"}, {errNothing, "import.nothing"}, {errUnsound, "check.unsound"}, {errNoMatch, "print.none"},
	} {
		if errors.Is(err, own.err) {
			return p.words.Say(own.key)
		}
	}
	if several, ok := errors.AsType[*ambiguousError](err); ok {
		return p.ambiguous(several.rows)
	}
	if sentence, ok := p.explainServing(err); ok {
		return sentence
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
