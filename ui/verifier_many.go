package ui

import (
	"errors"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review/picture"
)

// MostPages is how many pages of one file are looked at.
const MostPages = 2000

// Many is a file of several pages, each of which may be a certificate: joined for printing, or scanned one after the other.
type Many struct {
	v        Verifier
	data     []byte
	doc      *picture.Document
	pictures int // pages whose code may still be read from a picture, which takes a quarter of a second
	looked   int // pages that were looked at
}

// Many opens a PDF of several pages, of which it reads so many codes at most from a picture. It is nil for everything
// else, which is for Paper to judge.
func (v Verifier) Many(data []byte, pictures int) *Many {
	if !isPDF(data) {
		return nil
	}
	doc, err := picture.OpenDocument(data, MostPages)
	if err != nil || doc.Pages() < 2 || doc.Pages() == 2 && cutOff(data) { // what is left of one certificate, at the most
		return nil
	}
	return &Many{v: v, data: data, doc: doc, pictures: pictures}
}

// Pages is how many pages the file has, up to MostPages.
func (m *Many) Pages() int { return m.doc.Pages() }

// Looked is how many of them Each has looked at; More says that there are others.
func (m *Many) Looked() int { return m.looked }

// More says that Each has not looked at every page of the file.
func (m *Many) More() bool { return m.doc.More() || m.looked < m.Pages() }

// Signature is what became of a signature over the whole file, and whom its certificate names. Joining leaves those of the
// single files behind: only a file of one certificate carries one.
func (m *Many) Signature() (cert.SignatureState, string) { return cert.Signature(m.data) }

// Cut says that the file has no end.
func (m *Many) Cut() bool { return cutOff(m.data) }

// Each judges page after page and hands out what is found: one for each certificate, and one without a code for each page
// that may be a certificate whose code cannot be read. Backs of certificates, lists and empty pages are none. looked is
// told of every page; an error of either ends it, and so does one of the register.
func (m *Many) Each(name, idNumber, check string, looked func(page int) error, found func(f Found) error) error {
	certificates := 0
	for number := 1; number <= m.Pages(); number++ {
		f, ok, err := m.page(number, name, idNumber, check)
		if err != nil {
			return err
		}
		if m.pictures < 0 { // one too many: nobody has looked for its code
			break
		}
		m.looked = number
		if ok && !(certificates == 1 && f.Verdict == code.NoCode && m.mayBeBack(number)) {
			certificates++
			err = found(f)
		}
		if err = errors.Join(err, looked(number)); err != nil {
			return err
		}
	}
	if certificates == 0 {
		return found(Found{Verdict: code.NoCode})
	}
	return nil
}

// page judges what stands on a page; ok is false for what is no certificate.
func (m *Many) page(number int, name, idNumber, check string) (f Found, ok bool, err error) {
	page := m.doc.Read(number)
	text := m.codeOn(number, page)
	switch {
	case text == "" && !mayBeFront(page):
		return Found{}, false, nil
	case text == "":
		return Found{Verdict: code.NoCode, Page: number}, true, nil
	}
	f, err = m.v.Text(text, name, idNumber, check)
	if f.Holder == NotCompared && f.Statement.Number != "" {
		f.compare(page.Text)
	}
	f.Page = number
	return f, true, err
}

// codeOn finds the code of a page: as text beside it, else in its picture, "" for none.
func (m *Many) codeOn(number int, page picture.Page) string {
	if said := m.doc.Said(number, cert.CodeEntry); said != "" {
		return said
	}
	if said := m.doc.Info(cert.CodeEntry); number == 1 && said != "" {
		return said
	}
	if !mayBeFront(page) {
		return ""
	}
	if m.pictures--; m.pictures < 0 {
		return ""
	}
	if printedCheck.MatchString(page.Text) { // one of ours, whose code is drawn and no picture
		if sheet, err := m.doc.Draw(number); err == nil {
			return codeOn(sheet, sheet.Size().X, sizes[1])
		}
	}
	if sheet, err := m.doc.Picture(number, 1); err == nil {
		return codeOn(sheet, sizes[:]...)
	}
	return ""
}

// mayBeBack tells the second of two pages that could be the back of the first: it prints no check.
func (m *Many) mayBeBack(number int) bool {
	return m.Pages() == 2 && number == 2 && !printedCheck.MatchString(m.doc.Read(number).Text)
}

// mayBeFront tells a page that could be the front of a certificate: it has a picture, which may be a scan, or prints a check.
func mayBeFront(page picture.Page) bool {
	return page.Pictures > 0 || printedCheck.MatchString(page.Text)
}
