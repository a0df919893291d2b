package store

import (
	"bytes"

	"rongzheng/review"
)

// Standing is what the register says of a certificate number to somebody who holds a verification code: no more than the
// code itself says, and what became of it since.
type Standing struct {
	Number     string
	Version    int         // the version that stands, 0 when the number is void
	Last       int         // the newest version, void ones included
	ValidUntil review.Date // of the version that stands
	RevokedOn  review.Date // zero: not revoked
	RevokedFor string
	Codes      []string // text of each version's code, the first version first; "" for one without
}

// Code returns the text of the code that the version carries, "" for none.
func (s Standing) Code(version int) string {
	if version < 1 || version > len(s.Codes) {
		return ""
	}
	return s.Codes[version-1]
}

// Standing returns what became of the certificate with the number, to any account that may view, wherever the certificate
// belongs: who shows a paper at a counter may come from anywhere. ErrNotFound when there is no such number.
func (s *Store) Standing(by review.Actor, number string) (Standing, error) {
	if err := by.May(review.View); err != nil {
		return Standing{}, err
	}
	var found Standing
	err := s.view(func(t *txn) error {
		_, c, err := t.certificate(number)
		if err == nil {
			found = standingOf(&c.Certificate)
		}
		return err
	})
	return found, about("standing of", number, err)
}

func standingOf(c *review.Certificate) Standing {
	st := Standing{Number: c.Number, Last: len(c.Versions), RevokedOn: c.RevokedOn, RevokedFor: c.RevokedFor}
	if v := c.Current(); v != nil && !c.Void {
		st.Version, st.ValidUntil = v.Version, v.ValidUntil
	}
	for i := range c.Versions {
		st.Codes = append(st.Codes, c.Versions[i].Code.Text)
	}
	return st
}

// standingsBatch is how many certificates are read in one transaction.
const standingsBatch = 1000

// Fallen lists what a checker cannot see from the codes alone, for a list of revocations as of the day: certificates that
// are revoked, and those of which a version that does not stand would still be within its validity. progress is called
// now and then with the number of certificates looked at; nil is allowed.
func (s *Store) Fallen(by review.Actor, on review.Date, progress func(done int)) ([]Standing, error) {
	if err := by.May(review.View); err != nil {
		return nil, err
	}
	var fallen []Standing
	err := s.eachCertificate(func(done int, c *certificate) bool {
		if progress != nil && done%standingsBatch == 0 {
			progress(done)
		}
		if hasFallen(&c.Certificate, on) {
			fallen = append(fallen, standingOf(&c.Certificate))
		}
		return true
	})
	return fallen, err
}

func hasFallen(c *review.Certificate, on review.Date) bool {
	if !c.RevokedOn.IsZero() {
		return true
	}
	standing := c.Current()
	for i := range c.Versions {
		v := &c.Versions[i]
		if (v != standing || c.Void) && v.Code.Text != "" && !v.ValidUntil.Before(on) {
			return true
		}
	}
	return false
}

// Codes hands out every version that carries a code, stands, and is within its validity on the day.
func (s *Store) Codes(by review.Actor, on review.Date, use func(number string, v *review.CertificateVersion)) error {
	if err := by.May(review.View); err != nil {
		return err
	}
	return s.eachCertificate(func(_ int, c *certificate) bool {
		v := c.Current()
		if v != nil && !c.Void && c.RevokedOn.IsZero() && v.Code.Text != "" && !v.ValidUntil.Before(on) {
			use(c.Number, v)
		}
		return true
	})
}

// codeMark is what a certificate has in it that carries a code.
var codeMark = []byte(`"code":{`)

// Coded returns the id of a key that signed a version of the register, "" when no version carries a code.
func (s *Store) Coded() (string, error) {
	key := ""
	err := s.eachValue(func(id uint64, value []byte) (bool, error) {
		if !bytes.Contains(value, codeMark) {
			return true, nil
		}
		var c certificate
		if err := decode(value, &c); err != nil {
			return false, damaged(certificates, id, err)
		}
		for i := range c.Versions {
			if v := &c.Versions[i]; v.Code.Key != "" {
				key = v.Code.Key
			}
		}
		return key == "", nil
	})
	return key, err
}

// eachCertificate hands out every certificate in the order of their ids until use says no.
func (s *Store) eachCertificate(use func(done int, c *certificate) bool) error {
	done := 0
	return s.eachValue(func(id uint64, value []byte) (bool, error) {
		var c certificate
		if err := decode(value, &c); err != nil {
			return false, damaged(certificates, id, err)
		}
		done++
		return use(done, &c), nil
	})
}

// eachValue hands out every certificate as it is kept, a batch in each transaction, until use says no.
func (s *Store) eachValue(use func(id uint64, value []byte) (bool, error)) error {
	more := true
	var from []byte
	for more {
		err := s.view(func(t *txn) (err error) {
			cursor := t.in(certificates).Cursor()
			key, value := cursor.Seek(from)
			for n := 0; more && key != nil && n < standingsBatch; n++ {
				if more, err = use(lastID(key), value); err != nil {
					return err
				}
				key, value = cursor.Next()
			}
			from = append([]byte(nil), key...)
			more = more && key != nil
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
