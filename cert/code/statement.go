package code

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rongzheng/review"
)

// Statement is what a code says of one version of a certificate.
type Statement struct {
	Issuer  string // body that issued the version, cut to maxIssuer characters
	Number  string
	Version int
	Level   string // label of the level, as printed
	// ValidFrom and ValidUntil are the first and the last day of the validity, in Asia/Shanghai.
	ValidFrom, ValidUntil review.Date
	IssuedAt              time.Time // whole seconds
	// Holder is Digest of what the paper says of its holder.
	Holder []byte
}

const (
	// digestBytes of the holder's hash are kept: nobody finds a second holder for 128 bits.
	digestBytes = 16
	// maxIssuer keeps the code small enough to be read from a picture; the paper carries the whole name.
	maxIssuer = 24
)

// About returns the statement about the version of the certificate, check being the characters printed as 验证码.
func About(c *review.Certificate, v *review.CertificateVersion, check string) Statement {
	return Statement{
		Issuer: shorten(v.Issuer), Number: c.Number, Version: v.Version, Level: v.LevelLabel,
		ValidFrom: v.ValidFrom, ValidUntil: v.ValidUntil, IssuedAt: v.IssuedAt.Truncate(time.Second),
		Holder: Digest(c.Number, v.Version, v.Form.Get("name"), v.Form.Get("id_number"), check),
	}
}

func shorten(issuer string) string {
	if utf8.RuneCountInString(issuer) <= maxIssuer {
		return issuer
	}
	return string([]rune(issuer)[:maxIssuer-1]) + "…"
}

// Digest returns the hash of what a paper says of its holder. Spaces around name and number, small letters of the number,
// and the way in which check was typed make no difference.
func Digest(number string, version int, name, idNumber, check string) []byte {
	check, _ = CleanCheck(check)
	sum := sha256.Sum256(fmt.Appendf(nil, "rongzheng-holder/1\n%s\n%d\n%s\n%s\n%s\n", number, version,
		strings.TrimSpace(name), strings.ToUpper(strings.TrimSpace(idNumber)), check))
	return sum[:digestBytes]
}

// Names tells whether the statement is about this holder, whose paper carries the characters of check.
func (s Statement) Names(name, idNumber, check string) bool {
	return hmac.Equal(s.Holder, Digest(s.Number, s.Version, name, idNumber, check))
}

// checkAlphabet is Crockford's: no I, L, O, U, so that the characters survive being read aloud and typed.
const checkAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var checkEncoding = base32.NewEncoding(checkAlphabet).WithPadding(base32.NoPadding)

// checkOf derives the printed characters, 60 bits, for a version: the same ones each time, and unknown to whoever lacks
// the secret or the paper.
func checkOf(secret []byte, number string, version int) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s\n%d\n", number, version)
	return dashed(checkEncoding.EncodeToString(mac.Sum(nil))[:checkLength])
}

const checkLength = 12

func dashed(check string) string { return check[:4] + "-" + check[4:8] + "-" + check[8:] }

// CleanCheck brings typed characters of a paper (验证码) into their printed form, XXXX-XXXX-XXXX: dashes and spaces may be
// left out, I and L read as 1, O as 0. It reports false for what is no such text.
func CleanCheck(typed string) (string, bool) {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '－', '　':
			return -1
		case 'I', 'L', 'i', 'l':
			return '1'
		case 'O', 'o':
			return '0'
		}
		return r
	}, typed)
	clean = strings.ToUpper(clean)
	outside := func(r rune) bool { return !strings.ContainsRune(checkAlphabet, r) }
	if len(clean) != checkLength || strings.ContainsFunc(clean, outside) {
		return clean, false
	}
	return dashed(clean), true
}
