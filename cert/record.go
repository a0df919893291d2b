package cert

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"strings"
	"time"

	"rongzheng/cert/code"
	"rongzheng/review"
)

// ErrState says that a certificate may not be printed as it stands: revoked, void or incomplete (domain §8).
var ErrState = errors.New("may not be printed")

// Reasons of a FieldError beside a font.MissingError.
var (
	// ErrEmpty says that the record lacks what the certificate must show.
	ErrEmpty = errors.New("empty")
	// ErrTooLong says that the text does not fit its place even in the smallest legible size.
	ErrTooLong = errors.New("too long")
	// ErrPortrait says that the portrait is not the prepared JPEG that the record names.
	ErrPortrait = errors.New("not the prepared portrait")
)

// FieldError says why one field cannot be printed. Err is ErrEmpty, ErrTooLong, ErrPortrait or a *font.MissingError.
type FieldError struct {
	Field review.Key
	Err   error
}

func (e FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Field, e.Err) }

// Unwrap returns the reason.
func (e FieldError) Unwrap() error { return e.Err }

// RefusedError holds every field that keeps a certificate or another paper from being printed.
type RefusedError struct {
	Paper  string // what was to be printed, in English; "" for a certificate
	Number string // of the certificate, or reference of the application; "" for a paper that has none
	Fields []FieldError
}

func (e *RefusedError) Error() string {
	reasons := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		reasons[i] = f.Error()
	}
	what := strings.TrimSpace(cmp.Or(e.Paper, "certificate") + " " + e.Number)
	return fmt.Sprintf("%s cannot be printed: %s", what, strings.Join(reasons, "; "))
}

// Unwrap returns the field errors.
func (e *RefusedError) Unwrap() []error {
	all := make([]error, len(e.Fields))
	for i, f := range e.Fields {
		all[i] = f
	}
	return all
}

// Keys of what the certificate shows. Those of the form are as in its registry.
const (
	nameKey       review.Key = "name"
	sexKey        review.Key = "sex"
	idNumberKey   review.Key = "id_number"
	levelKey      review.Key = "level"
	managementKey review.Key = "management_number"
	areaKey       review.Key = "review_area"
	firstKey      review.Key = "first_registered_on"
	untilKey      review.Key = "certificate_valid_until"
	portraitKey   review.Key = "portrait"
	numberKey     review.Key = "number"
	fromKey       review.Key = "valid_from"
	issuerKey     review.Key = "issuer"
	issuedKey     review.Key = "issued_at"
	codeKey       review.Key = "code"
)

// Keys of what other papers show beside the form.
const (
	referenceKey   review.Key = "reference"
	attachmentsKey review.Key = "attachments"
	levelsKey      review.Key = "levels"
	submittedKey   review.Key = "submitted_at"
	decidedKey     review.Key = "decided_at"
	officeKey      review.Key = "office"
	clerkKey       review.Key = "clerk"
	reasonsKey     review.Key = "reasons"
	noteKey        review.Key = "note"
	againKey       review.Key = "again"
	recipientKey   review.Key = "recipient"
	phoneKey       review.Key = "recipient_phone"
	regionKey      review.Key = "region"
	streetKey      review.Key = "street_address"
)

// record is what one certificate prints, as text.
type record struct {
	texts    review.PaperPolicy
	number   string
	fields   map[review.Key]string
	code     review.Code
	modules  [][]bool // of the QR code; nil for a version that has none
	issuedAt time.Time
	portrait portrait
	history  []review.CertificateVersion // what the back tells, the oldest first; nil for no back
}

// portrait is a checked JPEG.
type portrait struct {
	data          []byte
	width, height int
	space         string // PDF's name of its colours
}

// object returns the portrait as an image object; the JPEG goes in as it is.
func (p portrait) object() []byte {
	b := fmt.Appendf(nil, "<</Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /%s /Filter /DCTDecode /Length %d>>\nstream\n",
		p.width, p.height, p.space, len(p.data))
	return append(append(b, p.data...), "\nendstream\n"...)
}

// within returns the largest place in the box that shows the portrait whole and not stretched.
func (p portrait) within(b box) box {
	scale := min(b.w/float64(p.width), b.h/float64(p.height))
	w, h := float64(p.width)*scale, float64(p.height)*scale
	return box{b.x + (b.w-w)/2, b.y + (b.h-h)/2, w, h}
}

// record collects what is printed and refuses what lacks anything.
func (p *Printer) record(c *review.Certificate, v *review.CertificateVersion) (*record, error) {
	if err := checkState(c, v); err != nil {
		return nil, fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	r := &record{texts: p.options.Paper, number: c.Number, code: v.Code, issuedAt: v.IssuedAt.In(review.Zone), history: history(c, v)}
	r.fields = map[review.Key]string{
		numberKey:     c.Number,
		nameKey:       v.Form.Get(nameKey),
		sexKey:        v.SexLabel,
		idNumberKey:   v.Form.Get(idNumberKey),
		levelKey:      v.LevelLabel,
		managementKey: v.Form.Get(managementKey),
		areaKey:       v.AreaLabel,
		firstKey:      longDate(c.FirstRegistered),
		fromKey:       longDate(v.ValidFrom),
		untilKey:      longDate(v.ValidUntil),
		issuerKey:     cmp.Or(v.Issuer, p.options.Issuer),
		issuedKey:     longDate(review.DateOf(v.IssuedAt)),
		portraitKey:   v.Portrait,
	}
	var refused []FieldError
	for _, key := range []review.Key{
		numberKey, nameKey, sexKey, idNumberKey, levelKey, managementKey, areaKey, firstKey, fromKey, untilKey, issuerKey, issuedKey, portraitKey,
	} {
		if strings.TrimSpace(r.fields[key]) == "" {
			refused = append(refused, FieldError{key, ErrEmpty})
		}
	}
	if refused != nil {
		return nil, &RefusedError{Number: c.Number, Fields: refused}
	}
	if v.Code.Text == "" {
		return r, nil
	}
	var err error
	if r.modules, err = code.Modules(v.Code.Text); err != nil {
		return nil, &RefusedError{Number: c.Number, Fields: []FieldError{{codeKey, ErrTooLong}}}
	}
	return r, nil
}

func checkState(c *review.Certificate, v *review.CertificateVersion) error {
	switch {
	case c.Void || v.Void:
		return fmt.Errorf("void: %w", ErrState)
	case !c.RevokedOn.IsZero():
		return fmt.Errorf("revoked: %w", ErrState)
	case len(c.Missing) > 0:
		return fmt.Errorf("incomplete: %w", ErrState)
	}
	return nil
}

// longDate writes a day as on Chinese documents: 2025年1月20日.
func longDate(d review.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// Limits far above what the preparation of portraits gives (295 × 413 pixels, some 30 KB, noise 120 KB). They keep a
// photograph that was not prepared from making a file of megabytes.
const (
	maxPortraitSide  = 1000
	maxPortraitBytes = 200_000
)

// checkPortrait makes sure that these bytes are the picture that the version names, and a JPEG fit to be embedded.
func checkPortrait(v *review.CertificateVersion, data []byte) (portrait, error) {
	sum := sha256.Sum256(data)
	if !strings.EqualFold(hex.EncodeToString(sum[:]), v.Portrait) {
		return portrait{}, ErrPortrait
	}
	return readPortrait(data)
}

// readPortrait reads what the preparation of portraits gives.
func readPortrait(data []byte) (portrait, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(data) > maxPortraitBytes || max(config.Width, config.Height) > maxPortraitSide {
		return portrait{}, ErrPortrait
	}
	switch config.ColorModel {
	case color.YCbCrModel:
		return portrait{data, config.Width, config.Height, "DeviceRGB"}, nil
	case color.GrayModel:
		return portrait{data, config.Width, config.Height, "DeviceGray"}, nil
	}
	return portrait{}, ErrPortrait
}
