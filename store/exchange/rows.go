package exchange

import (
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"

	"rongzheng/review"
)

// Row is one line of list --json (formats §3).
type Row struct {
	Reference   string       `json:"reference"`
	Revision    int          `json:"revision"`
	Kind        review.Kind  `json:"kind"`
	State       review.State `json:"state"`
	Level       int          `json:"level"`
	ReviewArea  string       `json:"review_area"` // code
	Name        string       `json:"name"`
	IDNumber    string       `json:"id_number"`
	SubmittedAt string       `json:"submitted_at"`
	DueOn       review.Date  `json:"due_on"`
	Held        bool         `json:"held"`
	Certificate string       `json:"certificate"`
}

// EncodeRow makes the row of an application; name and identity number are masked unless reveal is set, which the caller
// records.
func EncodeRow(a *review.Application, reveal bool) Row {
	show := shower(reveal)
	return Row{
		Reference: a.Reference, Revision: a.Revision, Kind: a.Kind, State: a.State, Level: a.Level, ReviewArea: a.Area,
		Name: show(fieldOf("name"), a.Form.Get("name")), IDNumber: show(fieldOf("id_number"), a.Form.Get("id_number")),
		SubmittedAt: toSecond(a.SubmittedAt), DueOn: a.DueOn, Held: a.Held, Certificate: a.Certificate,
	}
}

func shower(reveal bool) func(*review.Field, string) string {
	if reveal {
		return clear
	}
	return masked
}

// fieldOf returns the entry of a key that the formats name themselves.
func fieldOf(key review.Key) *review.Field {
	field, ok := review.FieldOf(key)
	if !ok {
		return &review.Field{Key: key, Mask: func(string) string { return "" }}
	}
	return field
}

// Detail is show --json: the row and everything else of the application.
type Detail struct {
	Row
	Form        json.RawMessage  `json:"form"` // as in an application package
	Consent     json.RawMessage  `json:"consent"`
	Attachments []AttachmentLine `json:"attachments"`
	Checks      []CheckLine      `json:"checks"`
	Events      []EventLine      `json:"events"`
}

// AttachmentLine is one file of an application.
type AttachmentLine struct {
	Slot   review.Key `json:"slot"`
	File   string     `json:"file"` // the sender's name; what it tells of the person is masked unless revealed
	SHA256 string     `json:"sha256"`
	Size   int64      `json:"size"`
	Type   string     `json:"type"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
}

// CheckLine is one finding of the automatic checks; Text is its sentence in the language of the caller.
type CheckLine struct {
	Severity review.Severity `json:"severity"`
	Target   review.Key      `json:"target"`
	Code     string          `json:"code"`
	Text     string          `json:"text"`
}

// EventLine is one event of an application.
type EventLine struct {
	At       string        `json:"at"`
	By       string        `json:"by"`
	Role     review.Role   `json:"role"`
	Level    int           `json:"level"`
	Action   review.Action `json:"action"`
	Reasons  []ReasonLine  `json:"reasons"`
	Note     string        `json:"note"`
	Revision int           `json:"revision"`
	Stated   []review.Key  `json:"stated,omitempty"` // slots that were stated to have been seen
}

// ReasonLine is one coded reason with the text that the applicant reads.
type ReasonLine struct {
	Code   string     `json:"code"`
	Text   string     `json:"text"`
	Target review.Key `json:"target"`
	Note   string     `json:"note"`
}

// LogLine is one line of audit --json.
type LogLine struct {
	Seq uint64 `json:"seq"`
	EventLine
	Office      string `json:"office"`
	Reference   string `json:"reference"`
	Certificate string `json:"certificate"`
	Target      string `json:"target"`
}

// EncodeDetail makes the whole of an application. The form is masked field by field unless reveal is set, which the
// caller records. text says a finding in the language of the caller.
func EncodeDetail(
	a *review.Application, checks []review.Problem, events []review.Event, p *review.Policy, reveal bool,
	text func(review.Problem) string,
) (Detail, error) {
	form, err := encode(formJSON(a.Kind, a.Form, p, shower(reveal)))
	if err != nil {
		return Detail{}, err
	}
	consent, err := encode(consentJSON(a.Consent))
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Row: EncodeRow(a, reveal), Form: form, Consent: consent}
	d.Attachments, d.Checks, d.Events = []AttachmentLine{}, []CheckLine{}, []EventLine{}
	for _, at := range a.Attachments {
		d.Attachments = append(d.Attachments, AttachmentLine{
			at.Slot, fileShown(a.Form, at.File, reveal), at.SHA256, at.Size, at.Type, at.Width, at.Height,
		})
	}
	for _, c := range checks {
		d.Checks = append(d.Checks, CheckLine{c.Severity, c.Target, c.Code, text(c)})
	}
	for i := range events {
		line := EncodeEvent(&events[i], p)
		if !reveal {
			line.mask()
		}
		d.Events = append(d.Events, line)
	}
	return d, nil
}

// fileShown masks what of the form people put into the names of their files.
func fileShown(form review.Form, file string, reveal bool) string {
	if reveal {
		return file
	}
	for _, field := range review.Fields() {
		if answer := form.Get(field.Key); field.Mask != nil && answer != "" {
			file = strings.ReplaceAll(file, answer, field.Mask(answer))
		}
	}
	return MaskNumbers(file)
}

// EncodeEvent makes the line of an event.
func EncodeEvent(e *review.Event, p *review.Policy) EventLine {
	line := EventLine{
		At: toSecond(e.At), By: e.By, Role: e.Role, Level: e.Level, Action: e.Action, Reasons: []ReasonLine{}, Note: e.Note,
		Revision: e.Revision, Stated: e.Stated,
	}
	for _, r := range e.Reasons {
		known, _ := p.Reason(r.Code)
		line.Reasons = append(line.Reasons, ReasonLine{r.Code, known.Label, r.Target, r.Note})
	}
	return line
}

// EncodeLog makes the line of an event in the log of everything. Numbers that people wrote into notes are masked like those
// of the form unless reveal is set, which the caller records.
func EncodeLog(e *review.Event, p *review.Policy, reveal bool) LogLine {
	line := LogLine{e.Seq, EncodeEvent(e, p), e.Office, e.Reference, e.Certificate, e.Target}
	if !reveal {
		line.mask()
		line.Target = targetShown(e)
	}
	return line
}

// mask hides the numbers that people wrote into the notes.
func (l *EventLine) mask() {
	l.Note = MaskNumbers(l.Note)
	for i := range l.Reasons {
		l.Reasons[i].Note = MaskNumbers(l.Reasons[i].Note)
	}
}

// targetShown masks a target that people typed; hashes, areas and accounts are codes.
func targetShown(e *review.Event) string {
	if e.Action == review.ViewFile {
		return e.Target
	}
	return MaskNumbers(e.Target)
}

// MaskNumbers masks what may be identity numbers or telephone numbers within a text.
func MaskNumbers(text string) string {
	text = longDigits.ReplaceAllStringFunc(text, review.MaskIdentity)
	return mobiles.ReplaceAllStringFunc(text, review.MaskMobile)
}

// mobiles finds numbers of mobiles that stand alone: a reference has as many digits.
var mobiles = regexp.MustCompile(`\b1[3-9][0-9]{9}\b`)

// CertificateRow is one line of certificate list --json.
type CertificateRow struct {
	Number     string                  `json:"number"`
	Version    int                     `json:"version"`
	State      review.CertificateState `json:"state"`
	Name       string                  `json:"name"`
	IDNumber   string                  `json:"id_number"`
	Level      string                  `json:"level"` // label, as printed
	ValidFrom  review.Date             `json:"valid_from"`
	ValidUntil review.Date             `json:"valid_until"`
	ReviewArea string                  `json:"review_area"` // code
	Reference  string                  `json:"reference"`
}

// EncodeCertificateRow makes the row of a certificate as it stands on the day: its current version, the last one of a
// number that is void.
func EncodeCertificateRow(c *review.Certificate, on review.Date, reveal bool) CertificateRow {
	show := shower(reveal)
	v := c.Told()
	if v == nil {
		v = &review.CertificateVersion{}
	}
	return CertificateRow{
		Number: c.Number, Version: v.Version, State: c.State(on), Name: show(fieldOf("name"), v.Form.Get("name")),
		IDNumber: show(fieldOf("id_number"), c.Person.Number), Level: v.LevelLabel, ValidFrom: v.ValidFrom,
		ValidUntil: v.ValidUntil, ReviewArea: v.Area, Reference: v.Reference,
	}
}

// CertificateDetail is certificate show --json: the row and everything else of the certificate.
type CertificateDetail struct {
	CertificateRow
	FirstRegistered review.Date     `json:"first_registered"`
	Missing         []review.Key    `json:"missing"`
	Void            bool            `json:"void"`
	RevokedOn       review.Date     `json:"revoked_on"`
	RevokedFor      string          `json:"revoked_for"` // code of the policy
	Proposed        *ProposalLine   `json:"proposed"`
	History         []StandingLine  `json:"history"`
	Form            json.RawMessage `json:"form"` // the record, as in an application package
	Versions        []VersionLine   `json:"versions"`
}

// VersionLine is one issue of a certificate.
type VersionLine struct {
	Version    int         `json:"version"`
	Reference  string      `json:"reference"`
	ValidFrom  review.Date `json:"valid_from"`
	ValidUntil review.Date `json:"valid_until"`
	IssuedAt   string      `json:"issued_at"`
	IssuedBy   string      `json:"issued_by"`
	Issuer     string      `json:"issuer"`
	Void       bool        `json:"void"`
	Printed    int         `json:"printed"`
	Delivered  bool        `json:"delivered"`
	Corrects   int         `json:"corrects"` // version whose printed data this one corrects, 0 for none
	File       string      `json:"file"`     // SHA-256 of the certificate as it was drawn, "" while it has not been
	Size       int64       `json:"size"`
}

// ProposalLine is a change of a certificate's standing that waits for a second person. It names the corrected fields, not
// their values.
type ProposalLine struct {
	Number string       `json:"number"`
	Action string       `json:"action"`
	Reason string       `json:"reason"`
	On     review.Date  `json:"on"`
	Note   string       `json:"note"`
	Fields []review.Key `json:"fields"`
	By     string       `json:"by"`
	At     string       `json:"at"`
}

// StandingLine is a change that was made.
type StandingLine struct {
	ProposalLine
	ConfirmedBy string `json:"confirmed_by"`
	ConfirmedAt string `json:"confirmed_at"`
	Version     int    `json:"version"`
}

// EncodeProposal makes the line of what is proposed for the certificate, nil for nothing.
func EncodeProposal(c *review.Certificate) *ProposalLine {
	if c.Proposed == nil {
		return nil
	}
	line := proposalLine(c.Number, c.Proposed)
	return &line
}

func proposalLine(number string, w *review.Proposal) ProposalLine {
	fields := []review.Key{}
	for _, field := range review.Correctable() {
		if _, ok := w.Form[field.Key]; ok {
			fields = append(fields, field.Key)
		}
	}
	return ProposalLine{number, string(w.Action), w.Reason, w.On, w.Note, fields, w.By, toSecond(w.At)}
}

// EncodeCertificateDetail makes the whole of a certificate as it stands on the day.
func EncodeCertificateDetail(c *review.Certificate, on review.Date, p *review.Policy, reveal bool) (CertificateDetail, error) {
	d := CertificateDetail{
		CertificateRow: EncodeCertificateRow(c, on, reveal), FirstRegistered: c.FirstRegistered, Missing: some(c.Missing),
		Void: c.Void, RevokedOn: c.RevokedOn, RevokedFor: c.RevokedFor, Versions: []VersionLine{},
		Proposed: EncodeProposal(c), History: []StandingLine{},
	}
	for i := range c.History {
		h := &c.History[i]
		d.History = append(d.History, StandingLine{proposalLine(c.Number, &h.Proposal), h.ConfirmedBy, toSecond(h.ConfirmedAt), h.Version})
	}
	form := review.Form{}
	for _, v := range c.Versions {
		d.Versions = append(d.Versions, VersionLine{
			v.Version, v.Reference, v.ValidFrom, v.ValidUntil, toSecond(v.IssuedAt), v.IssuedBy, v.Issuer, v.Void, v.Printed,
			v.Delivered, v.Corrects, v.File, v.Size,
		})
	}
	i := slices.IndexFunc(c.Versions, func(v review.CertificateVersion) bool { return v.Version == d.Version })
	if i >= 0 {
		form = c.Versions[i].Form
	}
	var err error
	d.Form, err = encode(formJSON("", form, p, shower(reveal)))
	return d, err
}

// WriteLine writes a value as one line of JSON, with < > & as they are.
func WriteLine(w io.Writer, value any) error {
	data, err := encode(value)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
