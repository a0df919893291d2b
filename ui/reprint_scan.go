package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/store"
)

// codesWithin returns every stretch of the text that begins as a verification code, the last one first: a scan ends up behind
// what was typed or scanned before it, and the characters of a beginning may also stand within a code.
func codesWithin(text string) []string {
	var all []string
	for end := len(text); ; {
		i := strings.LastIndex(text[:end], code.Prefix)
		if i < 0 {
			return all
		}
		all = append(all, text[i:])
		end = i
	}
}

// scanned judges the first of the codes that is whole; the sentence of a damaged one remains where none is.
func (v Verifier) scanned(codes []string) (f Found, err error) {
	for _, text := range codes {
		if f, err = v.Text(text, "", "", ""); err != nil || f.Verdict != code.Damaged {
			return f, err
		}
	}
	return f, nil
}

// lookUp answers with what the codes say and the certificate they are about, whatever version was scanned.
func lookUp(answer found, v Verifier, from cases, by review.Actor, codes []string) found {
	f, err := v.scanned(codes)
	if answer.scan, answer.err = &f, err; err != nil || f.Statement.Number == "" {
		return answer
	}
	var rows []store.Row
	rows, answer.err = from.FindCertificates(by, f.Statement.Number, 1)
	for _, row := range rows {
		if row.Certificate.Number == f.Statement.Number {
			answer.rows = append(answer.rows, *row.Certificate)
		}
	}
	return answer
}

// scanLine says what was scanned and what it is worth.
func (w Words) scanLine(f *Found) string {
	sign, sentence, _ := strings.Cut(w.verdict(*f), " ")
	if f.Statement.Number == "" {
		return sign + " " + sentence
	}
	return sign + " " + w.Say("reprint.scanned", f.Statement.Number, f.Statement.Version, sentence)
}

// missing says why there is nothing to print. A code that led nowhere is taken away, so that the next one stands alone.
func (r *reprintScreen) missing() (step, tea.Cmd) {
	if r.scan == nil {
		return refuse(r.s.notFound("reprint.nothing")), nil
	}
	why := r.nowhere()
	r.input.SetValue("")
	return refuse(strings.TrimPrefix(why, signBad+" ")), r.search()
}

// nowhere says why a code has no certificate to show: what is wrong with it, or that another account has to print.
func (r *reprintScreen) nowhere() string {
	if n := r.scan.Statement.Number; n != "" && r.scan.Verdict != code.Unknown {
		if r.s.offline() {
			return signBad + " " + r.s.words.Say("outside.only", r.s.term.Pack)
		}
		return signBad + " " + r.s.words.Say("reprint.elsewhere", n)
	}
	return r.s.words.scanLine(r.scan)
}
