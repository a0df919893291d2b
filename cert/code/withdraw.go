package code

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"rongzheng/review"
)

// Fingerprint names a code in a list of revocations: the first 12 bytes of SHA-256 of its text. Among a million of them
// nobody finds a text of their own making with fewer than 2^75 signatures.
type Fingerprint [fingerprintBytes]byte

const fingerprintBytes = 12

// FingerprintOf returns the fingerprint of a code.
func FingerprintOf(text string) Fingerprint {
	sum := sha256.Sum256([]byte(Clean(text)))
	return Fingerprint(sum[:fingerprintBytes])
}

// Withdrawal says that a key is no longer trusted, because somebody else may have it, and which of its codes the
// register vouches for. Whoever has a key puts any moment into what it signs: the moment in a code proves nothing.
type Withdrawal struct {
	Key     string      // id
	Since   review.Date // first day on which somebody else may have had it
	Vouched []Fingerprint
}

// withdrawal is a Withdrawal as a list keeps it: the fingerprints one after the other, in their order.
type withdrawal struct {
	Key     []byte `cbor:"1,keyasint"`
	Since   int    `cbor:"2,keyasint"`
	Vouched []byte `cbor:"3,keyasint"`
}

// Withdrawn returns the day from which the key is not trusted, zero for one that is. The key itself may say so, as a
// ring and a published set do.
func (p *Public) Withdrawn() review.Date { return p.withdrawn }

// Distrusts tells that the code of a version is believed no more: its key was withdrawn, and it was made when somebody else
// may have had that.
func (r *Ring) Distrusts(v *review.CertificateVersion) bool {
	if v.Code.Text == "" {
		return false
	}
	for _, key := range r.Keys() {
		if key.ID() == v.Code.Key {
			since := key.Withdrawn()
			return !since.IsZero() && !review.DateOf(v.IssuedAt).Before(since)
		}
	}
	return false
}

// Withdrawn returns the day from which the key is not trusted, zero for one that is: by what the list says of it and
// by what the key says itself. It also answers without a list, r being nil.
func (r *Revocations) Withdrawn(key *Public) review.Date {
	if r != nil {
		if w, ok := r.withdrawn[key.ID()]; ok {
			return w.Since
		}
	}
	return key.withdrawn
}

// Vouches tells whether the list names the code as one that the register made with the withdrawn key while nobody
// else had it.
func (r *Revocations) Vouches(key *Public, text string) bool {
	if r == nil {
		return false
	}
	_, found := slices.BinarySearchFunc(r.withdrawn[key.ID()].Vouched, FingerprintOf(text), Fingerprint.compare)
	return found
}

func (f Fingerprint) compare(g Fingerprint) int { return bytes.Compare(f[:], g[:]) }

// keep takes over withdrawals with their fingerprints in order.
func (r *Revocations) keep(list []Withdrawal) {
	for _, w := range list {
		w.Vouched = slices.Clone(w.Vouched)
		slices.SortFunc(w.Vouched, Fingerprint.compare)
		w.Vouched = slices.Compact(w.Vouched)
		if r.withdrawn == nil {
			r.withdrawn = map[string]Withdrawal{}
		}
		r.withdrawn[w.Key] = w
	}
}

// packed are the list's withdrawals as they are signed.
func (r *Revocations) packed() ([]withdrawal, error) {
	var list []withdrawal
	for _, w := range r.withdrawn {
		id, err := hex.DecodeString(w.Key)
		if err != nil {
			return nil, err
		}
		p := withdrawal{Key: id, Since: epoch.DaysUntil(w.Since)}
		p.Vouched = make([]byte, 0, len(w.Vouched)*fingerprintBytes)
		for _, f := range w.Vouched {
			p.Vouched = append(p.Vouched, f[:]...)
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b withdrawal) int { return bytes.Compare(a.Key, b.Key) })
	return list, nil
}

// unpack reads the withdrawals of a list whose signature holds.
func (r *Revocations) unpack(list []withdrawal) error {
	all := make([]Withdrawal, len(list))
	for i, p := range list {
		named, dated := len(p.Key) > 0 && len(p.Key) <= maxID, p.Since > 0 && p.Since <= maxDay
		if !named || !dated || len(p.Vouched)%fingerprintBytes != 0 {
			return ErrDamaged
		}
		all[i] = Withdrawal{Key: hex.EncodeToString(p.Key), Since: epoch.AddDays(p.Since)}
		for f := range slices.Chunk(p.Vouched, fingerprintBytes) {
			all[i].Vouched = append(all[i].Vouched, Fingerprint(f))
		}
	}
	r.keep(all)
	return nil
}

// Withdraw marks a key that signs no more as not trusted from the day on: on disk first, then here. The error is
// ErrUnknownID, or ErrStillSigns for the key that signs: another must take its place before.
func (r *Ring) Withdraw(id string, since review.Date) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.keys, func(k held) bool { return k.ID() == id })
	switch {
	case i < 0:
		return ErrUnknownID
	case i == len(r.keys)-1:
		return ErrStillSigns
	}
	marked := *r.keys[i].Public
	marked.withdrawn = since
	k := held{&marked, r.keys[i].created}
	if err := r.writePublic(k); err != nil {
		return err
	}
	r.keys = slices.Clone(r.keys) // who checks at this moment keeps what it has
	r.keys[i] = k
	return nil
}

// Check holds the code that a version carries against the keys and against the record: nil, ErrDamaged, an
// UnknownKeyError, ErrForged, or ErrOtherRecord.
func (ks Keys) Check(c *review.Certificate, v *review.CertificateVersion) error {
	st, key, err := ks.Verify(v.Code.Text)
	if errors.Is(err, ErrNoCode) {
		return ErrDamaged
	}
	if err != nil {
		return err
	}
	want := About(c, v, v.Code.Check)
	same := st.Number == want.Number && st.Version == want.Version && st.Level == want.Level &&
		st.Issuer == want.Issuer && st.ValidFrom == want.ValidFrom && st.ValidUntil == want.ValidUntil &&
		st.IssuedAt.Equal(want.IssuedAt) && bytes.Equal(st.Holder, want.Holder)
	if !same || key.ID() != v.Code.Key {
		return ErrOtherRecord
	}
	return nil
}
