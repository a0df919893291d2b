package store

import (
	"encoding/binary"
	"time"

	"rongzheng/review"
)

// tree is a top-level bucket of the file. The trees up to blobs hold what was recorded; those after it are derived and
// can be rebuilt from them. Beside the trees lie drafts (draft.go), what accounts have half done, and filings (filing.go),
// what is being typed at the counter.
type tree byte

// A record of each tree. Texts in keys end in a zero byte (·), which no text holds; numbers are big-endian, so that keys
// sort as the screen shows them. An id has eight bytes: even for applications, odd for certificates, both counted in one
// sequence, so that a larger one came later.
const (
	// meta: "format" → "3"; "backup" → {"at":…,"by":"guanli"}: the last whole backup; "key SHA256:…" → when the key was last used
	meta tree = iota
	// accounts: "zhou.wuhou" → {"name":"zhou.wuhou","role":"reviewer",…}. The bucket's sequence counts every change.
	accounts
	// applications: id → head, {"reference":"SQ202501170001","version":3,…}. The bucket's sequence numbers the ids.
	applications
	// revisions: id, revision (4 bytes) → {"reference":"SQ202501170001","revision":1,…}: what was replaced, never changed.
	revisions
	// certificates: id → head, {"number":"CD-2025-000001","versions":[…],…}
	certificates
	// events: number (8 bytes) → {"seq":17,"by":"zhou.wuhou","action":"approve",…}. The bucket's sequence numbers them.
	events
	// sequences: "CD-2025" → last running number given out under this prefix and year (8 bytes); "CK20261116" → that of the
	// references given at the counter on this day
	sequences
	// looks: SHA-256 (32 bytes) → what certificates were drawn with beside their records (texts, layout, seal), as the
	// renderer writes it: one for each change of the policy or the seal
	looks
	// copies: id of a certificate, number (4 bytes) → {"copy":1,"way":"print","reason":"lost",…}: the ledger of copies
	copies
	// packs: n number → {"number":"WP-2026-000012",…}: work packs. l reference · number → nothing: a lease that was neither
	// called back nor finished. c id of an act (32 bytes) → nothing: a conflict that nobody has settled. r account · request ·
	// number → nothing: the pack that a laptop asked for over a line
	packs
	// handed: id of an act (32 bytes) → {"act":{…},"outcome":"accepted",…}: what came back from packs, with its proof
	handed
	// blobs: SHA-256 (32 bytes) → the bytes of an attachment of at most smallBlob bytes; larger ones are files
	blobs

	// references: "SQ202501170001" → id
	references
	// numbers: "CD-2025-000001" → id
	numbers
	// people: type of document · identity number · kind, id → nothing; kind a application, r application in review,
	// c certificate
	people
	// lists: a area · entered by · state level held, order (8 bytes), id → nothing. State is a stateByte, level and held are
	// digits; what stands before the order is a group, whose keys are one sorted list and are counted.
	//        b account · area · entered by · state level held, order, id: the same for an application that the four-eyes rule
	// keeps from a reviewer of the level that it waits for.
	lists
	// counts: group → number of its keys in lists (8 bytes); no group of none is kept
	counts
	// terms: kind word · inverted id → nothing. Kind n: one character of a name, or two that follow each other; p: pinyin of a
	// name from one syllable to its end, or its initials; k: reference, certificate number, management number; x: identity
	// number, mobile; 4: last four of the identity number; b: birth date and name, which nobody can search for; m: a mark of an
	// application that queries ask for, its kind or that nothing changed. An inverted id puts what came last first.
	terms
	// files: first half of a SHA-256 (16 bytes) kind, id → nothing. Kind a: attachment of the application's present revision,
	// r: of an earlier one, p: prepared portrait, c: portrait of a certificate, v: a version of it as it was drawn.
	files
	// log: r reference · number of the event → nothing. a account · block (8 bytes) → nothing: the account has an event among
	// the eventBlock events of the block.
	log
	// seen: reference · revision (4 bytes) account · SHA-256 (32 bytes) → nothing: the account has looked at this attachment in
	// this revision. An event of view_file yields it.
	seen
	// letters: p area · entered by · state, order, id → nothing: a mailing of the state, a digit; what stands before the order is
	// a group, whose keys are one sorted list and are counted. The order is region · reference · of what is at hand, the inverted
	// time (8 bytes) of what has left the house. t carrier · tracking number · id → nothing.
	letters
	// vault: o version (4 bytes), id → nothing: the version of the certificate was issued and is still to be drawn.
	// d time (8 bytes) copy (4 bytes), id → nothing: a copy handed out then. s serial · copy (4 bytes), id → nothing: the
	// numbered sheet of a copy. p time (8 bytes) 0 (4 bytes), id → nothing: a change of the certificate's standing proposed
	// then, which waits for a second person.
	vault
	// tallies: key → how often the records count under it (8 bytes); no key of none is kept. Kind p: what happened in a slot
	// (review.SlotOf, a day in 2 bytes), area · level kind …: c came, a and r account · approved and rejected, w withdrawn,
	// t bucket (review.TimeBucket) how long it took, q code · reasons of rejections. w area · level slot: waits since then.
	// x area · day: certificates that end on it.
	tallies

	treeCount
)

var treeNames = [treeCount]string{
	"meta", "accounts", "applications", "revisions", "certificates", "events", "sequences", "looks", "copies",
	"packs", "handed",
	"blobs",
	"references", "numbers", "people", "lists", "counts", "terms", "files", "log", "seen", "letters", "vault", "tallies",
}

func (t tree) String() string { return treeNames[t] }

// derived reports whether the tree can be rebuilt from the others.
func (t tree) derived() bool { return t > blobs }

// The bytes that stand for states in lists.
const (
	everyApplication byte = '*' // all applications, whatever their state
	everyCertificate byte = 'c'
	endingByDay      byte = 'x' // certificates that stand, in the order of their last days
)

func stateByte(s review.State) byte {
	switch s {
	case review.InReview:
		return 'i'
	case review.Approved:
		return 'a'
	case review.Rejected:
		return 'r'
	case review.Withdrawn:
		return 'w'
	}
	return 'd'
}

const (
	eventBlock = 256
	idSize     = 8
	placeSize  = 8 + idSize // order and id: where a key stands in its list
)

// place is the end of a key of lists: the order that sorts it, and the id.
type place [placeSize]byte

func (p place) id() uint64 { return binary.BigEndian.Uint64(p[8:]) }

func (p place) order() uint64 { return binary.BigEndian.Uint64(p[:8]) }

func newPlace(order, id uint64) place {
	var p place
	binary.BigEndian.PutUint64(p[:8], order)
	binary.BigEndian.PutUint64(p[8:], id)
	return p
}

// group names one sorted list: everything of a key of lists that stands before its place, without the first letter.
type group struct {
	area, entered string
	state         byte
	level         byte // 0 where the list is not divided by level
	held          bool
}

// listKey returns the key of the group's list.
func (g group) listKey() []byte { return g.append([]byte{'a'}) }

// barKey returns the key of the part of the group's list from which the four-eyes rule bars the account.
func (g group) barKey(account string) []byte { return g.append(appendText([]byte{'b'}, account)) }

func (g group) append(key []byte) []byte {
	key = appendText(appendText(key, g.area), g.entered)
	held := byte('0')
	if g.held {
		held = '1'
	}
	return append(key, g.state, '0'+g.level, held)
}

// parseGroup reads the key of a count that listKey made.
func parseGroup(key []byte) (group, bool) {
	if len(key) == 0 || key[0] != 'a' {
		return group{}, false
	}
	area, rest, ok := cutText(key[1:])
	if !ok {
		return group{}, false
	}
	entered, rest, ok := cutText(rest)
	if !ok || len(rest) != 3 {
		return group{}, false
	}
	return group{area: area, entered: entered, state: rest[0], level: rest[1] - '0', held: rest[2] == '1'}, true
}

// appendText adds a text and its zero byte; zero bytes within it are left out, so that no text reaches into another.
func appendText(key []byte, text string) []byte {
	for i := range len(text) {
		if text[i] != 0 {
			key = append(key, text[i])
		}
	}
	return append(key, 0)
}

func cutText(key []byte) (text string, rest []byte, ok bool) {
	for i, b := range key {
		if b == 0 {
			return string(key[:i]), key[i+1:], true
		}
	}
	return "", nil, false
}

func appendID(key []byte, id uint64) []byte { return binary.BigEndian.AppendUint64(key, id) }

func idKey(id uint64) []byte { return appendID(nil, id) }

// isCertificate tells what an id numbers.
func isCertificate(id uint64) bool { return id&1 == 1 }

// personKey returns the beginning of the person's keys in people.
func personKey(p review.PersonKey) []byte {
	return appendText(appendText(nil, p.Type), p.Number)
}

// The kinds of keys in people.
const (
	personApplication byte = 'a'
	personInReview    byte = 'r'
	personCertificate byte = 'c'
)

// The kinds of keys in files.
const (
	fileAttached byte = 'a'
	fileEarlier  byte = 'r'
	filePrepared byte = 'p'
	fileIssued   byte = 'c'
	fileDrawn    byte = 'v'
)

// Orders of the lists. The earliest day comes first among what waits, the latest time among what is done.

func orderDue(due review.Date, submitted time.Time) uint64 {
	day := uint64(1<<32 - 1) // what has no day comes last
	if !due.IsZero() {
		day = uint64(due.Year()*10000 + int(due.Month())*100 + due.Day())
	}
	return day<<32 | min(micros(submitted)/1_000_000, 1<<32-1)
}

// orderDay sorts by a day alone.
func orderDay(d review.Date) uint64 {
	return uint64(d.Year()*10000+int(d.Month())*100+d.Day()) << 32
}

func orderLatest(at time.Time) uint64 { return ^micros(at) }

// micros counts microseconds since 1970, 0 for earlier times.
func micros(at time.Time) uint64 { return uint64(max(at.UnixMicro(), 0)) }
