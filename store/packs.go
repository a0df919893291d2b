package store

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rongzheng/review"
)

// The kinds of keys in packs.
const (
	packRecord byte = 'n' // number → {"number":"WP-2026-000012",…}
	packLease  byte = 'l' // reference · number → nothing, while the pack has neither been called back nor finished
	packOpen   byte = 'c' // id of an act (32 bytes) → nothing: a conflict that nobody has settled
	packAsked  byte = 'r' // account · request · number → nothing: the pack that a laptop asked for over a line
)

const packPrefix = "WP"

func packKey(number string) []byte { return append([]byte{packRecord}, number...) }

func requestKey(account, request string) []byte {
	return appendText(appendText([]byte{packAsked}, account), request)
}

func leaseKey(reference, number string) []byte {
	return append(appendText([]byte{packLease}, reference), number...)
}

// NotTaken is a case that could not be taken along, and why.
type NotTaken struct {
	Reference string
	Err       error
}

// TakeOut leases the applications to the officers and returns the pack that says so, with its number. What none of them
// could decide on now, what is with another pack and what somebody else has in hand is left out and told. The errors are
// those of Account.MayTakeOut, and RuleError pack_empty when nothing at all could be taken along.
//
// A pack that was asked for over a line (Pack.Request) is taken out once: until the laptop has it whole, the account that asks
// again gets the same pack, however often; afterwards RuleError pack_received. One whose lease is over is forgotten, and
// another one taken out.
func (s *Store) TakeOut(account string, asked review.Pack, references []string, now time.Time) (review.Pack, []NotTaken, error) {
	var p review.Pack
	var left []NotTaken
	err := s.update(func(t *txn) error {
		by, officers, err := t.packers(account, asked.Accounts)
		if err != nil {
			return err
		}
		left = nil
		if there, err := t.asked(account, asked.Request, now); !errors.Is(err, review.ErrNotFound) {
			p = there
			return err
		}
		if err := t.forgetRequest(account, asked.Request); err != nil {
			return err
		}
		p = asked
		p.MadeAt, p.MadeBy = now, account
		if p.Cases, left, err = t.packed(references, officers, "", now); err != nil {
			return err
		}
		if len(p.Cases)+len(p.Certificates) == 0 {
			return &review.RuleError{Code: "pack_empty"}
		}
		if p.Number, err = t.nextPack(now); err != nil {
			return err
		}
		return t.lend(&p, by, now)
	})
	return p, left, about("take out", p.Number, err)
}

// packed are the applications that the officers can take along; own is the number of the pack that may have them already.
func (t *txn) packed(references []string, officers []review.Account, own string, now time.Time) ([]review.PackedCase, []NotTaken, error) {
	list, left := []review.PackedCase{}, []NotTaken(nil)
	for _, reference := range references {
		a, err := t.takeable(reference, officers, own, now)
		switch {
		case err == nil:
			list = append(list, review.PackedCase{Reference: reference, Revision: a.Revision, Version: a.Version})
		case isRefusal(err):
			left = append(left, NotTaken{reference, err})
		default:
			return nil, nil, err
		}
	}
	return list, left, nil
}

func (t *txn) packers(account string, names []string) (by review.Actor, officers []review.Account, err error) {
	if by, err = t.account(account); err != nil {
		return by, nil, err
	}
	for _, name := range names {
		officer, err := t.account(name)
		if err != nil {
			return by, nil, about("account", name, err)
		}
		officers = append(officers, officer)
	}
	if len(officers) == 0 {
		return by, nil, &review.RuleError{Code: "pack_nobody"}
	}
	return by, officers, by.MayTakeOut(officers, t.s.policy)
}

// takeable returns the application when one of the officers can decide on it and nobody has it, their own pack aside.
func (t *txn) takeable(reference string, officers []review.Account, own string, now time.Time) (review.Application, error) {
	_, a, err := t.application(reference)
	if err != nil {
		return a, err
	}
	f := review.Facts{}
	if f.Lease, err = t.leaseBeside(own, reference, now); err != nil {
		return a, err
	}
	for i, officer := range officers {
		if err = a.Claimable(officer); err == nil {
			f.Claim = t.s.inHand(reference, officer.Name, now)
			err = f.Free(officer, review.Approve)
		}
		if err == nil || i == len(officers)-1 {
			break
		}
	}
	return a, err
}

// lend writes a new pack, its leases and one event for each case.
func (t *txn) lend(p *review.Pack, by review.Actor, now time.Time) error {
	if err := t.putPack(nil, p); err != nil {
		return err
	}
	e := t.happened(by, review.Event{Action: review.TakeOut, Target: p.Number}, now)
	if len(p.Cases) == 0 {
		return t.putEvent(e)
	}
	for _, c := range p.Cases {
		one := *e
		one.Reference, one.Revision = c.Reference, c.Revision
		if err := t.putEvent(&one); err != nil {
			return err
		}
	}
	return nil
}

func (t *txn) nextPack(now time.Time) (string, error) {
	year := review.DateOf(now).Year()
	n := t.lastNumber(packPrefix, year) + 1
	if n > review.LastNumber {
		return "", &review.RuleError{Code: "numbers_exhausted", Args: review.Args{"year": fmt.Sprint(year)}}
	}
	return review.FormatNumber(packPrefix, year, n), t.in(sequences).Put(sequenceKey(packPrefix, year), idKey(uint64(n)))
}

// putPack writes the pack and the difference of its entries; before is nil for a new one.
func (t *txn) putPack(before, after *review.Pack) error {
	value, err := json.Marshal(after)
	if err != nil {
		return err
	}
	if err := t.in(packs).Put(packKey(after.Number), value); err != nil {
		return err
	}
	t.wrotePack(after.Number)
	for _, key := range packEntries(before) {
		if err := t.in(packs).Delete(key); err != nil {
			return err
		}
	}
	for _, key := range packEntries(after) {
		if err := t.in(packs).Put(key, nil); err != nil {
			return err
		}
	}
	return nil
}

// packEntries are the keys that the record of a pack asks for, whatever the time is: its leases, and the request.
func packEntries(p *review.Pack) [][]byte {
	if p == nil {
		return nil
	}
	var list [][]byte
	if p.Request != "" {
		list = append(list, append(requestKey(p.MadeBy, p.Request), p.Number...))
	}
	if p.State(p.MadeAt) != review.PackOut {
		return list
	}
	for _, c := range p.Cases {
		list = append(list, leaseKey(c.Reference, p.Number))
	}
	return list
}

func (t *txn) pack(number string) (review.Pack, error) {
	var p review.Pack
	value := t.in(packs).Get(packKey(number))
	if value == nil || number == "" {
		return p, review.ErrNotFound
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return p, errors.Join(ErrDamaged, err)
	}
	return p, nil
}

// lease returns the lease that stands on the application at the time, nil for none.
func (t *txn) lease(reference string, now time.Time) (*review.Lease, error) {
	return t.leaseBeside("", reference, now)
}

// leaseBeside leaves out the lease of one pack.
func (t *txn) leaseBeside(own, reference string, now time.Time) (*review.Lease, error) {
	prefix := appendText([]byte{packLease}, reference)
	for key := range keys(t.in(packs), prefix) {
		number := string(key[len(prefix):])
		if number == own {
			continue
		}
		p, err := t.pack(number)
		if err != nil {
			return nil, err
		}
		if l := p.Lease(now); l != nil {
			return l, nil
		}
	}
	return nil, nil
}

// outsideRows notes in each row of what is in review the lease that stands at the time.
func (t *txn) outsideRows(rows []Row, now time.Time) error {
	for i := range rows {
		a := rows[i].Application
		if a == nil || a.State != review.InReview || now.IsZero() {
			continue
		}
		l, err := t.lease(a.Reference, now)
		if err != nil {
			return err
		}
		rows[i].Lease = l
	}
	return nil
}

// Lease returns the lease that stands on the application at the time, nil for none; a DeniedError outside the scope.
func (s *Store) Lease(by review.Actor, reference string, now time.Time) (*review.Lease, error) {
	var l *review.Lease
	err := s.view(func(t *txn) error {
		_, a, err := t.application(reference)
		if err == nil {
			err = by.Sees(&a)
		}
		if err == nil {
			l, err = t.lease(reference, now)
		}
		return err
	})
	return l, about("lease of", reference, err)
}

// Pack returns the pack with the number: ErrNotFound when there is none, a DeniedError when it is not the account's to see.
// Administrators and auditors see all, others those that are made for them.
func (s *Store) Pack(by review.Actor, number string) (review.Pack, error) {
	var p review.Pack
	err := s.view(func(t *txn) (err error) {
		if p, err = t.pack(number); err == nil {
			err = seesPack(by, &p)
		}
		return err
	})
	if err != nil {
		return review.Pack{}, about("pack", number, err)
	}
	return p, nil
}

func seesPack(by review.Actor, p *review.Pack) error {
	if by.Role == review.Administrator || by.Role == review.Auditor || slices.Contains(p.Accounts, by.Name) {
		return by.May(review.View)
	}
	return &review.DeniedError{Action: review.View, Code: "pack_of_other", Args: review.Args{"pack": p.Number}}
}

// Packs returns the packs that the account may see, the latest first.
func (s *Store) Packs(by review.Actor) ([]review.Pack, error) {
	var list []review.Pack
	err := s.view(func(t *txn) error {
		for key := range keys(t.in(packs), []byte{packRecord}) {
			p, err := t.pack(string(key[1:]))
			if err != nil {
				return err
			}
			if seesPack(by, &p) == nil {
				list = append(list, p)
			}
		}
		return nil
	})
	slices.Reverse(list)
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	return list, nil
}

// LatestPacks returns the packs that the account may see, the latest first, at most so many; it looks at no more than
// packsLooked of the latest packs.
func (s *Store) LatestPacks(by review.Actor, most int) ([]review.Pack, error) {
	var list []review.Pack
	err := s.view(func(t *txn) error {
		c := t.in(packs).Cursor()
		key, _ := c.Seek([]byte{packRecord + 1})
		if key == nil {
			key, _ = c.Last()
		} else {
			key, _ = c.Prev()
		}
		for looked := 0; hasPrefix(key, []byte{packRecord}) && len(list) < most && looked < packsLooked; looked++ {
			p, err := t.pack(string(key[1:]))
			if err != nil {
				return err
			}
			if seesPack(by, &p) == nil {
				list = append(list, p)
			}
			key, _ = c.Prev()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	return list, nil
}

// packsLooked bounds a list of packs. A lease lasts 90 days at most, and no district takes out a dozen packs a day.
const packsLooked = 2000

// CaseBack is a case of a pack, and the decisions on it that have come back, in the order in which they came.
type CaseBack struct {
	review.PackedCase
	Acts []review.Handed
}

// CasesBack returns the cases of a pack with what became of what was decided on them; the errors are those of Pack. A decision
// on a case that the pack had not stands at the end.
func (s *Store) CasesBack(by review.Actor, number string) (review.Pack, []CaseBack, error) {
	var p review.Pack
	var list []CaseBack
	err := s.view(func(t *txn) (err error) {
		if p, err = t.pack(number); err == nil {
			err = seesPack(by, &p)
		}
		if err == nil {
			list, err = t.casesBack(&p)
		}
		return err
	})
	if err != nil {
		return review.Pack{}, nil, about("pack", number, err)
	}
	return p, list, nil
}

func (t *txn) casesBack(p *review.Pack) ([]CaseBack, error) {
	acts, err := t.openActs(p.Number)
	if err != nil {
		return nil, err
	}
	var list []CaseBack
	for _, c := range p.Cases {
		one := CaseBack{PackedCase: c, Acts: acts[c.Reference]}
		delete(acts, c.Reference)
		events, err := t.timeline(c.Reference)
		if err != nil {
			return nil, err
		}
		for i := range events {
			if one.Acts, err = t.addAct(one.Acts, p.Number, &events[i]); err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(one.Acts, func(a, b review.Handed) int { return cmp.Or(a.At.Compare(b.At), a.Act.Number-b.Act.Number) })
		list = append(list, one)
	}
	for _, reference := range slices.Sorted(maps.Keys(acts)) {
		list = append(list, CaseBack{PackedCase: review.PackedCase{Reference: reference, Back: true}, Acts: acts[reference]})
	}
	return list, nil
}

// openActs are the conflicts of the pack that nobody has settled, by the case.
func (t *txn) openActs(number string) (map[string][]review.Handed, error) {
	acts := map[string][]review.Handed{}
	for key := range keys(t.in(packs), []byte{packOpen}) {
		h, err := t.act(hex.EncodeToString(key[1:]))
		if err != nil {
			return nil, err
		}
		if h.Act.Pack == number {
			acts[h.Act.Reference] = append(acts[h.Act.Reference], h)
		}
	}
	return acts, nil
}

// addAct adds the decision of the pack that an event came of, unless it is there.
func (t *txn) addAct(acts []review.Handed, number string, e *review.Event) ([]review.Handed, error) {
	if e.Outside == nil || e.Outside.Pack != number || slices.ContainsFunc(acts, func(h review.Handed) bool { return h.ID == e.Outside.Act }) {
		return acts, nil
	}
	h, err := t.act(e.Outside.Act)
	if err == nil && h.Act.Decides() {
		acts = append(acts, h)
	}
	return acts, err
}

// CallBack ends the lease of a pack, with a reason; what comes back of what was done before is still looked at.
// Administrators may, and who made the pack. A pack that is called back or finished already is review.ErrAlready.
func (s *Store) CallBack(account, number, reason string, now time.Time) error {
	err := s.update(func(t *txn) error {
		by, err := t.account(account)
		if err != nil {
			return err
		}
		before, err := t.pack(number)
		if err != nil {
			return err
		}
		if err := by.MayCallBack(&before); err != nil {
			return err
		}
		reason, err := review.RequiredNote(reason)
		if err != nil {
			return err
		}
		e := review.Event{Action: review.CallBack, Target: number, Note: reason}
		if s := before.State(before.MadeAt); s != review.PackOut {
			return review.ErrAlready
		}
		after := before
		after.CalledBackAt, after.CalledBackBy, after.CalledBackFor = now, account, reason
		if err := t.putPack(&before, &after); err != nil {
			return err
		}
		return t.putEvent(t.happened(by, e, now))
	})
	if err == nil {
		err = s.dropHeld(number)
	}
	return about("call back", number, err)
}

// isRefusal tells an answer of the rules from a fault of the machine.
func isRefusal(err error) bool {
	var (
		rule *review.RuleError
		form *review.FormError
	)
	return errors.As(err, &rule) || errors.As(err, &form) || errors.Is(err, review.ErrDenied) || errors.Is(err, review.ErrStale) ||
		errors.Is(err, review.ErrNotFound)
}

// packs checks that leases and requests are those that the packs ask for, and that the open conflicts are those of the acts.
func (c *checker) packs() error {
	want := map[string]bool{}
	for key := range keys(c.t.in(packs), []byte{packRecord}) {
		p, err := c.t.pack(string(key[1:]))
		if err != nil {
			c.find(Damage, packs.String(), string(key[1:]), "cannot be read", false)
			continue
		}
		for _, lease := range packEntries(&p) {
			want[string(lease)] = true
		}
	}
	if err := c.acts(want); err != nil {
		return err
	}
	for _, kind := range []byte{packLease, packOpen, packAsked} {
		for key := range keys(c.t.in(packs), []byte{kind}) {
			if !want[string(key)] {
				c.find(Index, packs.String(), packKeyText(key), "is too many", false)
			}
			delete(want, string(key))
		}
	}
	for key := range want {
		c.find(Index, packs.String(), packKeyText([]byte(key)), "is missing", false)
	}
	return nil
}

func packKeyText(key []byte) string {
	if key[0] == packOpen {
		return fmt.Sprintf("%x", key[1:])
	}
	return string(bytes.ReplaceAll(key[1:], []byte{0}, []byte{' '}))
}
