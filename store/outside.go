package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// outsideName is a bucket of a sealed store beside the trees: what it was told of the register that it is a part of.
//
//	p                → {"pack":"WP-2026-000012","from":…,"until":…,"events":731}
//	c"SQ202501170001" → {"facts":{…},"version":3}
//	r                → {"acts":12}
const outsideName = "outside"

func outsideKey(reference string) []byte {
	if reference == "" {
		return []byte("p")
	}
	return append([]byte("c"), reference...)
}

// Carried is a case as it is carried outside.
type Carried struct {
	Application review.Application   `json:"application"`
	Earlier     []review.Application `json:"earlier,omitempty"` // revisions before, oldest first
	Events      []review.Event       `json:"events,omitempty"`  // oldest first
	// Facts are what the rules ask of the whole register, as of when the case was carried out.
	Facts review.Facts `json:"facts"`
}

// CarriedCertificate is a certificate as it is carried outside, to be reprinted there.
type CarriedCertificate struct {
	Certificate review.Certificate `json:"certificate"`
	EnteredBy   string             `json:"entered_by,omitempty"`
	Copies      []review.Copy      `json:"copies,omitempty"` // ledger of its copies, the first one first
}

// Term is between when decisions may be made outside.
type Term struct {
	Pack  string    `json:"pack"` // number of the work pack
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Check refuses a time outside the term: RuleError pack_expired after it; pack_clock before it, which no clock that is right
// can show. A clock may be a day slow.
func (m *Term) Check(now time.Time) error {
	switch {
	case now.After(m.Until):
		return &review.RuleError{Code: "pack_expired", Args: review.Args{"pack": m.Pack, "until": minute(m.Until)}}
	case now.Before(m.From.Add(-24 * time.Hour)):
		return &review.RuleError{Code: "pack_clock", Args: review.Args{"now": minute(now), "from": minute(m.From)}}
	}
	return nil
}

func minute(t time.Time) string { return t.In(review.Zone).Format("2006-01-02 15:04") }

// taken is what a sealed store knows of the pack as a whole.
type taken struct {
	Term
	Events uint64 `json:"events"` // number of the last event that came along
}

// known is what a sealed store was told of one case.
type known struct {
	Facts   review.Facts `json:"facts"`
	Version int          `json:"version"` // of the record when it was carried out
}

// Carry reads a case with all that is carried outside with it. The account must see it.
func (s *Store) Carry(by review.Actor, reference string) (Carried, error) {
	c, err := s.carried(reference)
	if err == nil {
		err = by.Sees(&c.Application)
	}
	if err != nil {
		return Carried{}, about("carry out", reference, err)
	}
	return c, nil
}

func (s *Store) carried(reference string) (Carried, error) {
	var c Carried
	err := s.view(func(t *txn) error {
		id, a, err := t.application(reference)
		if err != nil {
			return err
		}
		c.Application = a
		for key := range keys(t.in(revisions), idKey(id)) {
			earlier, err := t.revision(id, revisionOf(key))
			if err != nil {
				return err
			}
			c.Earlier = append(c.Earlier, *earlier)
		}
		if c.Events, err = t.timeline(reference); err != nil {
			return err
		}
		c.Facts, err = t.factsOf(&a)
		return err
	})
	return c, err
}

// TakeIn fills an empty sealed store with what a pack carries: its accounts and cases. It is ErrNotEmpty when something has
// been taken in already.
func (s *Store) TakeIn(
	term Term, officers []review.Account, cases iter.Seq2[Carried, error], certificates iter.Seq2[CarriedCertificate, error],
) error {
	return about("take in", term.Pack, s.updateOnce(func(t *txn) error {
		if t.Bucket([]byte(outsideName)) != nil {
			return ErrNotEmpty
		}
		b, err := t.CreateBucket([]byte(outsideName))
		if err != nil {
			return err
		}
		for i := range officers {
			if err := t.putAccount(&officers[i]); err != nil {
				return err
			}
		}
		for c, err := range cases {
			if err == nil {
				err = t.takeIn(b, &c)
			}
			if err != nil {
				return err
			}
		}
		for c, err := range certificates {
			if err == nil {
				err = t.takeCertificate(&c)
			}
			if err != nil {
				return err
			}
		}
		return putJSON(b, outsideKey(""), taken{term, t.in(events).Sequence()})
	}))
}

func (t *txn) takeIn(b *bolt.Bucket, c *Carried) error {
	if _, there := t.find(references, c.Application.Reference); there {
		return review.ErrExists
	}
	id, err := t.newID(false)
	if err != nil {
		return err
	}
	for i := range c.Earlier {
		if err := t.putRevision(id, &c.Earlier[i]); err != nil {
			return err
		}
	}
	if err := t.putApplication(id, nil, &c.Application); err != nil {
		return err
	}
	for i := range c.Events {
		if err := t.putEvent(&c.Events[i]); err != nil {
			return err
		}
	}
	return putJSON(b, outsideKey(c.Application.Reference), known{c.Facts, c.Application.Version})
}

// takeCertificate enters a certificate whose bytes came along: nothing of it is to be drawn here.
func (t *txn) takeCertificate(c *CarriedCertificate) error {
	id, err := t.newID(true)
	if err != nil {
		return err
	}
	for i := range c.Certificate.Versions {
		c.Certificate.Versions[i].Look = ""
	}
	if err := t.putCertificate(id, nil, &certificate{c.Certificate, c.EnteredBy}); err != nil {
		return err
	}
	for i := range c.Copies {
		if err := t.putCopy(id, &c.Copies[i]); err != nil {
			return err
		}
	}
	return nil
}

// CarryCertificate reads a certificate with the ledger of its copies, for who may hand out a copy on paper. Its bytes must
// have been drawn (Paper).
func (s *Store) CarryCertificate(by review.Actor, number string) (CarriedCertificate, error) {
	var carried CarriedCertificate
	err := s.view(func(t *txn) error {
		id, c, err := t.certificate(number)
		if err == nil {
			err = by.MayCopy(&c.Certificate, c.EnteredBy, review.OnPaper)
		}
		if err != nil {
			return err
		}
		carried.Certificate, carried.EnteredBy = c.Certificate, c.EnteredBy
		carried.Copies, err = t.ledger(id)
		return err
	})
	return carried, about("carry out", number, err)
}

// toldFacts are what a sealed store was told of the case: its own trees hold a small part of the register.
func (t *txn) toldFacts(reference string) (review.Facts, error) {
	var k known
	err := t.readOutside(reference, &k)
	return k.Facts, err
}

// readOutside reads one value of the bucket; ErrNotFound when there is none.
func (t *txn) readOutside(key string, into any) error {
	b := t.Bucket([]byte(outsideName))
	if b == nil {
		return review.ErrNotFound
	}
	value := b.Get(outsideKey(key))
	if value == nil {
		return review.ErrNotFound
	}
	if err := json.Unmarshal(value, into); err != nil {
		return errors.Join(ErrDamaged, err)
	}
	return nil
}

// within refuses a decision that is not made within the term of a sealed store.
func (t *txn) within(now time.Time) error {
	if t.s.journal == nil {
		return nil
	}
	var m taken
	if err := t.readOutside("", &m); err != nil {
		return err
	}
	return m.Check(now)
}

// Term returns the term of a sealed store: ErrNotFound before anything was taken in, and for any other store.
func (s *Store) Term() (Term, error) {
	var m taken
	err := s.view(func(t *txn) error { return t.readOutside("", &m) })
	return m.Term, err
}

// handedOver is how much of what was done in a sealed store stands in the last return that was written.
type handedOver struct {
	Acts int `json:"acts"`
}

// handedOverKey is beside those of outsideKey, which begin with other letters.
var handedOverKey = []byte("r")

// HandedOver notes that a return with the first so many acts was written.
func (s *Store) HandedOver(acts int) error {
	return s.updateOnce(func(t *txn) error {
		b := t.Bucket([]byte(outsideName))
		if b == nil {
			return review.ErrNotFound
		}
		return putJSON(b, handedOverKey, handedOver{acts})
	})
}

// LastHandedOver returns how many acts stand in the last return that was written, 0 before any was.
func (s *Store) LastHandedOver() (int, error) {
	var h handedOver
	err := s.view(func(t *txn) error {
		b := t.Bucket([]byte(outsideName))
		if b == nil || b.Get(handedOverKey) == nil {
			return nil
		}
		return json.Unmarshal(b.Get(handedOverKey), &h)
	})
	return h.Acts, err
}

// Outside is one thing that was done in a sealed store.
type Outside struct {
	Event   review.Event
	Version int // of the application when it was carried out, 0 where the event is about none
	// Copy is the line of the ledger of a copy that was handed out, nil for anything else.
	Copy *review.Copy
}

// DoneOutside returns what the account did since the pack was taken in, in its order.
func (s *Store) DoneOutside(account string) ([]Outside, error) {
	var list []Outside
	err := s.view(func(t *txn) error {
		var m taken
		if err := t.readOutside("", &m); err != nil {
			return err
		}
		own, err := t.ownEvents(account, m.Events+1, -1)
		if err != nil {
			return err
		}
		for _, e := range own {
			o := Outside{Event: e}
			var k known
			switch err := t.readOutside(e.Reference, &k); {
			case e.Reference == "" || errors.Is(err, review.ErrNotFound): // a certificate's
			case err != nil:
				return err
			}
			o.Version = k.Version
			if o.Copy, err = t.copyOf(&e); err != nil {
				return err
			}
			list = append(list, o)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("done outside by %s: %w", account, err)
	}
	return list, nil
}

// copyOf finds the line of the ledger that an event of printing is about, nil for any other event.
func (t *txn) copyOf(e *review.Event) (*review.Copy, error) {
	if e.Action != review.Print || e.Certificate == "" {
		return nil, nil
	}
	id, _, err := t.certificate(e.Certificate)
	if err != nil {
		return nil, err
	}
	lines, err := t.ledger(id)
	for i := range lines {
		if lines[i].By == e.By && lines[i].At.Equal(e.At) {
			return &lines[i], err
		}
	}
	return nil, err
}
