package code

import (
	"errors"

	"rongzheng/review"
)

// Verdict is what became of a certificate whose code was checked.
type Verdict string

// The verdicts. Those about a code that cannot be trusted come from the errors of Verify, see Failure.
const (
	Valid      Verdict = "valid"       // 有效
	NotYet     Verdict = "not_yet"     // the first validity begins later
	Expired    Verdict = "expired"     // 已过期
	Superseded Verdict = "superseded"  // a later version stands
	Revoked    Verdict = "revoked"     // 注销
	Void       Verdict = "void"        // the decision that issued it was taken back
	Unknown    Verdict = "unknown"     // the register does not know the number, or the version
	Forged     Verdict = "forged"      // the signature does not hold
	UnknownKey Verdict = "unknown_key" // signed with a key that is not known here
	Withdrawn  Verdict = "withdrawn"   // signed with a key that was withdrawn, and nothing vouches for it
	Damaged    Verdict = "damaged"     // cut off or changed
	NoCode     Verdict = "no_code"     // the text is no code
)

// Judge says what the statement is worth on the day, s being what is known of the number: from a list of revocations, or
// from the register. What weighs most is said: void and revoked before superseded, superseded before expired.
func (st Statement) Judge(s Standing, on review.Date) Verdict {
	switch {
	case s.Version == 0:
		return Void
	case !s.RevokedOn.IsZero() && !s.RevokedOn.After(on):
		return Revoked
	case s.Version > st.Version:
		return Superseded
	case s.Version < st.Version && st.Version <= s.Last:
		return Void
	case s.Version < st.Version:
		return Unknown
	case st.ValidUntil.Before(on):
		return Expired
	case st.ValidFrom.After(on) && st.Version == 1 && review.DateOf(st.IssuedAt).After(on):
		// A renewal goes on where the validity before it ends (domain §8), also one of a certificate that the
		// register did not know: from the day of its issue whoever holds it is registered.
		return NotYet
	}
	return Valid
}

// Standing returns what the list says of the statement's number. A number that is not on it stands as the code says; so
// does a version issued after the list was made. One that is newer than the list's and was issued before it has been voided:
// the register signed it.
func (r *Revocations) Standing(st Statement) Standing {
	s, ok := r.entries[st.Number]
	if !ok || s.Version < st.Version && st.IssuedAt.After(r.Made) {
		return st.unchanged()
	}
	s.Last = max(s.Version, st.Version)
	return s
}

// unchanged is the standing of a certificate of which nothing is known but its code.
func (st Statement) unchanged() Standing { return Standing{Number: st.Number, Version: st.Version} }

// Alone judges by the code alone, without list or register.
func (st Statement) Alone(on review.Date) Verdict { return st.Judge(st.unchanged(), on) }

// Failure returns the verdict that an error of Verify stands for; false for any other error.
func Failure(err error) (Verdict, bool) {
	if _, ok := errors.AsType[UnknownKeyError](err); ok {
		return UnknownKey, true
	}
	for _, known := range []struct {
		err     error
		verdict Verdict
	}{{ErrForged, Forged}, {ErrDamaged, Damaged}, {ErrNoCode, NoCode}} {
		if errors.Is(err, known.err) {
			return known.verdict, true
		}
	}
	return "", false
}
