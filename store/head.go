package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rongzheng/review"
)

// head stands before each application and certificate in its tree: what lists and searches ask of a record, so that they
// need not take it apart. It is derived from the record.
type head struct {
	group              // of the list of its state
	unchanged   bool   // a renewal that differs from its record in nothing but dates
	order, all  uint64 // place in that list, and in the list of all applications
	changed     uint64 // microseconds: when its state last changed
	kind        string // of an application
	idType      string
	idNumber    string
	name        string
	sounds      string // how the name is spelled, each way from each syllable on, and the initials; with a blank before each
	mobile      string
	management  string
	reference   string // of an application
	certificate string // number of a certificate, or that an application led to
	certified   bool
}

func (h *head) person() review.PersonKey {
	return review.PersonKey{Type: h.idType, Number: h.idNumber}
}

func applicationHead(a *review.Application) head {
	h := head{
		group:   group{area: a.Area, entered: a.EnteredBy, state: stateByte(a.State)},
		all:     orderLatest(a.SubmittedAt),
		changed: micros(settledAt(a)), kind: string(a.Kind), reference: a.Reference, certificate: a.Certificate,
	}
	h.answers(a.Form)
	h.unchanged = a.Unchanged
	h.order = ^h.changed
	if a.State == review.InReview {
		h.level, h.held = byte(a.Level), a.Held
		h.order = orderDue(a.DueOn, a.SubmittedAt)
	}
	return h
}

func certificateHead(c *certificate) head {
	v := shownVersion(&c.Certificate)
	h := head{group: group{area: v.Area, entered: c.EnteredBy, state: everyCertificate}, certified: true, certificate: c.Number}
	h.answers(v.Form)
	h.idType, h.idNumber = c.Person.Type, c.Person.Number
	h.changed = micros(v.IssuedAt)
	h.order = ^h.changed
	return h
}

func (h *head) answers(f review.Form) {
	h.idType, h.idNumber = f.Get("id_type"), f.Get("id_number")
	h.name, h.mobile, h.management = f.Get("name"), f.Get("mobile"), f.Get("management_number")
	for _, sound := range soundsOf(h.name) {
		h.sounds += " " + sound
	}
}

// shownVersion is the version that stands for the certificate: the current one, of a void number the last.
func shownVersion(c *review.Certificate) review.CertificateVersion {
	if v := c.Current(); v != nil {
		return *v
	}
	if len(c.Versions) > 0 {
		return c.Versions[len(c.Versions)-1]
	}
	return review.CertificateVersion{}
}

var errHead = errors.New("head of record is not readable")

// append writes the head: three numbers, four bytes, and its texts each with its length.
func (h *head) append(to []byte) []byte {
	for _, n := range []uint64{h.order, h.all, h.changed} {
		to = binary.BigEndian.AppendUint64(to, n)
	}
	to = append(to, h.state, h.level, flag(h.held)|flag(h.unchanged)<<1, flag(h.certified))
	for _, text := range h.texts() {
		to = binary.AppendUvarint(to, uint64(len(*text)))
		to = append(to, *text...)
	}
	return to
}

func (h *head) texts() [11]*string {
	return [...]*string{
		&h.area, &h.entered, &h.kind, &h.idType, &h.idNumber, &h.name, &h.sounds, &h.mobile, &h.management, &h.reference,
		&h.certificate,
	}
}

// sameTerms reports whether both are found by the same words and marks.
func (h *head) sameTerms(other *head) bool {
	return h.name == other.name && h.codes() == other.codes() && h.personal() == other.personal() &&
		slices.Equal(h.marks(), other.marks())
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// parse reads what append wrote. The texts are copies: nothing of data stays.
func (h *head) parse(data []byte) error {
	if len(data) < 28 {
		return errHead
	}
	h.order, h.all, h.changed = binary.BigEndian.Uint64(data), binary.BigEndian.Uint64(data[8:]), binary.BigEndian.Uint64(data[16:])
	h.state, h.level, h.held, h.certified = data[24], data[25], data[26]&1 != 0, data[27] == 1
	h.unchanged = data[26]&2 != 0
	rest := string(data[28:])
	for _, text := range h.texts() {
		n, size, ok := cutLength(rest)
		if !ok {
			return errHead
		}
		*text, rest = rest[size:size+n], rest[size+n:]
	}
	if rest != "" {
		return errHead
	}
	return nil
}

// cutLength reads the length that begins rest, and how many bytes say it.
func cutLength(rest string) (n, size int, ok bool) {
	length := uint64(0)
	for size < len(rest) && size < 4 {
		b := rest[size]
		length |= uint64(b&0x7f) << (7 * size)
		size++
		if b < 0x80 {
			return int(length), size, uint64(len(rest)-size) >= length
		}
	}
	return 0, 0, false
}

// encode returns the value of a record that has a head: the length of the head, the head, the record as JSON.
func encode(h *head, record any) ([]byte, error) {
	body, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	return joinHead(h, body), nil
}

func joinHead(h *head, body []byte) []byte {
	front := h.append(nil)
	value := make([]byte, 0, 2+len(front)+len(body))
	value = binary.BigEndian.AppendUint16(value, uint16(len(front)))
	return append(append(value, front...), body...)
}

// split takes a value apart into its head and its record. Both lie in the transaction's memory.
func split(value []byte) (front, body []byte, err error) {
	if len(value) < 2 {
		return nil, nil, errHead
	}
	n := int(binary.BigEndian.Uint16(value))
	if len(value) < 2+n {
		return nil, nil, errHead
	}
	return value[2 : 2+n], value[2+n:], nil
}

// decode reads a record that encode wrote.
func decode(value []byte, record any) error {
	_, body, err := split(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, record)
}

// damaged says that a record cannot be read, without anything of what it holds.
func damaged(in tree, id uint64, err error) error {
	return fmt.Errorf("%w: %s %d: %w", ErrDamaged, in, id, err)
}
