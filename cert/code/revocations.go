package code

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"rongzheng/review"
)

// Standing is what a register says of a certificate beside its versions.
type Standing struct {
	Number    string
	Version   int         // the version that stands; 0 for a number that is void
	Last      int         // the newest version, void ones included; 0: not known
	RevokedOn review.Date // zero: not revoked
}

// Revocations are a register's list of what no longer stands, as of a moment.
type Revocations struct {
	Issuer  string
	Made    time.Time
	entries map[string]Standing

	withdrawn map[string]Withdrawal // by key
}

// NewRevocations returns a list. A number comes once; of several entries the last wins.
func NewRevocations(issuer string, made time.Time, entries []Standing, withdrawn ...Withdrawal) *Revocations {
	r := &Revocations{
		Issuer: shorten(issuer), Made: made.Truncate(time.Second).UTC(),
		entries: make(map[string]Standing, len(entries)),
	}
	r.keep(withdrawn)
	for _, e := range entries {
		r.entries[e.Number] = e
	}
	return r
}

// Len returns the number of entries.
func (r *Revocations) Len() int { return len(r.entries) }

// listPrefix begins a file of revocations, so that it is not taken for anything else.
const listPrefix = "RZ1-REVOCATIONS\n"

type listClaims struct {
	Issuer string    `cbor:"1,keyasint"`
	Issued int64     `cbor:"6,keyasint"`
	List   listEntry `cbor:"-65538,keyasint"`
}

// listEntry keeps three arrays side by side: numbers, versions, and days since 1970-01-01 with 0 for not revoked; and
// the keys that were withdrawn, where there are any.
type listEntry struct {
	Numbers  []string `cbor:"1,keyasint"`
	Versions []int    `cbor:"2,keyasint"`
	Days     []int    `cbor:"3,keyasint"`

	Withdrawn []withdrawal `cbor:"4,keyasint,omitempty"`
}

var epoch = review.NewDate(1970, time.January, 1)

// SignList returns the list as a file: COSE_Sign1 over a CWT, deflated, behind one line of text.
func (k *Private) SignList(r *Revocations) ([]byte, error) {
	entries := make([]Standing, 0, len(r.entries))
	for _, e := range r.entries {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b Standing) int { return cmp.Compare(a.Number, b.Number) })
	c := listClaims{Issuer: r.Issuer, Issued: r.Made.Unix()}
	for _, e := range entries {
		day := 0
		if !e.RevokedOn.IsZero() {
			day = epoch.DaysUntil(e.RevokedOn)
		}
		c.List.Numbers, c.List.Versions, c.List.Days = append(c.List.Numbers, e.Number), append(c.List.Versions, e.Version), append(c.List.Days, day)
	}
	var err error
	if c.List.Withdrawn, err = r.packed(); err != nil {
		return nil, err
	}
	payload, err := encoding.Marshal(c)
	if err != nil {
		return nil, err
	}
	message, err := k.seal(payload)
	if err == nil {
		message, err = deflated(message)
	}
	return append([]byte(listPrefix), message...), err
}

// ErrKeyWithdrawn says that a list is signed with a key that is withdrawn: whoever stole it may have made the list.
var ErrKeyWithdrawn = errors.New("signed with a key that was withdrawn")

// OpenList reads a file of revocations and checks its signature. The errors are those of Verify, and ErrKeyWithdrawn.
func (ks Keys) OpenList(data []byte) (*Revocations, error) {
	if len(data) < len(listPrefix) || string(data[:len(listPrefix)]) != listPrefix {
		return nil, fmt.Errorf("list of revocations: %w", ErrNoCode)
	}
	payload, key, err := ks.open(data[len(listPrefix):], maxList)
	if err == nil && !key.withdrawn.IsZero() {
		err = ErrKeyWithdrawn
	}
	if err != nil {
		return nil, fmt.Errorf("list of revocations: %w", err)
	}
	var c listClaims
	if err := decoding.Unmarshal(payload, &c); err != nil || !c.List.whole() {
		return nil, fmt.Errorf("list of revocations: %w", ErrDamaged)
	}
	r := &Revocations{
		Issuer: c.Issuer, Made: time.Unix(c.Issued, 0).UTC(), entries: make(map[string]Standing, len(c.List.Numbers)),
	}
	if err := r.unpack(c.List.Withdrawn); err != nil {
		return nil, fmt.Errorf("list of revocations: %w", err)
	}
	for i, number := range c.List.Numbers {
		s := Standing{Number: number, Version: c.List.Versions[i]}
		if day := c.List.Days[i]; day != 0 {
			s.RevokedOn = epoch.AddDays(day)
		}
		r.entries[number] = s
	}
	return r, nil
}

// maxDay is far beyond any day of a certificate and within what dates can hold.
const maxDay = 1_000_000

func (l listEntry) whole() bool {
	if len(l.Numbers) != len(l.Versions) || len(l.Numbers) != len(l.Days) {
		return false
	}
	return !slices.ContainsFunc(l.Days, func(d int) bool { return d < 0 || d > maxDay })
}
