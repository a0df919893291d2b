package store

import (
	"bytes"
	"slices"
	"time"

	"rongzheng/review"
)

// entry is one key of a derived tree. A record yields all of its entries by itself, so that a change writes the
// difference, and check and repair build the same.
type entry struct {
	tree  tree
	key   []byte
	value []byte
	// counted is the length of the group whose count the entry raises, 0 for none.
	counted int
	// more is what the entry says and the tree does not hold: the second half of a hash in files.
	more []byte
}

func compareEntries(a, b entry) int {
	if a.tree != b.tree {
		return int(a.tree) - int(b.tree)
	}
	return bytes.Compare(a.key, b.key)
}

// applicationEntries derives the keys of an application. reviewers are the accounts that four eyes may bar.
func applicationEntries(id uint64, a *review.Application, h *head, reviewers []review.Account) []entry {
	return slices.Concat(stateEntries(id, a, h, reviewers), searchEntries(id, h), attachedEntries(id, a, fileAttached, filePrepared))
}

// stateEntries are those that a decision changes.
func stateEntries(id uint64, a *review.Application, h *head, reviewers []review.Account) []entry {
	list := []entry{
		personEntry(h, personApplication, id),
		listed(h.listKey(), h.order, id),
		listed(group{area: a.Area, entered: a.EnteredBy, state: everyApplication}.listKey(), h.all, id),
		{tree: references, key: []byte(a.Reference), value: idKey(id)},
	}
	if a.State == review.InReview {
		list = append(list, personEntry(h, personInReview, id))
	}
	for i := range reviewers {
		if bars(a, &reviewers[i]) {
			list = append(list, listed(h.barKey(reviewers[i].Name), h.order, id))
		}
	}
	return append(list, letterEntries(id, a)...)
}

// bars reports whether the list of what waits for the reviewer's level must leave the application out.
func bars(a *review.Application, reviewer *review.Account) bool {
	return a.State == review.InReview && reviewer.Level == a.Level && reviewer.Covers(a.Area) && a.Barred(*reviewer)
}

// revisionEntries derives the keys of an earlier revision: its files are in use.
func revisionEntries(id uint64, a *review.Application) []entry {
	return attachedEntries(id, a, fileEarlier, fileEarlier)
}

func certificateEntries(id uint64, c *certificate, h *head) []entry {
	list := []entry{
		{tree: numbers, key: []byte(c.Number), value: idKey(id)},
		personEntry(h, personCertificate, id),
		listed(h.listKey(), h.order, id),
	}
	if until, ok := expires(c); ok {
		g := group{area: c.Current().Area, entered: c.EnteredBy, state: endingByDay}
		list = append(list, listed(g.listKey(), orderDay(until), id))
	}
	for i := range c.Versions {
		v := &c.Versions[i]
		list = appendFile(list, v.Portrait, fileIssued, id)
		list = appendFile(list, v.File, fileDrawn, id)
		if owed(&c.Certificate, v) {
			list = append(list, vaultEntry(vaultOwed, nil, v.Version, id))
		}
	}
	if c.Proposed != nil {
		list = append(list, vaultEntry(vaultProposed, appendID(nil, micros(c.Proposed.At)), 0, id))
	}
	return append(list, searchEntries(id, h)...)
}

// eventEntries derives the keys of an event: one for its application, and one for the account and the block of events that
// it lies in, which the account's other events of the block share; of a look at a file also that it has been seen.
func eventEntries(e *review.Event) []entry {
	list := []entry{logEntry('a', e.By, e.Seq/eventBlock)}
	if e.Reference != "" {
		list = append(list, logEntry('r', e.Reference, e.Seq))
	}
	return append(list, seenEntries(e)...)
}

func logEntry(kind byte, text string, seq uint64) entry {
	return entry{tree: log, key: appendID(appendText([]byte{kind}, text), seq)}
}

func personEntry(h *head, kind byte, id uint64) entry {
	return entry{tree: people, key: appendID(append(personKey(h.person()), kind), id)}
}

func listed(groupKey []byte, order, id uint64) entry {
	p := newPlace(order, id)
	return entry{tree: lists, key: slices.Concat(groupKey, p[:]), counted: len(groupKey)}
}

func searchEntries(id uint64, h *head) []entry {
	found := termsOf(h)
	list := make([]entry, len(found))
	for i, term := range found {
		list[i] = entry{tree: terms, key: appendID(append([]byte(term), 0), ^id)}
	}
	return list
}

func attachedEntries(id uint64, a *review.Application, attached, prepared byte) []entry {
	list := make([]entry, 0, len(a.Attachments)+1)
	for _, at := range a.Attachments {
		list = appendFile(list, at.SHA256, attached, id)
		list = appendFile(list, at.Prepared, prepared, id)
	}
	return list
}

func appendFile(list []entry, sha string, kind byte, id uint64) []entry {
	key, ok := fileKey(sha)
	if !ok {
		return list
	}
	raw, _ := rawHash(sha)
	return append(list, entry{tree: files, key: appendID(append(key, kind), id), more: raw[16:]})
}

// fileKey returns the beginning of the keys in files of the hash; false for "" and what is no hash.
func fileKey(sha string) ([]byte, bool) {
	raw, ok := rawHash(sha)
	if !ok {
		return nil, false
	}
	return raw[:16:16], true
}

// settledAt returns when the application came into its present state or level: printing does not count.
func settledAt(a *review.Application) time.Time {
	if d, ok := a.LastDecision(); ok && (a.State == review.Approved || a.State == review.Rejected) {
		return d.At
	}
	return a.ChangedAt
}

// sorted brings entries into the order of the trees, each once.
func sorted(list []entry) []entry {
	slices.SortFunc(list, compareEntries)
	return slices.CompactFunc(list, func(a, b entry) bool { return compareEntries(a, b) == 0 })
}
