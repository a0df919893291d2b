package review

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Sentinels that callers test with errors.Is. Each is wrapped with the reference of what was tried on.
var (
	// ErrNotFound says that no application, certificate or account has the given key.
	ErrNotFound = errors.New("not found")
	// ErrExists says that the key is taken: the same reference and revision with other content, an account name.
	ErrExists = errors.New("exists already")
	// ErrAlready says that exactly this was done before; nothing has changed and nothing needs to.
	ErrAlready = errors.New("already there")
	// ErrStale says that the record has changed since the caller saw it. It comes as a StaleError.
	ErrStale = errors.New("changed meanwhile")
	// ErrDenied says that the actor may not do this. It comes as a DeniedError.
	ErrDenied = errors.New("denied")
)

// Args carries what a code's sentence needs: references, dates, counts, labels; never a name or an identity number.
type Args map[string]string

// A DeniedError is the one answer to "may I?": the action, and why not. Code names a sentence of the catalogue of texts.
type DeniedError struct {
	Action Action
	Code   string
	Args   Args
	// Could says who could do it instead, nil where nobody could or the sentence says so itself.
	Could *Duty
}

func (e *DeniedError) Error() string { return "denied: " + describe(e.Code, e.Args) }

// Is makes errors.Is(err, ErrDenied) true.
func (e *DeniedError) Is(target error) bool { return target == ErrDenied }

// A RuleError says which rule of the domain refused a well-formed input, whoever asked.
type RuleError struct {
	Code string
	Args Args
}

func (e *RuleError) Error() string { return "refused: " + describe(e.Code, e.Args) }

// A StaleError says who changed the record last, how and when.
type StaleError struct {
	Reference string
	By        string
	At        time.Time
	Action    Action
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("%s changed by %s (%s) at %s", e.Reference, e.By, e.Action, e.At.In(Zone).Format(time.DateTime))
}

// Is makes errors.Is(err, ErrStale) true.
func (e *StaleError) Is(target error) bool { return target == ErrStale }

// A FormError holds every problem of a form at once.
type FormError struct {
	Problems []Problem
}

func (e *FormError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.String()
	}
	return strings.Join(parts, "; ")
}

func describe(code string, args Args) string {
	if len(args) == 0 {
		return code
	}
	return code + " " + args.String()
}

// String writes the arguments in the order of their keys, for logs.
func (a Args) String() string {
	parts := make([]string, 0, len(a))
	for _, key := range sortedKeys(a) {
		parts = append(parts, key+"="+a[key])
	}
	return strings.Join(parts, " ")
}
