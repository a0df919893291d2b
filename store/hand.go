package store

import (
	"slices"
	"sync"
	"time"

	"rongzheng/review"
)

// hands are the applications that reviewers have in hand. They live in the memory of the process that holds the database:
// a claim costs no commit, and none outlives the desk that made it.
type hands struct {
	mu   sync.Mutex
	held map[string]*hand // by reference
}

// hand is one claim, with the desks of its account that hold it.
type hand struct {
	review.Claim
	desks []*Subscription
}

// turn numbers the wishes of one desk: those that come late are void.
type turn struct {
	last      int
	reference string // that the desk has in hand, "" for none
}

// Claim takes an application in hand for the account, or prolongs that, and lets go of the one that this desk had before;
// with an empty reference it only lets go. It is a review.DeniedError when the account could not decide on it (the reasons
// of Application.Can), and with the code claimed when another account has it. number rises with every call of one desk: a
// wish that comes later than a newer one is void and changes nothing.
func (s *Subscription) Claim(account, reference string, number int, now time.Time) (review.Claim, error) {
	if reference != "" {
		if err := s.store.claimable(account, reference, now); err != nil {
			return review.Claim{}, about("claim", reference, err)
		}
	}
	claim, err := s.wish(account, reference, "", number, now)
	return claim, about("claim", reference, err)
}

// wish changes what the desk has in hand. A claim of the account from on the application is ended for it.
func (s *Subscription) wish(account, reference, from string, number int, now time.Time) (review.Claim, error) {
	h := &s.store.hands
	h.mu.Lock()
	defer h.mu.Unlock()
	if number < s.turn.last {
		return review.Claim{}, nil
	}
	s.turn.last = number
	if mine := h.held[reference]; mine != nil && mine.By == from {
		delete(h.held, reference)
	}
	var told []review.Claim
	if s.turn.reference != "" && s.turn.reference != reference {
		told = h.letGo(s, s.turn.reference)
		s.turn.reference = ""
	}
	claim, fresh, err := h.take(s, account, reference, now)
	if err == nil && reference != "" {
		s.turn.reference = reference
	}
	if fresh {
		told = append(told, claim)
	}
	s.hub.publish(&News{Claims: told})
	return claim, err
}

// TakeOver takes an application that another account has in hand, which is recorded and told. Where nobody has it, it is a
// Claim and nothing is recorded.
func (s *Subscription) TakeOver(account, reference string, number int, now time.Time) (review.Claim, error) {
	from := s.store.inHand(reference, account, now)
	if from == nil {
		return s.Claim(account, reference, number, now)
	}
	err := s.store.update(func(t *txn) error {
		by, a, err := t.toClaim(account, reference)
		if err != nil {
			return err
		}
		if err := by.May(review.TakeOver); err != nil {
			return err
		}
		return t.putEvent(t.happened(by, review.Event{
			Action: review.TakeOver, Reference: reference, Revision: a.Revision, Level: a.Level, State: a.State, Target: from.By,
		}, now))
	})
	if err != nil {
		return review.Claim{}, about("take over", reference, err)
	}
	claim, err := s.wish(account, reference, from.By, number, now)
	return claim, about("take over", reference, err)
}

// Claims returns the applications that reviewers have in hand, as far as they are known: what ended by time alone may
// still be among them.
func (s *Store) Claims() []review.Claim {
	s.hands.mu.Lock()
	defer s.hands.mu.Unlock()
	list := make([]review.Claim, 0, len(s.hands.held))
	for _, h := range s.hands.held {
		list = append(list, h.Claim)
	}
	return list
}

// claimable asks the rules whether the account may have the application in hand.
func (s *Store) claimable(account, reference string, now time.Time) error {
	return s.view(func(t *txn) error {
		by, _, err := t.toClaim(account, reference)
		if err != nil {
			return err
		}
		var f review.Facts
		if f.Lease, err = t.lease(reference, now); err != nil {
			return err
		}
		return f.Free(by, review.Approve)
	})
}

func (t *txn) toClaim(account, reference string) (review.Actor, review.Application, error) {
	by, err := t.account(account)
	if err != nil {
		return by, review.Application{}, err
	}
	_, a, err := t.application(reference)
	if err != nil {
		return by, a, err
	}
	return by, a, a.Claimable(by)
}

// inHand returns the claim of another account on the application that stands at the time, nil for none.
func (s *Store) inHand(reference, account string, now time.Time) *review.Claim {
	s.hands.mu.Lock()
	defer s.hands.mu.Unlock()
	h := s.hands.held[reference]
	if h == nil || h.By == account || !h.Stands(now) {
		return nil
	}
	claim := h.Claim
	return &claim
}

// take makes or prolongs a claim; fresh says that others must be told. The caller holds the lock.
func (h *hands) take(s *Subscription, account, reference string, now time.Time) (claim review.Claim, fresh bool, err error) {
	if reference == "" {
		return claim, false, nil
	}
	until := now.Add(time.Duration(s.store.policy.ClaimMinutes) * time.Minute)
	mine := h.held[reference]
	switch {
	case mine != nil && mine.By != account && mine.Stands(now):
		f := review.Facts{Claim: &mine.Claim}
		return mine.Claim, false, f.Free(review.Actor{Name: account}, review.Approve)
	case mine == nil || mine.By != account:
		if h.held == nil {
			h.held = map[string]*hand{}
		}
		mine = &hand{Claim: review.Claim{Reference: reference, By: account, Since: now}}
		h.held[reference], fresh = mine, true
	}
	mine.Until = until
	if !slices.Contains(mine.desks, s) {
		mine.desks = append(mine.desks, s)
	}
	return mine.Claim, fresh, nil
}

// letGo ends the part of one desk in a claim, and the claim with the last one. It returns what is to be told.
func (h *hands) letGo(s *Subscription, reference string) []review.Claim {
	mine := h.held[reference]
	if mine == nil || !slices.Contains(mine.desks, s) {
		return nil
	}
	mine.desks = slices.DeleteFunc(mine.desks, func(one *Subscription) bool { return one == s })
	if len(mine.desks) > 0 {
		return nil
	}
	delete(h.held, reference)
	return []review.Claim{{Reference: reference}}
}

// settle ends the claims on applications that have come into another list: the work that they were for is done.
func (h *hands) settle(n *News) {
	for i := range n.Records {
		c := &n.Records[i]
		if c.Moved() && h.held[c.Reference] != nil {
			delete(h.held, c.Reference)
			n.Claims = append(n.Claims, review.Claim{Reference: c.Reference})
		}
	}
}

// leave ends everything that a desk has in hand.
func (h *hands) leave(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.hub.publish(&News{Claims: h.letGo(s, s.turn.reference)})
	s.turn = turn{last: int(^uint(0) >> 1)}
}
