package review

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// ErrNumber is returned by ParseNumber for text that is not a certificate number.
var ErrNumber = errors.New("not a certificate number of the form CD-YYYY-NNNNNN")

// LastNumber is the largest running number of a year that a certificate number can hold.
const LastNumber = 999_999

var (
	prefixForm = regexp.MustCompile(`^[A-Z]{1,4}$`)
	numberForm = regexp.MustCompile(`^([A-Z]{1,4})-([0-9]{4})-([0-9]{6})$`)
)

// FormatNumber returns the certificate number CD-YYYY-NNNNNN of the nth certificate of the year of first issue
// (domain §8). ParseNumber reads it again when prefix is one to four capital letters, year has four digits and n is
// between 1 and LastNumber; the caller sees to that.
func FormatNumber(prefix string, year, n int) string {
	return fmt.Sprintf("%s-%04d-%06d", prefix, year, n)
}

// ParseNumber takes a certificate number apart: the inverse of FormatNumber. Anything else, spaces and small letters
// included, is ErrNumber.
func ParseNumber(text string) (prefix string, year, n int, err error) {
	parts := numberForm.FindStringSubmatch(text)
	if parts == nil {
		return "", 0, 0, ErrNumber
	}
	year, errYear := strconv.Atoi(parts[2])
	n, errN := strconv.Atoi(parts[3])
	if errYear != nil || errN != nil || year == 0 || n == 0 {
		return "", 0, 0, ErrNumber
	}
	return parts[1], year, n, nil
}

// numberWithin is a certificate number somewhere in a text.
var numberWithin = regexp.MustCompile(`[A-Z]{1,4}-[0-9]{4}-[0-9]{6}`)

// NumberIn returns the certificate number that stands somewhere in the text, as in what a scanner reads from a paper; the
// text itself where there is none.
func NumberIn(text string) string {
	if number := numberWithin.FindString(HalfWidth(text)); number != "" {
		return number
	}
	return text
}
