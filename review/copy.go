package review

import (
	"regexp"
	"strings"
	"time"
)

// CopyWay says how a copy of a certificate left the desk.
type CopyWay string

const (
	// OnPaper copies were printed, or written into a file that a printer gets (打印).
	OnPaper CopyWay = "print"
	// AsFile copies were fetched as a file: over sftp, by a command (下载).
	AsFile CopyWay = "download"
	// InResults copies were handed to the portal with the results (交门户).
	InResults CopyWay = "export"
)

// CopyMailed is the code of the reason that the mail room states: a policy must have it.
const CopyMailed = "mailed"

// Copy is one line of the ledger of copies (发证台账): who handed out what, when, on which sheet and why. A line is never
// removed; a sheet that came out wrong is marked as spoiled, and the copy that replaces it names it.
type Copy struct {
	Number      int       `json:"copy"` // counts the copies of the certificate from 1
	Certificate string    `json:"certificate"`
	Version     int       `json:"version"`
	At          time.Time `json:"at"`
	By          string    `json:"by"`
	Office      string    `json:"office,omitempty"`
	Role        Role      `json:"role"`
	Way         CopyWay   `json:"way"`
	Reason      string    `json:"reason,omitempty"` // code of the policy's reasons of copies
	Serial      string    `json:"serial,omitempty"` // printed on the sheet of paper, where sheets are numbered
	Note        string    `json:"note,omitempty"`
	File        string    `json:"file,omitempty"` // SHA-256 of the bytes that were handed out
	// Replaces is the number of the spoiled copy in whose place this one came, 0 for none.
	Replaces int `json:"replaces,omitempty"`
	// SpoiledAt, SpoiledBy and SpoiledFor say that the sheet came out wrong and was destroyed (作废).
	SpoiledAt  time.Time `json:"spoiled_at,omitzero"`
	SpoiledBy  string    `json:"spoiled_by,omitempty"`
	SpoiledFor string    `json:"spoiled_for,omitempty"`
}

// Spoiled reports whether the sheet came out wrong.
func (c *Copy) Spoiled() bool { return !c.SpoiledAt.IsZero() }

// CopyAsk is what somebody says who wants a copy.
type CopyAsk struct {
	// Version is the one whose bytes are about to leave; when another stands by now, the copy is refused as stale. 0 takes
	// whatever stands.
	Version int
	Way     CopyWay
	Reason  string // code; a first copy on paper without one has the first reason of the policy
	Serial  string
	Note    string
}

// CopyPolicy says what the ledger of copies asks for.
type CopyPolicy struct {
	// Numbered says that the sheets carry serial numbers, so that every copy on paper states one.
	Numbered bool
	// Serial is the form of these numbers, as a regular expression over the whole of it.
	Serial  string
	form    *regexp.Regexp
	Reasons []CodedText
}

// CodedText is an entry of a list of coded reasons; a code once used never gets another meaning.
type CodedText struct {
	Code    string
	Label   string // Chinese
	English string
	Note    bool // a note is required
}

// Name returns the label in the language.
func (c CodedText) Name(lang Lang) string { return inLang(lang, c.Label, c.English) }

// CopyReason returns the reason of a copy that the text names: by code, or by label as scripts may give it.
func (p *Policy) CopyReason(text string) (CodedText, bool) { return coded(p.Copies.Reasons, text) }

// RevokeReason returns the ground of a revocation that the text names.
func (p *Policy) RevokeReason(text string) (CodedText, bool) { return coded(p.Revocation, text) }

func coded(list []CodedText, text string) (CodedText, bool) {
	for _, r := range list {
		if text != "" && (text == r.Code || text == r.Label || strings.EqualFold(text, r.English)) {
			return r, true
		}
	}
	return CodedText{}, false
}

// CheckCopy completes what was asked for and refuses, with a RuleError, what the policy does not take: no reason for a
// further copy on paper, an unknown one, a note or a serial number that is missing or not well-formed. earlier is how many
// copies on paper there are that count.
func CheckCopy(ask CopyAsk, p *Policy, earlier int) (CopyAsk, error) {
	ask.Note, ask.Serial = strings.TrimSpace(ask.Note), CleanSerial(ask.Serial)
	if err := CheckNote(ask.Note); err != nil {
		return ask, err
	}
	if ask.Reason == "" && ask.Way == OnPaper {
		if earlier > 0 {
			return ask, &RuleError{"copy_reason_missing", nil}
		}
		ask.Reason = p.Copies.Reasons[0].Code
	}
	if ask.Reason != "" {
		reason, ok := p.CopyReason(ask.Reason)
		switch {
		case !ok:
			return ask, &RuleError{"copy_reason_unknown", Args{"reason": quotable(ask.Reason)}}
		case reason.Note && ask.Note == "":
			return ask, &RuleError{"note_required", nil}
		}
		ask.Reason = reason.Code
	}
	return ask, p.Copies.checkSerial(ask)
}

func (c *CopyPolicy) checkSerial(ask CopyAsk) error {
	switch {
	case ask.Serial != "" && (ask.Way != OnPaper || !c.Numbered):
		return &RuleError{"serial_not_asked", nil}
	case ask.Way != OnPaper || !c.Numbered:
		return nil
	case ask.Serial == "":
		return &RuleError{"serial_missing", nil}
	case !c.form.MatchString(ask.Serial):
		return &RuleError{"serial_form", Args{"serial": quotable(ask.Serial)}}
	}
	return nil
}

// CleanSerial brings the number of a sheet into one form: half-width, no blanks, capital letters.
func CleanSerial(text string) string {
	return strings.ToUpper(strings.Join(strings.Fields(HalfWidth(text)), ""))
}

// MayCopy tells whether the account may hand out a copy of the certificate this way: MayPrint for paper and
// files, the right to export for results. What is incomplete, void or revoked leaves the desk in no way at all.
func (by *Account) MayCopy(c *Certificate, enteredBy string, way CopyWay) error {
	if way != InResults {
		return by.MayPrint(c, enteredBy)
	}
	if err := by.May(Export); err != nil {
		return err
	}
	if err := by.SeesCertificate(c, enteredBy); err != nil {
		return err
	}
	return c.Handable()
}

// NextSerial returns the number of the sheet that follows: the digits at the end raised by one, as long as they were.
func NextSerial(serial string) string {
	digits := []byte(CleanSerial(serial))
	for i := len(digits) - 1; i >= 0 && digits[i] >= '0' && digits[i] <= '9'; i-- {
		if digits[i]++; digits[i] <= '9' {
			break
		}
		digits[i] = '0'
	}
	return string(digits)
}
