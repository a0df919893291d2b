package store

import (
	"context"
	"errors"
	"syscall"
	"time"

	"rongzheng/review"
)

// Reissue is a certificate that is to be issued anew (换发), because the code of the version that stands is believed no
// more: what a run of many needs of it. Each is proposed, confirmed and recorded by itself, under the rules of one alone;
// what they share is that somebody is asked about them once.
type Reissue struct {
	Number string
	Change int    // change count of the certificate as it was read: the act is about that state and no other
	Key    string // that signed, and was withdrawn
	Waits  bool   // it is proposed already, and waits for a second person
	By     string // who proposed it
	At     time.Time
	// Refused is why the account that asked may not do the next thing to it: propose it, or confirm it where it waits.
	Refused error
}

// Distrusted lists the certificates in the account's scope that may not leave the desk before they are issued anew,
// those that wait for it included; key leaves those of other keys out, "" none. It reads every certificate, in short
// transactions; progress, which may be nil, is called now and then with how many it has looked at.
func (s *Store) Distrusted(by review.Actor, key string, progress func(done int)) ([]Reissue, error) {
	if err := by.May(review.View); err != nil || s.options.Distrusts == nil {
		return nil, err
	}
	var list []Reissue
	err := s.eachCertificate(func(done int, c *certificate) bool {
		if progress != nil && done%standingsBatch == 0 {
			progress(done)
		}
		if r, ok := s.reissue(by, key, c); ok {
			list = append(list, r)
		}
		return true
	})
	return list, err
}

// Reissues lists those of Distrusted that wait for a second person, the oldest proposal first. It reads what waits, and
// nothing else.
func (s *Store) Reissues(by review.Actor, key string) ([]Reissue, error) {
	var list []Reissue
	err := s.eachProposed(by, func(c *certificate) bool {
		if r, ok := s.reissue(by, key, c); ok && r.Waits {
			list = append(list, r)
		}
		return true
	})
	return list, about("reissues for", by.Name, err)
}

// reissue says whether the certificate is to be issued anew and lies in the account's scope, and how far that is.
func (s *Store) reissue(by review.Actor, key string, c *certificate) (Reissue, bool) {
	v := c.Current()
	if v == nil || c.Void || !c.RevokedOn.IsZero() || key != "" && v.Code.Key != key || !s.distrusts(v) ||
		by.SeesCertificate(&c.Certificate, c.EnteredBy) != nil {
		return Reissue{}, false
	}
	r := Reissue{Number: c.Number, Change: c.Change, Key: v.Code.Key, Waits: c.Proposed != nil && c.Proposed.Anew}
	if r.Waits {
		r.By, r.At = c.Proposed.By, c.Proposed.At
		r.Refused = c.CanConfirm(by, c.EnteredBy, s.policy)
	} else if r.Refused = by.MayStand(&c.Certificate, c.EnteredBy, review.Propose, s.policy); r.Refused == nil {
		r.Refused = c.CanPropose(review.Correct)
	}
	return r, true
}

func (s *Store) distrusts(v *review.CertificateVersion) bool {
	return s.options.Distrusts != nil && s.options.Distrusts(v)
}

// ProposeReissues proposes each of the list, for the same reason. took is told of every one, in their order, when it is
// durable or refused; what was refused does not keep the others back. The error is what stopped the run: the end of
// ctx, or a disk that takes no more. Whoever asks Distrusted again goes on where it stopped.
func (s *Store) ProposeReissues(
	ctx context.Context, account, note string, list []Reissue, now func() time.Time, took func(r Reissue, err error),
) error {
	return oneByOne(ctx, list, took, func(r Reissue) error {
		what := review.Proposal{Action: review.Correct, Anew: true, Note: note}
		_, err := s.Propose(account, r.Number, r.Change, what, now())
		return err
	})
}

// ConfirmReissues confirms each of the list, as ProposeReissues proposes them.
func (s *Store) ConfirmReissues(
	ctx context.Context, account string, list []Reissue, now func() time.Time, took func(r Reissue, err error),
) error {
	return oneByOne(ctx, list, took, func(r Reissue) error {
		_, err := s.Confirm(account, r.Number, r.Change, now())
		return err
	})
}

// DismissReissues turns each of the list down, as ProposeReissues proposes them.
func (s *Store) DismissReissues(
	ctx context.Context, account, note string, list []Reissue, now func() time.Time, took func(r Reissue, err error),
) error {
	return oneByOne(ctx, list, took, func(r Reissue) error {
		_, err := s.Dismiss(account, r.Number, r.Change, note, now())
		return err
	})
}

// reissuesTogether is how many are under way at once: they wait for the disk more than they compute, and those that are
// ready together share a commit.
const reissuesTogether = 8

// oneByOne does the same to each, a few at a time.
func oneByOne(ctx context.Context, list []Reissue, took func(Reissue, error), do func(Reissue) error) error {
	type answer struct {
		r   Reissue
		err error
	}
	items := func(yield func(Reissue, error) bool) {
		for _, r := range list {
			if err := ctx.Err(); err != nil {
				yield(r, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	each := func(r Reissue) (answer, error) { return answer{r, do(r)}, nil }
	return spreadOver(reissuesTogether, items, each, func(a answer) error {
		took(a.r, a.err)
		if stops(a.err) {
			return a.err
		}
		return nil
	})
}

// stops tells of an error that it is none of the certificate's, so that the others would meet it too.
func stops(err error) bool {
	_, system := errors.AsType[syscall.Errno](err)
	return system && !errors.Is(err, review.ErrNotFound)
}
