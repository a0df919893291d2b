package exchange

import (
	"fmt"

	"rongzheng/review"
)

// Blobs hands out attachments and portraits by hash.
type Blobs interface {
	Blob(sha256 string) ([]byte, error)
}

// Trial draws the current version of a certificate into nothing, so that a copy is counted only when there will be one.
// What the account may not print, and what is never printed, is left to the store, which says so.
func Trial(s Blobs, by review.Actor, c *review.Certificate, draw Draw) error {
	v := c.Current()
	if by.May(review.Print) != nil || v == nil || len(c.Missing) > 0 || !c.RevokedOn.IsZero() {
		return nil
	}
	var portrait []byte
	if v.Portrait != "" {
		var err error
		if portrait, err = s.Blob(v.Portrait); err != nil {
			return fmt.Errorf("print %s: %w", c.Number, err)
		}
	}
	if _, err := draw(*c, *v, portrait); err != nil {
		return fmt.Errorf("print %s: %w", c.Number, err)
	}
	return nil
}
