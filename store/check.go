package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strconv"

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

// maxFindings is how many findings a check lists; more say nothing new.
const maxFindings = 1000

// Check compares everything that is kept twice: bbolt's structure, every index and count with the applications,
// certificates and events, every attachment with its hash. What is wrong comes as findings, an empty list means clean; an
// error means that the check could not be made. progress is called now and then; nil is allowed. Changes wait while bbolt's
// structure is checked, and go on during the rest.
func (s *Store) Check(ctx context.Context, progress func(done, total int)) (findings []Finding, err error) {
	c := &checker{s: s, ctx: ctx}
	c.sort, err = newSorter(filepath.Join(s.dir, checkName))
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	defer func() { err = errors.Join(err, c.sort.close()) }()
	err = s.view(func(t *txn) error { return c.check(t, progress) })
	if err != nil && !errors.Is(err, errEnough) {
		return c.findings, fmt.Errorf("check: %w", err)
	}
	if !c.broken {
		c.structure()
	}
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
	reviewers []review.Account
	looks     map[string]bool // that are known to be whole
	last      map[string]int  // largest certificate number by prefix and year
	progress  *progressOf
}

// check goes through all records and all keys. bbolt panics on pages that are not what they should be, and bad numbers of
// pages lead out of the file; either ends the check with a finding.
func (c *checker) check(t *txn, tell func(done, total int)) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			c.broken = true
			c.find(Structure, "file", fileName, fmt.Sprint(fault), false)
		}
	}()
	c.tallies = map[string]uint64{}
	c.t, c.counts, c.last, c.progress = t, map[string]uint64{}, map[string]int{}, newProgress(t, tell)
	c.looks = map[string]bool{}
	if c.reviewers, err = t.reviewers(); err != nil {
		return err
	}
	for _, step := range []func() error{
		c.applications, c.revisions, c.certificates, c.copies, c.filings, c.events, c.sequences, c.compare, c.kept,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
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
	if c.progress.done%1000 == 0 && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	return c.progress.step()
}

// structure checks the pages. bbolt reads its list of free pages for that without a lock, so no writer may be at work. It
// comes last: bbolt does it on a goroutine of its own, where a number that leads out of the file would end the process.
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
	return c.t.in(applications).ForEach(func(key, value []byte) error {
		var a review.Application
		if err := decode(value, &a); err != nil {
			c.unreadable(applications, key)
			return c.step()
		}
		id := lastID(key)
		h := applicationHead(&a)
		c.head(&h, value, applications, a.Reference)
		if a.State == review.Approved && a.Certificate != "" {
			if _, ok := c.t.find(numbers, a.Certificate); !ok {
				c.find(Damage, "applications", a.Reference, "its certificate "+a.Certificate+" is missing", false)
			}
		}
		c.files(a.Reference, hashesOf(a.Attachments))
		count(c.tallies, applicationTallies(&a))
		return errors.Join(c.expect(applicationEntries(id, &a, &h, c.reviewers)), c.step())
	})
}

func (c *checker) unreadable(in tree, key []byte) {
	c.find(Damage, in.String(), hex.EncodeToString(key), "cannot be read", false)
}

// head compares the head that is stored with the one that the record yields.
func (c *checker) head(h *head, value []byte, in tree, what string) {
	front, _, err := split(value)
	if err != nil || string(front) != string(h.append(nil)) {
		c.find(Index, in.String(), what, "the head differs from the record", true)
	}
}

func (c *checker) expect(list []entry) error {
	for _, e := range sorted(list) {
		if e.counted > 0 {
			c.counts[e.group()]++
		}
		if err := c.sort.add(e.tree, e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

// files notes the hashes that a record names. They sort as a tree of their own.
func (c *checker) files(what string, hashes []string) {
	for _, sha := range hashes {
		raw, ok := rawHash(sha)
		if !ok {
			c.find(Damage, "attachments", what, "names a hash that is none", false)
			continue
		}
		if err := c.sort.add(blobs, raw, []byte(what)); err != nil {
			c.find(Damage, "attachments", what, err.Error(), false)
		}
	}
}

func (c *checker) revisions() error {
	return c.t.in(revisions).ForEach(func(key, value []byte) error {
		var a review.Application
		if err := json.Unmarshal(value, &a); err != nil || len(key) != idSize+4 {
			c.unreadable(revisions, key)
			return nil
		}
		c.files(a.Reference, hashesOf(a.Attachments))
		count(c.tallies, applicationTallies(&a))
		return c.expect(revisionEntries(lastID(key[:idSize]), &a))
	})
}

func (c *checker) certificates() error {
	return c.t.in(certificates).ForEach(func(key, value []byte) error {
		var cert certificate
		if err := decode(value, &cert); err != nil {
			c.unreadable(certificates, key)
			return c.step()
		}
		h := certificateHead(&cert)
		c.head(&h, value, certificates, cert.Number)
		for i := range cert.Versions {
			c.version(cert.Number, &cert.Versions[i])
		}
		if prefix, year, n, err := review.ParseNumber(cert.Number); err == nil {
			key := string(sequenceKey(prefix, year))
			c.last[key] = max(c.last[key], n)
		}
		count(c.tallies, certificateTallies(&cert))
		return errors.Join(c.expect(certificateEntries(lastID(key), &cert, &h)), c.step())
	})
}

// events also finds a number that is missing: events are numbered without gaps.
func (c *checker) events() error {
	next := uint64(1)
	return c.t.in(events).ForEach(func(key, value []byte) error {
		var e review.Event
		if err := json.Unmarshal(value, &e); err != nil || e.Seq != lastID(key) {
			c.unreadable(events, key)
			return c.step()
		}
		if e.Seq != next {
			c.find(Sequence, "events", strconv.FormatUint(next, 10), "is missing from the log", false)
		}
		next = e.Seq + 1
		return errors.Join(c.expect(eventEntries(&e)), c.step())
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
