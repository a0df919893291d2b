package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	bolt "go.etcd.io/bbolt"

	"rongzheng/review"
)

// Kind says what a finding of Check is about.
type Kind string

// The kinds of findings.
const (
	Structure  Kind = "structure"  // the file itself
	Damage     Kind = "record"     // a record that cannot be read, or breaks a rule
	Index      Kind = "index"      // a derived key that is missing or too many
	Counted    Kind = "count"      // a kept number
	Sequence   Kind = "sequence"   // numbers that do not follow each other
	Attachment Kind = "attachment" // bytes that are missing or are not what was written
	Orphan     Kind = "orphan"     // bytes that no record names
	Coded      Kind = "code"       // verification codes that do not hold
)

// Finding is one thing that Check found wrong.
type Finding struct {
	Kind Kind
	// Where names the part of the file or folder, What the reference, number or hash, never a name or an identity number.
	Where, What string
	// Text says what is wrong, in English, for the report.
	Text string
	// Repairable says that Repair mends it.
	Repairable bool
}

// String returns the finding as one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s %s: %s", f.Kind, f.Where, f.What, f.Text)
}

const (
	// checkPercent is how long holding the derived trees against the records and the structure take, compared with going
	// through the records; structurePart is the structure's part of that.
	checkPercent  = 25
	structurePart = 40
)

// maxFindings is how many findings a check lists; more say nothing new.
const maxFindings = 1000

// Check compares everything that is kept twice: bbolt's structure, every index and count with the applications,
// certificates and events, every attachment with its hash. What is wrong comes as findings, an empty list means clean; an
// error means that the check could not be made. progress is called now and then; nil is allowed. Changes wait while bbolt's
// structure is checked, and go on during the rest.
func (s *Store) Check(ctx context.Context, progress func(done, total int)) (findings []Finding, err error) {
	c := &checker{s: s, ctx: ctx, seed: maphash.MakeSeed()}
	c.sort, err = s.newSorter(checkName)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	defer func() { err = errors.Join(err, c.sort.close()) }()
	err = s.view(func(t *txn) error { return c.check(t, progress) })
	if err != nil && !errors.Is(err, errEnough) {
		return c.findings, fmt.Errorf("check: %w", err)
	}
	if err == nil && !c.broken {
		c.structure()
	}
	c.progress.after(1, 1)
	return c.findings, nil
}

// errEnough ends a check that has found maxFindings faults.
var errEnough = errors.New("too many findings")

type checker struct {
	s         *Store
	ctx       context.Context
	t         *txn
	findings  []Finding
	broken    bool    // the file could not be read to its end
	sort      *sorter // what the derived trees should hold, and the hashes that records name
	counts    map[string]uint64
	tallies   map[string]uint64
	keyless   map[string]uint64 // codes that cannot be checked, by the key that is missing
	reviewers []review.Account
	looks     *sync.Map      // that are known to be whole
	last      map[string]int // largest certificate number by prefix and year
	progress  *progressOf
	ahead     *scout
	telling   sync.Mutex
	keys      int // of derived trees that have been held against the records
	expected  int // keys that the records yield

	seed     digestSeed
	sums     digests           // of what the records yield
	own      map[string]uint64 // the block of the last event of each account
	again    bool              // the records are gone through a second time, for what is doubtful
	doubtful [treeCount]bool   // trees that are not what the records yield
	records  int               // of a batch
	aside    map[string]bool   // hashes that are named by what is no record, and not in the index of files
}

// check goes through all records and all keys. bbolt panics on pages that are not what they should be, and bad numbers of
// pages lead out of the file; either ends the check with a finding.
//
// What the records yield is held against what the derived trees hold by a digest of each tree, which needs neither memory nor
// sorting. Only where two digests differ, the records are gone through again, and what they yield for those trees is sorted
// and compared key by key.
func (c *checker) check(t *txn, tell func(done, total int)) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			c.broken = true
			c.find(Structure, "file", fileName, fmt.Sprint(fault), false)
		}
	}()
	c.tallies, c.keyless = map[string]uint64{}, map[string]uint64{}
	c.t, c.counts, c.last, c.own, c.progress = t, map[string]uint64{}, map[string]int{}, map[string]uint64{}, newProgress(t, checkPercent, tell)
	c.looks, c.ahead = &sync.Map{}, t.newScout()
	defer c.ahead.end()
	if c.reviewers, err = t.reviewers(); err != nil {
		return err
	}
	for _, step := range []func() error{
		c.applications, c.revisions, c.certificates, c.signingKeys, c.copies, c.filings, c.packs, c.events, c.sequences, c.digest, c.kept, c.others,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if !slices.Contains(c.doubtful[:], true) {
		return nil
	}
	c.again, c.progress.tell = true, nil
	if err := c.sort.reset(); err != nil {
		return err
	}
	for _, step := range []func() error{c.applications, c.revisions, c.certificates, c.copies, c.filings, c.events, c.compare} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// each does work on every record of a tree, on several goroutines. Each batch has a checker of its own, whose results are
// taken over in the order of the records.
func (c *checker) each(tr tree, do func(c *checker, r record) error) error {
	beside := c.t.beside()
	return spread(batchesOf(c.t.in(tr), c.ahead), func(batch []record) (*checker, error) {
		part := &checker{
			s: c.s, ctx: c.ctx, t: beside, seed: c.seed, reviewers: c.reviewers, looks: c.looks, again: c.again, doubtful: c.doubtful,
			counts: map[string]uint64{}, tallies: map[string]uint64{}, keyless: map[string]uint64{}, last: map[string]int{}, own: map[string]uint64{}, sort: &sorter{},
		}
		for _, r := range batch {
			if err := do(part, r); err != nil {
				return part, err
			}
		}
		part.records = len(batch)
		return part, nil
	}, c.join)
}

// join takes over what was found of a batch.
func (c *checker) join(part *checker) error {
	for _, f := range part.findings {
		c.find(f.Kind, f.Where, f.What, f.Text, f.Repairable)
	}
	for tr := range c.sums {
		c.sums[tr].join(part.sums[tr])
	}
	for group, n := range part.counts {
		c.counts[group] += n
	}
	for key, n := range part.tallies {
		c.tallies[key] += n
	}
	for key, n := range part.keyless {
		c.keyless[key] += n
	}
	for key, n := range part.last {
		c.last[key] = max(c.last[key], n)
	}
	if err := c.sort.join(part.sort); err != nil {
		return err
	}
	for range part.records {
		if err := c.step(); err != nil {
			return err
		}
	}
	return nil
}

// digest holds what the records yield against what is there. What several records may yield alike comes sorted.
func (c *checker) digest() error {
	var last entry
	for e, err := range c.sort.sorted() {
		if err != nil {
			return err
		}
		if last.key == nil || compareEntries(e, last) != 0 {
			c.sums[e.tree].add(c.seed, e.key, e.value, nil)
		}
		last = e
	}
	there, err := c.actual()
	for tr := range there {
		c.doubtful[tr] = c.doubtful[tr] || there[tr] != c.sums[tr]
	}
	c.doubtful[blobs] = c.doubtful[blobs] || c.doubtful[files] // the whole hash may be what differs
	return err
}

func (c *checker) find(kind Kind, where, what, text string, repairable bool) {
	if len(c.findings) < maxFindings {
		c.findings = append(c.findings, Finding{kind, where, what, text, repairable})
	}
}

// step counts a record, and ends the check when the caller wants it or enough is known.
func (c *checker) step() error {
	if len(c.findings) >= maxFindings {
		return errEnough
	}
	if c.progress.done%batchRecords == 0 && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	return c.progress.step()
}

// structure checks the pages. bbolt reads its list of free pages for that without a lock, so no writer may be at work. It
// comes when every page has been gone to: bbolt does it on a goroutine of its own, where a number that leads out of the file
// would end the process.
func (c *checker) structure() {
	c.s.writing.Lock()
	defer c.s.writing.Unlock()
	err := c.s.view(func(t *txn) error {
		for err := range t.Check() {
			c.find(Structure, "file", fileName, err.Error(), false)
		}
		return nil
	})
	if err != nil {
		c.find(Structure, "file", fileName, err.Error(), false)
	}
}

func (c *checker) applications() error {
	return c.each(applications, func(c *checker, r record) error {
		var a review.Application
		if err := decode(r.value, &a); err != nil {
			c.unreadable(applications, r.key)
			return nil
		}
		id := lastID(r.key)
		h := applicationHead(&a)
		c.head(&h, r.value, applications, a.Reference)
		if a.State == review.Approved && a.Certificate != "" {
			if _, ok := c.t.find(numbers, a.Certificate); !ok {
				c.fault(Damage, "applications", a.Reference, "its certificate "+a.Certificate+" is missing", false)
			}
		}
		c.files(a.Reference, hashesOf(a.Attachments))
		if !c.again {
			count(c.tallies, applicationTallies(&a))
		}
		return c.expect(applicationEntries(id, &a, &h, c.reviewers))
	})
}

// fault finds something in a record, once.
func (c *checker) fault(kind Kind, where, what, text string, repairable bool) {
	if !c.again {
		c.find(kind, where, what, text, repairable)
	}
}

func (c *checker) unreadable(in tree, key []byte) {
	c.fault(Damage, in.String(), hex.EncodeToString(key), "cannot be read", false)
}

// head compares the head that is stored with the one that the record yields.
func (c *checker) head(h *head, value []byte, in tree, what string) {
	front, _, err := split(value)
	if err != nil || string(front) != string(h.append(nil)) {
		c.fault(Index, in.String(), what, "the head differs from the record", true)
	}
}

// expect notes what a record yields. What only this record can yield goes into the digests at once, what others may yield
// too is sorted first.
func (c *checker) expect(list []entry) error {
	for _, e := range sorted(list) {
		if e.counted > 0 && !c.again {
			c.counts[e.group()]++
		}
		switch shared := e.tree == seen || e.tree == log && e.key[0] == 'a'; {
		case c.again && c.doubtful[e.tree], !c.again && shared && c.fresh(&e):
			if err := c.sort.add(e.tree, e.key, e.value); err != nil {
				return err
			}
		case !c.again && !shared:
			c.sums[e.tree].add(c.seed, e.key, e.value, e.more)
		}
	}
	return nil
}

// fresh reports whether an entry that many events yield has not just been noted.
func (c *checker) fresh(e *entry) bool {
	if e.tree != log {
		return true
	}
	account, block := string(e.key[:len(e.key)-idSize]), lastID(e.key)
	last, known := c.own[account]
	c.own[account] = block
	return !known || last != block
}

// files notes the hashes that a record names, for a second turn: they sort as a tree of their own.
func (c *checker) files(what string, hashes []string) {
	for _, sha := range hashes {
		raw, ok := rawHash(sha)
		if !ok {
			c.fault(Damage, "attachments", what, "names a hash that is none", false)
			continue
		}
		if !c.again || !c.doubtful[blobs] {
			continue
		}
		if err := c.sort.add(blobs, raw, []byte(what)); err != nil {
			c.find(Damage, "attachments", what, err.Error(), false)
		}
	}
}

func (c *checker) revisions() error {
	return c.each(revisions, func(c *checker, r record) error {
		var a review.Application
		if err := json.Unmarshal(r.value, &a); err != nil || len(r.key) != idSize+4 {
			c.unreadable(revisions, r.key)
			return nil
		}
		c.files(a.Reference, hashesOf(a.Attachments))
		if !c.again {
			count(c.tallies, applicationTallies(&a))
		}
		return c.expect(revisionEntries(lastID(r.key[:idSize]), &a))
	})
}

func (c *checker) certificates() error {
	return c.each(certificates, func(c *checker, r record) error {
		var cert certificate
		if err := decode(r.value, &cert); err != nil {
			c.unreadable(certificates, r.key)
			return nil
		}
		h := certificateHead(&cert)
		c.head(&h, r.value, certificates, cert.Number)
		for i := range cert.Versions {
			c.version(cert.Number, &cert.Versions[i])
			c.code(&cert.Certificate, &cert.Versions[i])
		}
		if prefix, year, n, err := review.ParseNumber(cert.Number); err == nil {
			key := string(sequenceKey(prefix, year))
			c.last[key] = max(c.last[key], n)
		}
		if !c.again {
			count(c.tallies, certificateTallies(&cert))
		}
		return c.expect(certificateEntries(lastID(r.key), &cert, &h))
	})
}

// code holds the verification code of a version against the keys and the record.
func (c *checker) code(cert *review.Certificate, v *review.CertificateVersion) {
	if c.again || v.Code.Text == "" || c.s.options.CheckCode == nil {
		return
	}
	switch err := c.s.options.CheckCode(cert, v); {
	case errors.Is(err, ErrCodeKey):
		c.keyless[v.Code.Key]++
	case err != nil:
		c.fault(Coded, "certificates", cert.Number, fmt.Sprintf("the code of version %d: %v", v.Version, err), false)
	}
}

// signingKeys tells once of each key that is missing, however many codes it made.
func (c *checker) signingKeys() error {
	for _, key := range slices.Sorted(maps.Keys(c.keyless)) {
		c.find(Coded, "keys", key, fmt.Sprintf("the public key is missing: %d codes cannot be checked", c.keyless[key]), false)
	}
	return nil
}

// events also finds a number that is missing: events are numbered without gaps.
func (c *checker) events() error {
	if err := c.gaps(); err != nil {
		return err
	}
	return c.each(events, func(c *checker, r record) error {
		var e review.Event
		if err := json.Unmarshal(r.value, &e); err != nil || e.Seq != lastID(r.key) {
			c.unreadable(events, r.key)
			return nil
		}
		return c.expect(eventEntries(&e))
	})
}

// gaps looks at the numbers of the events alone.
func (c *checker) gaps() error {
	next := uint64(1)
	return c.t.in(events).ForEach(func(key, _ []byte) error {
		seq := lastID(key)
		if seq != next {
			c.fault(Sequence, "events", strconv.FormatUint(next, 10), "is missing from the log", false)
		}
		next = seq + 1
		return nil
	})
}

// sequences must lie ahead of all numbers that were given out.
func (c *checker) sequences() error {
	for key, n := range c.last {
		if kept := countOf(c.t.in(sequences).Get([]byte(key))); kept < uint64(n) {
			c.find(Sequence, "sequences", key, fmt.Sprintf("stands at %d, number %d was given out", kept, n), true)
		}
	}
	ids := max(lastKey(c.t.in(applications)), lastKey(c.t.in(certificates))) >> 1
	if kept := c.t.in(applications).Sequence(); kept < ids {
		c.find(Sequence, "applications", "ids", fmt.Sprintf("stands at %d, id %d was given out", kept, ids), true)
	}
	if kept, last := c.t.in(events).Sequence(), lastKey(c.t.in(events)); kept != last {
		c.find(Sequence, "events", "numbers", fmt.Sprintf("stands at %d, the last event is %d", kept, last), true)
	}
	return nil
}

// kept compares the kept numbers with those that the records yield.
func (c *checker) kept() error {
	return errors.Join(c.compareCounts(counts, c.counts, groupText), c.compareCounts(tallies, c.tallies, tallyText))
}

// others goes to the pages that no other step goes to.
func (c *checker) others() error {
	gone := map[string]bool{}
	for _, tr := range []tree{applications, revisions, certificates, events, copies} {
		gone[tr.String()] = true
	}
	for tr := range treeCount {
		gone[tr.String()] = gone[tr.String()] || tr.derived()
	}
	return c.t.ForEach(func(name []byte, b *bolt.Bucket) error {
		if gone[string(name)] {
			return nil
		}
		return goThrough(b)
	})
}

// goThrough goes to every page of a bucket and of those within it.
func goThrough(b *bolt.Bucket) error {
	return b.ForEach(func(key, value []byte) error {
		if value == nil {
			return goThrough(b.Bucket(key))
		}
		return nil
	})
}

// groupText writes the key of a count so that people can read it. It holds areas and accounts only.
func groupText(key []byte) string {
	text := make([]byte, len(key))
	for i, b := range key {
		if text[i] = b; b == 0 {
			text[i] = ' '
		}
	}
	return string(text)
}
