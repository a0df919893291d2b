package review

import (
	"regexp"
	"strings"
)

var (
	mobileForm     = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landlineForm   = regexp.MustCompile(`^0[0-9]{2,3}-?[0-9]{7,8}$`)
	managementForm = regexp.MustCompile(`^[0-9A-Za-z]{8,32}$`)
)

// CleanMobile brings a mobile number into the form of eleven digits: half-width, without spaces, dashes and +86.
func CleanMobile(text string) string {
	number := compact(text)
	if rest, ok := strings.CutPrefix(number, "+86"); ok && IsMobile(rest) {
		return rest
	}
	return number
}

// IsMobile reports whether the text is a cleaned mobile number of the mainland.
func IsMobile(text string) bool { return mobileForm.MatchString(text) }

// CleanPhone brings the telephone number of a recipient into form: a mobile number as CleanMobile does, any other
// without spaces, its dash kept.
func CleanPhone(text string) string {
	if mobile := CleanMobile(text); IsMobile(mobile) {
		return mobile
	}
	return strings.Map(func(r rune) rune {
		switch r = halfWidth(r); {
		case isDash(r):
			return '-'
		case isSpace(r):
			return -1
		}
		return r
	}, CleanText(text))
}

// IsPhone reports whether the text is a cleaned mobile or landline number.
func IsPhone(text string) bool { return IsMobile(text) || landlineForm.MatchString(text) }

// CleanManagementNumber brings the number of a professional certificate into form: half-width, without any space.
func CleanManagementNumber(text string) string {
	return strings.Map(func(r rune) rune {
		if r = halfWidth(r); isSpace(r) {
			return -1
		}
		return r
	}, CleanText(text))
}

// IsManagementNumber reports whether the text is a cleaned number of a professional certificate: 8 to 32 letters and
// digits. Nothing may be read out of it: years and places in it are not reliable.
func IsManagementNumber(text string) bool { return managementForm.MatchString(text) }

// usualManagementNumber reports whether the number has the form of nearly all of them: 14 to 24 digits.
func usualManagementNumber(text string) bool {
	return isDigits(text) && 14 <= len(text) && len(text) <= 24
}
