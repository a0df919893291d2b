package review

import (
	"fmt"
	"slices"
	"time"
)

// CertificateState is the standing of a certificate on a day (domain §8).
type CertificateState string

const (
	// Valid certificates are complete and within their validity (有效).
	Valid CertificateState = "valid"
	// Expired certificates have passed their last day (已过期).
	Expired CertificateState = "expired"
	// Incomplete records lack data and are neither printed nor downloaded (信息待完善).
	Incomplete CertificateState = "incomplete"
	// Revoked certificates were struck off, with reason and day (注销).
	Revoked CertificateState = "revoked"
)

// CertificateStates lists every state of a certificate.
func CertificateStates() []CertificateState {
	return []CertificateState{Valid, Expired, Incomplete, Revoked}
}

// CertificateVersion is one issue of a certificate: what is printed. A renewal or a completion adds one; the ones
// before it stay.
type CertificateVersion struct {
	Version   int    `json:"version"`
	Reference string `json:"reference,omitempty"` // application that it came from, "" for legacy records
	// Corrects is the version whose printed data this one corrects, 0 for none: the application behind both is the same.
	Corrects int `json:"corrects,omitempty"`
	// ValidFrom and ValidUntil are the first and the last day of the validity.
	ValidFrom  Date      `json:"valid_from,omitzero"`
	ValidUntil Date      `json:"valid_until,omitzero"`
	IssuedAt   time.Time `json:"issued_at"` // recorded time of the decision; every date of the PDF comes from it
	IssuedBy   string    `json:"issued_by,omitempty"`
	Policy     string    `json:"policy,omitempty"`
	// Form is the record as of this version: the approved answers over those of the version before.
	Form Form `json:"form"`
	// Area is the code, AreaLabel the name of the review area as printed.
	Area      string `json:"area"`
	AreaLabel string `json:"area_label"`
	// Labels of the options as printed, in Chinese.
	SexLabel   string `json:"sex_label"`
	LevelLabel string `json:"level_label"`
	Issuer     string `json:"issuer"`
	// Portrait is the SHA-256 of the prepared portrait (JPEG, 295 × 413), "" where there is none.
	Portrait string `json:"portrait,omitempty"`
	// CommunityProof says that the record holds a proof of the community post.
	CommunityProof bool `json:"community_proof,omitempty"`
	// Code is the verification code, made when the version was issued; zero for a version that was issued without one.
	Code Code `json:"code,omitzero"`
	// Void says that the decision which issued this version was taken back.
	Void      bool `json:"void,omitempty"`
	Printed   int  `json:"printed,omitempty"`   // copies printed
	Delivered bool `json:"delivered,omitempty"` // handed to the portal
	// Look is the SHA-256 of everything that the version is drawn with beside the record (texts, layout, seal), as it was
	// when the version was issued; "" for one that is drawn when somebody first asks for it, with what is in force then.
	Look string `json:"look,omitempty"`
	// File is the SHA-256 of the certificate as it was drawn, once; "" while it has not been. Size counts its bytes.
	File string `json:"file,omitempty"`
	Size int64  `json:"size,omitempty"`
}

// Owed reports whether the version was issued to be drawn, and has not been yet.
func (v *CertificateVersion) Owed() bool { return v.Look != "" && v.File == "" && !v.Void }

// Code lets anybody check the paper of a version without asking the register. Its text is recorded, so that every copy
// carries the same one, whatever became of the key since.
type Code struct {
	Text  string `json:"text"`  // what the QR code holds
	Key   string `json:"key"`   // id of the key that signed
	Check string `json:"check"` // 验证码, printed beside it: XXXX-XXXX-XXXX
}

// Certificate is a registration certificate with all its versions, the latest last.
type Certificate struct {
	Number string    `json:"number"` // CD-YYYY-NNNNNN
	Person PersonKey `json:"person"`
	// Void says that the only version was taken back: the number is listed and never used again.
	Void            bool                 `json:"void,omitempty"`
	FirstRegistered Date                 `json:"first_registered,omitzero"`
	Versions        []CertificateVersion `json:"versions"`
	RevokedOn       Date                 `json:"revoked_on,omitzero"`
	RevokedFor      string               `json:"revoked_for,omitempty"`
	// Missing names what an incomplete record lacks; empty for a complete one.
	Missing []Key `json:"missing,omitempty"`
	// Proposed is a change of the certificate's standing that waits for a second person, nil for none.
	Proposed *Proposal `json:"proposed,omitempty"`
	// History holds the changes of its standing, the first one first.
	History []Standing `json:"history,omitempty"`
	// Change counts every change of the record. That the bytes of a version were drawn is none: nobody decided anything.
	Change int `json:"change"`
}

// Drawable reports whether a version may be drawn that has not been yet: it is the current one of a certificate that is
// complete and was not revoked.
func (c *Certificate) Drawable(v *CertificateVersion) bool {
	now := c.Current()
	return now != nil && now.Version == v.Version && !c.Void && c.RevokedOn.IsZero() && len(c.Missing) == 0
}

// Current returns the latest version that is not void, nil when all are.
func (c *Certificate) Current() *CertificateVersion {
	for i := len(c.Versions) - 1; i >= 0; i-- {
		if !c.Versions[i].Void {
			return &c.Versions[i]
		}
	}
	return nil
}

// Told returns the version that tells of whom the number is: the current one, the last one of a number that is void, nil
// for a certificate without versions.
func (c *Certificate) Told() *CertificateVersion {
	if v := c.Current(); v != nil || len(c.Versions) == 0 {
		return v
	}
	return &c.Versions[len(c.Versions)-1]
}

// IssuedFor returns the version that the approval of a issued, or the one that corrects it, and whether that version stands
// and may leave the desk. It is ErrNotFound when a issued none.
func (c *Certificate) IssuedFor(a *Application) (v CertificateVersion, leaves bool, err error) {
	i := slices.IndexFunc(c.Versions, func(v CertificateVersion) bool { return v.Version == a.CertificateVersion })
	if i < 0 {
		return v, false, fmt.Errorf("version %d of %s: %w", a.CertificateVersion, c.Number, ErrNotFound)
	}
	now := c.Current()
	if now == nil || now.Version != a.CertificateVersion && now.Reference != a.Reference || c.Handable() != nil {
		return c.Versions[i], false, nil
	}
	return *now, true, nil
}

// ValidUntil returns the last day of the current version's validity, zero when it is not known.
func (c *Certificate) ValidUntil() Date {
	if v := c.Current(); v != nil {
		return v.ValidUntil
	}
	return Date{}
}

// Ahead reports whether the current version was issued ahead of its validity: at a renewal in time, which goes on
// where the validity before it ends. The certificate is valid all the same.
func (c *Certificate) Ahead(on Date) bool {
	v := c.Current()
	return v != nil && c.State(on) == Valid && v.ValidFrom.After(on)
}

// State returns the standing of the certificate on the day.
func (c *Certificate) State(on Date) CertificateState {
	switch {
	case c.Void || !c.RevokedOn.IsZero() && !c.RevokedOn.After(on):
		return Revoked
	case len(c.Missing) > 0:
		return Incomplete
	case c.ValidUntil().Before(on):
		return Expired
	}
	return Valid
}
