package ui

import (
	"slices"
	"strings"

	"rongzheng/review"
)

// registered lays out a row of the certificates.
func (sh *sheet) registered() {
	c, w, st := sh.file.certificate, sh.s.words, sh.s.styles
	standing := certificateState(c, sh.file.today)
	sh.add("  "+st.strong.Render(Plain(c.Number))+"  "+
		sh.s.certificateStyle(standing).Render(w.Say("certificate_state."+standing)), -1)
	sh.certificate()
	v := c.Told()
	if v == nil {
		return
	}
	sh.heading(w.Say("certificate.record"))
	for _, f := range review.Fields() {
		if len(v.Form[f.Key]) == 0 {
			continue
		}
		sh.items = append(sh.items, item{key: f.Key, attachment: -1})
		value := showAnswer(sh.s, &f, v.Form, sh.file.today, sh.file.revealed)
		sh.row("", w.Label(f.Key), value, st.header, len(sh.items)-1)
	}
}

// certificate adds what the register holds of the person's certificate.
func (sh *sheet) certificate() {
	c, w, st := sh.file.certificate, sh.s.words, sh.s.styles
	standing := certificateState(c, sh.file.today)
	sh.heading(w.Say("certificate.heading"))
	said := Plain(c.Number) + "  " + w.Say("certificate_state."+standing) + "  " + w.Ahead(c, sh.file.today)
	sh.row("", w.Say("certificate.number"), strings.TrimSpace(said), sh.s.certificateStyle(standing), -1)
	sh.holder(c)
	if !c.FirstRegistered.IsZero() {
		sh.row("", w.Label("first_registered_on"), c.FirstRegistered.String(), st.header, -1)
	}
	if !c.RevokedOn.IsZero() {
		sh.row("", w.Say("certificate.revoked"), c.RevokedOn.String()+"  "+w.revokedFor(c, sh.s.policy), st.bad, -1)
	}
	if len(c.Missing) > 0 {
		labels := make([]string, len(c.Missing))
		for i, key := range c.Missing {
			labels[i] = w.Label(key)
		}
		sh.row(st.warn.Render(signWarn), w.Say("certificate.missing"), strings.Join(labels, w.Say("join")), st.warn, -1)
	}
	if c.Proposed != nil {
		sh.row(st.warn.Render(signWarn), w.Say("standing.waits"), strings.TrimPrefix(w.proposal(c, sh.s.policy), w.Say("standing.waits")+w.Say("colon")), st.warn, -1)
	}
	for _, v := range slices.Backward(c.Versions) {
		sh.version(&v)
	}
	sh.history(c)
	sh.copies()
}

// history adds the changes of the certificate's standing, the latest first.
func (sh *sheet) history(c *review.Certificate) {
	for _, h := range slices.Backward(c.History) {
		sh.row("", sh.s.words.Say("standing.history"), sh.s.words.changed(&h, sh.s.policy), sh.s.styles.header, -1)
	}
}

// copies adds the ledger, the latest copy first.
func (sh *sheet) copies() {
	if len(sh.file.ledger) > 0 {
		sh.heading(sh.s.words.Say("vault.copies"))
	}
	for i := len(sh.file.ledger) - 1; i >= 0; i-- {
		line, style := &sh.file.ledger[i], sh.s.styles.header
		if line.Spoiled() {
			style = sh.s.styles.muted
		}
		sh.paragraph("", sh.s.words.copyLine(line, sh.s.policy), style, 2, -1)
	}
}

// holder names the person of the record where the application states no name.
func (sh *sheet) holder(c *review.Certificate) {
	v, a := c.Current(), sh.file.application
	name, known := review.FieldOf("name")
	if v == nil || a == nil || !known || a.Form.Get("name") != "" {
		return
	}
	sh.row("", sh.s.words.Label("name"), showAnswer(sh.s, name, v.Form, sh.file.today, sh.file.revealed), sh.s.styles.header, -1)
}

func (sh *sheet) version(v *review.CertificateVersion) {
	w, st := sh.s.words, sh.s.styles
	text, style := w.Say("certificate.validity", v.ValidFrom.String(), v.ValidUntil.String()), st.header
	if v.ValidFrom.IsZero() && v.ValidUntil.IsZero() {
		text = w.Say("certificate.undated")
	}
	if v.Void {
		text, style = text+"  "+w.Say("certificate_state.void"), st.muted
	}
	if v.Printed > 0 {
		text += "  " + w.Say("certificate.printed", v.Printed)
	}
	if v.Delivered {
		text += "  " + w.Say("certificate.delivered")
	}
	if v.Corrects > 0 {
		text += "  " + w.Say("vault.corrects", v.Corrects)
	}
	sh.row("", w.Say("certificate.version", v.Version), text, style, -1)
	sh.row("", w.Say("vault.kept"), w.drawing(v, undrawn(sh.file.certificate, v)), st.muted, -1)
}
