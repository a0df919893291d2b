package ui

import (
	"bytes"
	"errors"
	"image"
	"regexp"
	"strings"

	"rongzheng/cert"
	"rongzheng/cert/code"
	"rongzheng/review"
	"rongzheng/review/picture"
	"rongzheng/store"
)

// Verifier checks papers: by the register, by a list of revocations, or by the code alone.
type Verifier struct {
	Keys code.Keys
	// Standing asks the register; nil where there is none at hand.
	Standing func(number string) (store.Standing, error)
	List     *code.Revocations // nil: none
	On       review.Date
}

// Holder says whether a paper names the person that its code was made for.
type Holder string

// What a comparison of the holder gives.
const (
	NotCompared   Holder = ""
	HolderMatches Holder = "matches"
	HolderDiffers Holder = "differs"
)

// Found is what a verification found out.
type Found struct {
	Verdict   code.Verdict
	Statement code.Statement // zero where the code cannot be trusted
	Key       string         // id of the key: that signed, or that is not known here
	Standing  code.Standing
	Holder    Holder
	Ahead     bool // the validity begins later, and the one before it lasts until then
	Read      bool // name and number were read from the paper itself, not typed
	// WithdrawnOn is the day from which the key is not trusted, zero for one that is. Witness says that the register
	// or a list was asked whether the code is one of its own.
	WithdrawnOn review.Date
	Witness     bool
	// Signature is what became of the signature in a PDF file, SignedBy whom its certificate names.
	Signature cert.SignatureState
	SignedBy  string
	// Cut says that a PDF file has no end.
	Cut bool
	// Page is where it stands in a file of several certificates, 0 elsewhere.
	Page int
}

// Stands tells whether the paper is what it says: a valid certificate, and of this holder where that was compared.
func (f Found) Stands() bool { return f.Verdict == code.Valid && f.Holder != HolderDiffers }

// Text checks a code as text, and the holder where name or number are given. The error is one of the register; what is
// wrong with the code is the verdict.
func (v Verifier) Text(text, name, idNumber, check string) (Found, error) {
	st, key, err := v.Keys.Verify(text)
	if err != nil {
		verdict, ok := code.Failure(err)
		if !ok {
			return Found{}, err
		}
		unknown, _ := errors.AsType[code.UnknownKeyError](err)
		return Found{Verdict: verdict, Key: unknown.Key}, nil
	}
	f := Found{
		Statement: st, Key: key.ID(), Ahead: st.ValidFrom.After(v.On),
		WithdrawnOn: v.List.Withdrawn(key), Witness: v.Standing != nil || v.List != nil,
	}
	if name != "" || idNumber != "" || check != "" {
		f.Holder = HolderDiffers
		if st.Names(name, review.CleanIdentity(idNumber), check) {
			f.Holder = HolderMatches
		}
	}
	if v.Standing != nil {
		return f, v.askRegister(&f, text)
	}
	switch {
	case !f.WithdrawnOn.IsZero() && !v.List.Vouches(key, text):
		f.Verdict = code.Withdrawn
	case v.List != nil:
		f.Standing = v.List.Standing(st)
		f.Verdict = st.Judge(f.Standing, v.On)
	default:
		f.Verdict = st.Alone(v.On)
	}
	return f, nil
}

// askRegister judges by the register. It keeps the text of each code that it made: another one whose signature holds
// was made by somebody else with the same key.
func (v Verifier) askRegister(f *Found, text string) error {
	s, err := v.Standing(f.Statement.Number)
	if errors.Is(err, review.ErrNotFound) {
		f.Verdict = code.Unknown
		return nil
	}
	if err != nil {
		return err
	}
	f.Standing = code.Standing{Number: s.Number, Version: s.Version, Last: s.Last, RevokedOn: s.RevokedOn}
	own := s.Code(f.Statement.Version)
	before := review.DateOf(f.Statement.IssuedAt).Before(f.WithdrawnOn)
	switch {
	case !f.WithdrawnOn.IsZero() && (own != code.Clean(text) || !before):
		f.Verdict = code.Withdrawn
	case own != "" && own != code.Clean(text):
		f.Verdict = code.Unknown
	default:
		f.Verdict = f.Statement.Judge(f.Standing, v.On)
	}
	return nil
}

// Paper checks a file: a PDF as this program writes it, a scan as PDF, a picture, or a text. Where a PDF holds text, what
// it says of the holder is compared with its code.
func (v Verifier) Paper(data []byte, name, idNumber, check string) (Found, error) {
	if code.Is(string(data[:min(len(data), 100)])) {
		return v.Text(string(data), name, idNumber, check)
	}
	f, err := v.paper(data, name, idNumber, check)
	if isPDF(data) {
		f.Signature, f.SignedBy = cert.Signature(data)
		f.Cut = cutOff(data)
	}
	return f, err
}

func (v Verifier) paper(data []byte, name, idNumber, check string) (Found, error) {
	text, err := codeOf(data)
	if err != nil {
		return Found{Verdict: code.NoCode}, nil
	}
	f, err := v.Text(text, name, idNumber, check)
	if err == nil && f.Holder == NotCompared && f.Statement.Number != "" {
		if page, err := picture.ReadPage(data, 1); err == nil {
			f.compare(page.Text)
		}
	}
	return f, err
}

// compare compares the text of a page with its code. A page without text, a scan, is not compared.
func (f *Found) compare(text string) {
	f.Holder = holderIn(text, f.Statement)
	f.Read = f.Holder != NotCompared
}

// inDocument is where our PDF files keep the code's text beside its picture. No code holds a parenthesis.
var inDocument = regexp.MustCompile(`/` + cert.CodeEntry + ` \((RZ1:[0-9A-Z $%*+./:-]{1,1000})\)`)

// cutOff tells that a PDF file has no end.
func cutOff(data []byte) bool { return !bytes.Contains(data[max(0, len(data)-1024):], []byte("%%EOF")) }

func isPDF(data []byte) bool { return bytes.HasPrefix(data, []byte("%PDF-")) }

// codeOf finds the code in a file.
func codeOf(data []byte) (string, error) {
	if isPDF(data) {
		if found := inDocument.FindAllSubmatch(data, -1); found != nil {
			for _, other := range found[1:] {
				if !bytes.Equal(other[1], found[0][1]) { // what is left of a joined file: none speaks for all
					return "", code.ErrNoPicture
				}
			}
			return string(found[0][1]), nil
		}
		sheet, err := picture.OpenPage(data, 1, 1)
		if err != nil {
			return "", err
		}
		if text := codeOn(sheet, sizes[:]...); text != "" {
			return text, nil
		}
		return "", code.ErrNoPicture
	}
	if _, err := picture.Inspect(data); err != nil {
		return "", err
	}
	for _, side := range sizes {
		img, err := picture.Decode(data, side, side)
		if err != nil {
			continue
		}
		if text, err := code.ReadPicture(img); err == nil {
			return text, nil
		}
	}
	return "", code.ErrNoPicture
}

// sizes are those in which a code is looked for: a photograph of twelve megapixels is read better when it is smaller, a scan
// when it is not.
var sizes = [...]int{1800, 3000, 1200, 800}

// codeOn looks for the code on a sheet that is drawn so many pixels wide, "" for none.
func codeOn(sheet *picture.Sheet, sides ...int) string {
	size := sheet.Size()
	for _, side := range sides {
		text, err := code.ReadPicture(sheet.Draw(image.Rectangle{Max: size}, side, max(side*size.Y/size.X, 1)))
		if err == nil {
			return text
		}
	}
	return ""
}

var (
	printedID    = regexp.MustCompile(`[0-9]{17}[0-9X]`)
	printedCheck = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`)
)

func holderIn(text string, st code.Statement) Holder {
	if strings.TrimSpace(text) == "" {
		return NotCompared
	}
	ids, checks := printedID.FindAllString(text, 8), printedCheck.FindAllString(text, 8)
	for _, name := range phrases(text) {
		for _, id := range ids {
			for _, check := range checks {
				if st.Names(name, id, check) {
					return HolderMatches
				}
			}
		}
	}
	return HolderDiffers
}

// phrases are what may be a name: every row of words within a line. Names have spaces within where they are Latin.
func phrases(text string) []string {
	const longest = 12 // words
	var all []string
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		for i := range words {
			for n := 1; n <= longest && i+n <= len(words); n++ {
				all = append(all, strings.Join(words[i:i+n], " "))
			}
		}
	}
	return all[:min(len(all), 4000)]
}

// Found says what a verification found, the verdict first.
func (w Words) Found(f Found) []string {
	lines := w.foundCode(f)
	if said := w.signed(f.Cut, f.Signature, f.SignedBy); said != "" {
		lines = append(lines, said)
	}
	return lines
}

// signed says what became of the signature of a file, "" for none.
func (w Words) signed(cut bool, state cert.SignatureState, by string) string {
	switch {
	case cut:
		return w.Say("verify.cut")
	case state == cert.Intact:
		return w.Say("verify.signed", Plain(by))
	case state == cert.Broken:
		return w.Say("verify.signature_broken")
	}
	return ""
}

// FoundOnPage says in one line what was found on a page of a file of several certificates.
func (w Words) FoundOnPage(f Found) string {
	if f.Verdict == code.NoCode {
		return w.Say("verify.page", f.Page) + "  ✗ " + w.Say("verify.page_none")
	}
	parts := []string{w.Say("verify.page", f.Page), w.verdict(f)}
	if s := f.Statement; s.Number != "" {
		parts = append(parts, w.Say("verify.what", s.Number, s.Version, Plain(s.Level)))
	}
	switch {
	case f.Verdict == code.Withdrawn: // as held
	case f.Holder == HolderMatches:
		parts = append(parts, w.Say("verify.holder_is"))
	case f.Holder == HolderDiffers:
		parts = append(parts, w.Say("verify.holder_other"))
	case f.Statement.Number != "":
		parts = append(parts, w.Say("verify.holder_open"))
	}
	return strings.Join(parts, "  ")
}

// Whole says of a file of several certificates what holds for all of it: the signature, which joining leaves behind.
func (w Words) Whole(m *Many) []string {
	state, by := m.Signature()
	if said := w.signed(m.Cut(), state, by); said != "" {
		return []string{said}
	}
	return []string{w.Say("verify.joined_unsigned")}
}

// foundCode says what the code says.
func (w Words) foundCode(f Found) []string {
	s := f.Statement
	lines := []string{w.verdict(f)}
	if s.Number != "" {
		lines = append(lines,
			w.Say("verify.what", s.Number, s.Version, Plain(s.Level)),
			w.Say("verify.validity", s.ValidFrom, s.ValidUntil),
			w.Say("verify.issued", Plain(s.Issuer), s.IssuedAt.In(review.Zone).Format("2006-01-02"), f.Key))
	}
	if f.Verdict == code.Valid && f.Ahead {
		lines = append(lines, w.Say("certificate.ahead", s.ValidFrom))
	}
	if held := w.held(f); held != "" {
		lines = append(lines, held)
	}
	return lines
}

// held says whether the paper names the person that its code was made for, "" where there is nothing to compare.
func (w Words) held(f Found) string {
	switch {
	case f.Verdict == code.Withdrawn: // whoever has the key writes any name into a code
		return ""
	case f.Holder == HolderMatches && f.Read:
		return w.Say("verify.read_matches")
	case f.Holder == HolderMatches:
		return w.Say("verify.matches")
	case f.Holder == HolderDiffers && f.Read:
		return w.Say("verify.read_differs")
	case f.Holder == HolderDiffers:
		return w.Say("verify.differs")
	case f.Statement.Number != "":
		return w.Say("verify.compare")
	}
	return ""
}

// Consulted says which list of revocations a verification asked, or that it asked none; "" where it asked the register, or
// found no certificate.
func (w Words) Consulted(v Verifier, f Found) string {
	switch {
	case v.List != nil:
		age := w.Say("verify.today")
		if days := review.DateOf(v.List.Made).DaysUntil(v.On); days > 0 {
			age = w.Say("verify.days", days)
		}
		return w.Say("verify.list", v.List.Made.In(review.Zone).Format("2006-01-02 15:04"), age, v.List.Len())
	case v.Standing == nil && f.Statement.Number != "":
		return w.Say("verify.no_list")
	}
	return ""
}

// verdict is the sentence that matters, led by a sign that needs no colour.
func (w Words) verdict(f Found) string {
	sign := "✗ "
	if f.Verdict == code.Valid {
		sign = "✓ "
		if !f.Stands() {
			return "✗ " + w.Say("verdict.other_holder")
		}
	}
	key := "verdict." + string(f.Verdict)
	switch f.Verdict {
	case code.Superseded:
		return sign + w.Say(key, f.Standing.Version)
	case code.Revoked:
		return sign + w.Say(key, f.Standing.RevokedOn)
	case code.Expired:
		return sign + w.Say(key, f.Statement.ValidUntil)
	case code.NotYet:
		return sign + w.Say(key, f.Statement.ValidFrom)
	case code.UnknownKey:
		return sign + w.Say(key, f.Key)
	case code.Withdrawn:
		if !f.Witness {
			key += "_alone"
		}
		return sign + w.Say(key, f.WithdrawnOn)
	}
	return sign + w.Say(key)
}
