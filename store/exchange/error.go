package exchange

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"rongzheng/review"
)

// Error is the refusal of a file or of a part of it, whatever the register says. Code names a sentence of the catalogue
// of texts and Args fill it. File is the sender's own name of what was refused, made fit for a terminal; it is empty
// where the name would tell who the person is (portraits named by identity number: those are told by their row).
//
// Neither field ever holds a person's name or identity number.
type Error struct {
	Code string
	Args review.Args
	File string
}

// Error describes the refusal for logs, in codes.
func (e *Error) Error() string {
	text := e.Code
	if len(e.Args) > 0 {
		text += " " + e.Args.String()
	}
	if e.File == "" {
		return text
	}
	return e.File + ": " + text
}

// refuse makes an Error; pairs are names and values of its arguments.
func refuse(file, code string, pairs ...string) *Error {
	return &Error{Code: code, Args: arguments(pairs), File: shown(file)}
}

// problem makes the finding that stands beside those of review.Validate; pairs as for refuse.
func problem(target review.Key, code string, pairs ...string) review.Problem {
	return review.Problem{Severity: review.Refuse, Target: target, Code: code, Args: arguments(pairs)}
}

func arguments(pairs []string) review.Args {
	if len(pairs) == 0 {
		return nil
	}
	args := review.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

// asProblem turns a refusal of one file of an application into the finding about its slot.
func asProblem(slot review.Key, e *Error) review.Problem {
	args := review.Args{}
	for key, value := range e.Args {
		args[key] = value
	}
	if e.File != "" {
		args["file"] = e.File
	}
	return review.Problem{Severity: review.Refuse, Target: slot, Code: e.Code, Args: args}
}

// collected returns everything that was found as one error, nil for nothing.
func collected(problems []review.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &review.FormError{Problems: problems}
}

// shownLimit is the number of characters after which text of a sender is cut in messages.
const shownLimit = 120

// longDigits finds what may be an identity number, of 15 digits or of 18 characters, inside a name.
var longDigits = regexp.MustCompile(`[0-9]{15,}[Xx]?`)

// shown makes text that a sender wrote fit for a message: what does not show, or changes how its surroundings show,
// becomes U+FFFD, what may be an identity number is covered, and it is cut.
func shown(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, longDigits.ReplaceAllString(text, "***")))
	if len(runes) > shownLimit {
		return string(runes[:shownLimit]) + "…"
	}
	return string(runes)
}

// isOurs tells a refusal of this package or of the domain from a failure of the machine.
func isOurs(err error) bool {
	var (
		own    *Error
		form   *review.FormError
		rule   *review.RuleError
		denied *review.DeniedError
		stale  *review.StaleError
	)
	return errors.As(err, &own) || errors.As(err, &form) || errors.As(err, &rule) || errors.As(err, &denied) ||
		errors.As(err, &stale) || errors.Is(err, review.ErrExists) || errors.Is(err, review.ErrNotFound)
}
