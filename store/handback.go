package store

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rongzheng/review"
)

// Return is what an officer hands back of a pack.
type Return struct {
	Pack     string // number
	Officer  string // account
	Acts     []review.Handed
	Finished bool // no more will come back from this account
}

// HandBack takes what an officer did on a pack, act by act, each in a transaction of its own, and returns what became of
// each: those that were handed back before keep their outcome, so that the same file again changes nothing and one that was
// interrupted goes on. Whoever calls it has held every act to the officer's signature and the officer's key to the account.
//
// A decision is asked of the rules as if the officer made it now; both times are kept. Where the case is no longer as the
// pack left it, or the rules refuse, it becomes a conflict, and the register stays as it was. Looks and notes are recorded.
// With dry nothing is written, and the outcomes are those that
// would be. The error is for what stops the whole: an unknown pack or account, a right that is missing, a fault.
func (s *Store) HandBack(account string, back Return, dry bool, now time.Time) ([]review.Handed, error) {
	number := back.Pack
	if err := s.mayHandBack(account, &back); err != nil {
		return nil, about("hand back", number, err)
	}
	acts := slices.Clone(back.Acts)
	if err := s.netOut(acts); err != nil {
		return nil, about("hand back", number, err)
	}
	if dry {
		return acts, about("hand back", number, s.rehearse(account, number, acts, now))
	}
	for i := range acts {
		err := s.update(func(t *txn) error { return t.handIn(account, number, &acts[i], now) })
		if err != nil {
			return acts[:i], about("hand back", number, fmt.Errorf("act %d: %w", acts[i].Act.Number, err))
		}
	}
	if back.Finished {
		return acts, about("finish", number, s.finish(number, back.Officer))
	}
	return acts, nil
}

func (s *Store) mayHandBack(account string, back *Return) error {
	return s.view(func(t *txn) error {
		by, err := t.account(account)
		if err == nil {
			err = by.May(review.HandBack)
		}
		if err != nil {
			return err
		}
		p, err := t.pack(back.Pack)
		if errors.Is(err, review.ErrNotFound) {
			return &review.RuleError{Code: "pack_unknown", Args: review.Args{"pack": back.Pack}}
		}
		if err != nil {
			return err
		}
		foreign := func(h review.Handed) bool { return h.Act.Pack != back.Pack || h.Act.Account != back.Officer }
		if !slices.Contains(p.Accounts, back.Officer) || slices.ContainsFunc(back.Acts, foreign) {
			return &review.RuleError{Code: "pack_not_for", Args: review.Args{"pack": back.Pack, "account": back.Officer}}
		}
		if by.Role != review.Administrator && back.Officer != account {
			return &review.DeniedError{Action: review.HandBack, Code: "pack_of_other", Args: review.Args{"pack": back.Pack}}
		}
		return nil
	})
}

// netOut marks decisions that were taken back on the pack, together with what took them back, as far as neither was handed
// back before.
func (s *Store) netOut(acts []review.Handed) error {
	return s.view(func(t *txn) error {
		last := map[string]int{} // by reference: the decision that could be taken back
		for i := range acts {
			acts[i].Outcome = ""
			a := &acts[i].Act
			if t.in(handed).Get(actKey(acts[i].ID)) != nil {
				delete(last, a.Reference)
				continue
			}
			switch a.Action {
			case review.Approve, review.Reject:
				last[a.Reference] = i
			case review.TakeBack:
				if j, ok := last[a.Reference]; ok {
					acts[j].Outcome, acts[i].Outcome = review.Undone, review.Undone
					delete(last, a.Reference)
				}
			}
		}
		return nil
	})
}

// errDry undoes a transaction that was only to show what would be.
var errDry = errors.New("nothing is to be written")

// rehearse finds the outcomes in one transaction that is undone.
func (s *Store) rehearse(account, number string, acts []review.Handed, now time.Time) error {
	err := s.update(func(t *txn) error {
		for i := range acts {
			if err := t.handIn(account, number, &acts[i], now); err != nil {
				return err
			}
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

// actKey returns the key of an act in acts.
func actKey(id string) []byte {
	raw, _ := hex.DecodeString(id)
	return raw
}

// handIn takes one act, or finds that it was taken before.
func (t *txn) handIn(account, number string, h *review.Handed, now time.Time) error {
	if _, ok := rawHash(h.ID); !ok {
		return fmt.Errorf("act %s: %w", h.ID, ErrDamaged)
	}
	if there, err := t.act(h.ID); err == nil {
		*h, h.Before = there, true
		return nil
	} else if !errors.Is(err, review.ErrNotFound) {
		return err
	}
	p, err := t.pack(number)
	if err != nil {
		return err
	}
	h.At, h.By, h.Code, h.Args = now, account, "", nil // this may be run again
	if h.Outcome != review.Undone {
		err = t.judge(&p, h, now)
		switch {
		case err == nil:
			h.Outcome = review.Accepted
		case !isRefusal(err):
			return err
		default:
			h.Outcome = review.Refused
			if h.Act.Decides() {
				h.Outcome = review.Conflict
			}
			h.Code, h.Args = codeOf(err)
		}
	}
	if h.Outcome == review.Conflict {
		if err := t.cameBack(&p, h.Act.Reference, 0); err != nil {
			return err
		}
	}
	return t.putAct(h)
}

// cameBack notes that a decision on a case of the pack has come back; version is the record's after it, 0 where it did not
// change.
func (t *txn) cameBack(p *review.Pack, reference string, version int) error {
	after := *p
	after.Cases = slices.Clone(p.Cases)
	c := after.Case(reference)
	if c == nil {
		return nil
	}
	c.Back, c.Version = true, cmp.Or(version, c.Version)
	return t.putPack(p, &after)
}

// judge decides or records what the act says. A refusal has changed nothing.
func (t *txn) judge(p *review.Pack, h *review.Handed, now time.Time) error {
	a := &h.Act
	by, err := t.account(a.Account)
	if err != nil {
		return err
	}
	if err := a.Clocked(p, now); err != nil {
		return err
	}
	outside := &review.Outside{Pack: p.Number, At: a.At, Act: h.ID}
	if a.Copy != nil {
		return t.copyOutside(by, a, outside, now)
	}
	if !a.Decides() {
		return t.recordOutside(by, a, outside, now)
	}
	c := p.Case(a.Reference)
	if c == nil {
		return &review.RuleError{Code: "act_not_in_pack", Args: review.Args{"pack": p.Number}}
	}
	id, before, err := t.application(a.Reference)
	if err != nil {
		return err
	}
	if before.Version != c.Version || before.Revision != a.Revision {
		return movedOn(&before, a)
	}
	after, err := t.decideOutside(id, &before, by, a, outside, now)
	if err != nil {
		return err
	}
	return t.cameBack(p, a.Reference, after.Version)
}

// movedOn says what has become of the case since it was taken along.
func movedOn(a *review.Application, act *review.Act) error {
	code := "act_changed"
	switch {
	case a.Revision != act.Revision:
		code = "act_resubmitted"
	case a.State == review.Withdrawn:
		code = "act_withdrawn"
	}
	return &review.RuleError{Code: code, Args: review.Args{
		"by": a.ChangedBy, "at": minute(a.ChangedAt), "action": string(a.ChangedTo),
	}}
}

func (t *txn) decideOutside(
	id uint64, before *review.Application, by review.Actor, a *review.Act, outside *review.Outside, now time.Time,
) (review.Application, error) {
	return t.decide(id, before, by, now, func(to *review.Application, by review.Actor, f review.Facts) (review.Event, error) {
		e, err := a.Apply(to, by, t.s.policy, f, now)
		e.Outside = outside
		return e, err
	})
}

// copyOutside enters a copy that was printed outside into the ledger.
func (t *txn) copyOutside(by review.Actor, a *review.Act, outside *review.Outside, now time.Time) error {
	t.outside = outside
	defer func() { t.outside = nil }()
	c := a.Copy
	_, err := t.handOut(by, a.Certificate, review.CopyAsk{Version: c.Version, Way: c.Way, Reason: c.Reason, Serial: c.Serial, Note: c.Note}, now)
	return err
}

func (t *txn) recordOutside(by review.Actor, a *review.Act, outside *review.Outside, now time.Time) error {
	e := review.Event{
		Action: a.Action, Reference: a.Reference, Certificate: a.Certificate, Note: a.Note, Target: a.Target, Outside: outside,
	}
	if !slices.Contains(recordable, e.Action) {
		return &review.RuleError{Code: "act_unknown", Args: review.Args{"action": string(e.Action)}}
	}
	if err := by.May(e.Action); err != nil {
		return err
	}
	if err := t.inScope(by, &e); err != nil {
		return err
	}
	if e.Reference != "" && e.Revision != a.Revision { // what was seen of an earlier revision is not seen of this one
		e.Revision = a.Revision
	}
	if err := checkNote(&e); err != nil {
		return err
	}
	return t.putEvent(t.happened(by, e, now))
}

// codeOf names the sentence of a refusal.
func codeOf(err error) (string, review.Args) {
	var (
		rule   *review.RuleError
		denied *review.DeniedError
		form   *review.FormError
	)
	switch {
	case errors.As(err, &rule):
		return rule.Code, rule.Args
	case errors.As(err, &denied):
		return denied.Code, denied.Args
	case errors.As(err, &form) && len(form.Problems) > 0:
		return form.Problems[0].Code, form.Problems[0].Args
	case errors.Is(err, review.ErrNotFound):
		return "act_gone", nil
	}
	return "act_changed", nil
}

func (t *txn) putAct(h *review.Handed) error {
	value, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := t.in(handed).Put(actKey(h.ID), value); err != nil {
		return err
	}
	t.wrotePack(h.Act.Pack)
	open := append([]byte{packOpen}, actKey(h.ID)...)
	if h.Outcome == review.Conflict {
		return t.in(packs).Put(open, nil)
	}
	return t.in(packs).Delete(open)
}

func (t *txn) act(id string) (review.Handed, error) {
	var h review.Handed
	value := t.in(handed).Get(actKey(id))
	if value == nil {
		return h, review.ErrNotFound
	}
	if err := json.Unmarshal(value, &h); err != nil {
		return h, errors.Join(ErrDamaged, err)
	}
	return h, nil
}

// finish notes that no more comes back from the account.
func (s *Store) finish(number, officer string) error {
	err := s.update(func(t *txn) error {
		before, err := t.pack(number)
		if err != nil || slices.Contains(before.Finished, officer) {
			return err
		}
		after := before
		after.Finished = append(slices.Clone(before.Finished), officer)
		return t.putPack(&before, &after)
	})
	return errors.Join(err, s.dropHeld(number))
}

// Conflicts returns the acts that nobody has settled and that the account may see: administrators and auditors all, reviewers
// their own. They are in the order in which they were handed back.
func (s *Store) Conflicts(by review.Actor) ([]review.Handed, error) {
	var list []review.Handed
	err := s.view(func(t *txn) error {
		for key := range keys(t.in(packs), []byte{packOpen}) {
			h, err := t.act(hex.EncodeToString(key[1:]))
			if err != nil {
				return err
			}
			if by.Role == review.Administrator || by.Role == review.Auditor || by.Name == h.Act.Account {
				list = append(list, h)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	slices.SortStableFunc(list, func(a, b review.Handed) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Act.Pack, b.Act.Pack), a.Act.Number-b.Act.Number)
	})
	return list, nil
}

// Settle says what becomes of a conflict; who may is an administrator, or the officer whose act it is. With TakePack the
// officer's decision is asked of the rules again, on the case as it is now: where they refuse it, the error says so and the
// conflict stays. With Redo its reasons and note become the officer's draft about the case, which stays where it is
// (Ways). An act that is no open conflict
// is review.ErrAlready.
func (s *Store) Settle(account, id string, as review.Settlement, now time.Time) error {
	return about("settle", id, s.update(func(t *txn) error {
		by, err := t.account(account)
		if err == nil {
			err = by.May(review.HandBack)
		}
		if err != nil {
			return err
		}
		h, err := t.act(id)
		switch {
		case err != nil:
			return err
		case h.Outcome != review.Conflict:
			return review.ErrAlready
		case by.Role != review.Administrator && by.Name != h.Act.Account:
			return &review.DeniedError{Action: review.HandBack, Code: "pack_of_other", Args: review.Args{"pack": h.Act.Pack}}
		}
		if err := t.settle(&h, as, now); err != nil {
			return err
		}
		h.Outcome, h.Settlement, h.SettledBy, h.SettledAt = review.Settled, as, account, now
		if err := t.putAct(&h); err != nil {
			return err
		}
		return t.putEvent(t.happened(by, review.Event{
			Action: review.HandBack, Reference: h.Act.Reference, Revision: h.Act.Revision, Target: h.Act.Pack, Note: string(as),
			Outside: &review.Outside{Pack: h.Act.Pack, At: h.Act.At, Act: h.ID},
		}, now))
	}))
}

// Ways says what the ways to settle a conflict would do now.
type Ways struct {
	Pack  error // why the officer's decision cannot be made, nil where it can
	Queue error // why the case is not in the officer's queue, so that Redo leaves a draft only; nil where it is
}

// Ways tries the ways to settle the conflict and changes nothing. The error is review.ErrAlready for an act that is no open
// conflict, or a fault.
func (s *Store) Ways(id string, now time.Time) (Ways, error) {
	var w Ways
	err := s.updateOnce(func(t *txn) error {
		h, err := t.act(id)
		if err == nil && h.Outcome != review.Conflict {
			err = review.ErrAlready
		}
		if err != nil {
			return err
		}
		if w.Queue = t.inQueue(&h.Act, now); w.Queue != nil && !isRefusal(w.Queue) {
			return w.Queue
		}
		if w.Pack = t.settle(&h, review.TakePack, now); w.Pack != nil && !isRefusal(w.Pack) {
			return w.Pack
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return w, about("ways of", id, err)
}

// inQueue tells whether the officer of the act could decide on its case now.
func (t *txn) inQueue(a *review.Act, now time.Time) error {
	officer, err := t.account(a.Account)
	if err != nil {
		return err
	}
	_, app, err := t.application(a.Reference)
	if err != nil {
		return err
	}
	f := review.Facts{}
	if f.Lease, err = t.lease(a.Reference, now); err != nil {
		return err
	}
	if err := app.Claimable(officer); err != nil {
		return err
	}
	return f.Free(officer, review.Approve)
}

func (t *txn) settle(h *review.Handed, as review.Settlement, now time.Time) error {
	a := &h.Act
	switch as {
	case review.TakeDesk:
		return nil
	case review.Redo:
		return t.redo(a)
	case review.TakePack:
		officer, err := t.account(a.Account)
		if err != nil {
			return err
		}
		id, before, err := t.application(a.Reference)
		if err != nil {
			return err
		}
		if before.Revision != a.Revision {
			return movedOn(&before, a)
		}
		_, err = t.decideOutside(id, &before, officer, a, &review.Outside{Pack: a.Pack, At: a.At, Act: h.ID}, now)
		return err
	}
	return &review.RuleError{Code: "act_unknown", Args: review.Args{"action": string(as)}}
}

// redo keeps what the officer wrote as their draft about the case as it is now.
func (t *txn) redo(a *review.Act) error {
	_, app, err := t.application(a.Reference)
	if err != nil {
		return err
	}
	d := review.HalfDone{Reference: a.Reference, Revision: app.Revision, Note: a.Note}
	for _, r := range a.Reasons {
		half := review.HalfReason{Code: r.Code, Ticked: true, Note: r.Note}
		if r.Target != "" {
			half.Targets = []review.Key{r.Target}
		}
		d.Reasons = append(d.Reasons, half)
	}
	b, err := t.CreateBucketIfNotExists([]byte(draftsName))
	if err != nil {
		return err
	}
	return t.putDraft(b, a.Account, d)
}

// acts checks that what was handed back can be read, and adds the open conflicts to what packs should hold.
func (c *checker) acts(want map[string]bool) error {
	return c.t.in(handed).ForEach(func(key, value []byte) error {
		var h review.Handed
		if err := json.Unmarshal(value, &h); err != nil || h.ID != hex.EncodeToString(key) {
			c.find(Damage, handed.String(), hex.EncodeToString(key), "cannot be read", false)
			return nil
		}
		if h.Outcome == review.Conflict {
			want[string(append([]byte{packOpen}, key...))] = true
		}
		return nil
	})
}
