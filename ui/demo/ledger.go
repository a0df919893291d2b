package demo

import (
	"fmt"
	"time"
	"unicode/utf8"

	"rongzheng/review"
	"rongzheng/store"
)

// copied are the reasons for the copies of some certificates, one list each: those that the policy does not have are
// passed over.
var copied = [][]string{{"collected"}, {"collected", "lost"}, {"mailed"}, {"mailed", "damaged"}, {"collected", "archive"}}

// ledger hands out copies of the latest certificates of whom nothing has left the desk yet, and proposes to correct a
// misprint in one more.
func (b *builder) ledger(s *store.Store) error {
	list, err := b.untouched(s, len(copied)+1)
	if err != nil {
		return err
	}
	for i := range list {
		if i == len(copied) {
			return b.misprint(s, &list[i])
		}
		for k, reason := range copied[i] {
			if _, ok := b.policy.CopyReason(reason); !ok || b.policy.Copies.Numbered {
				continue
			}
			at := b.now.Add(time.Duration(k-2*(i+1)) * 10 * time.Minute)
			if _, err := s.Copy(Reviewer, list[i].Number, review.CopyAsk{Way: review.OnPaper, Reason: reason}, at); err != nil {
				return fmt.Errorf("demo: copy of %s: %w", list[i].Number, err)
			}
		}
	}
	return nil
}

// untouched are up to n of the latest certificates that may be printed and of which no copy was made.
func (b *builder) untouched(s *store.Store, n int) ([]review.Certificate, error) {
	by, err := s.Account(Reviewer)
	if err != nil {
		return nil, err
	}
	page, err := s.Page(store.Queue{Name: store.Certificates, By: by}, "", true, 200)
	var list []review.Certificate
	for _, row := range page.Rows {
		c := row.Certificate
		if by.MayPrintShown(c) != nil || len(list) == n {
			continue
		}
		v := c.Current()
		short := utf8.RuneCountInString(v.Form.Get("name")) <= 3
		if short && v.Printed == 0 && !v.Legacy() && v.IssuedAt.Before(b.now.Add(-2*time.Hour)) {
			list = append(list, *c)
		}
	}
	return list, err
}

// misprint proposes to correct the last character of the name.
func (b *builder) misprint(s *store.Store, c *review.Certificate) error {
	name := []rune(c.Current().Form.Get("name"))
	right := '钰'
	if name[len(name)-1] == right {
		right = '玉'
	}
	name[len(name)-1] = right
	what := review.Proposal{Action: review.Correct, Form: review.Form{"name": {string(name)}}, Note: "录入错误，以身份证为准"}
	if _, err := s.Propose(Administrator, c.Number, 0, what, b.now.Add(-15*time.Minute)); err != nil {
		return fmt.Errorf("demo: correction of %s: %w", c.Number, err)
	}
	return nil
}
