package store

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// checkName is the temporary file of a check.
const checkName = "rongzheng.check"

// comparison walks through one derived tree beside what it should hold.
type comparison struct {
	c          *checker
	tree       tree
	cursor     *bolt.Cursor
	key, value []byte
}

func (c *checker) open(tr tree) *comparison {
	p := &comparison{c: c, tree: tr, cursor: c.t.in(tr).Cursor()}
	p.key, p.value = p.cursor.First()
	return p
}

// compare goes through everything that the records yield for doubtful trees, in its order: the attachments first, then the
// derived trees.
func (c *checker) compare() error {
	files, err := c.openFiles()
	if err != nil {
		return err
	}
	at := c.open(references)
	var last entry
	for e, err := range c.sort.sorted() {
		switch {
		case err != nil:
			return err
		case compareEntries(e, last) == 0 && last.key != nil: // two records yield the same
			continue
		case len(c.findings) >= maxFindings:
			return errEnough
		case e.tree == blobs:
			err = files.expect(e.key, string(e.value))
		default:
			at = at.moveTo(e.tree)
			at.expect(&e)
		}
		if last = e; err != nil {
			return err
		}
	}
	at.moveTo(treeCount)
	if !c.doubtful[blobs] {
		return nil
	}
	return files.before(nil, "")
}

// moveTo ends the trees before the given one: what they still hold is too many.
func (p *comparison) moveTo(tr tree) *comparison {
	for p.tree < tr {
		if p.c.doubtful[p.tree] {
			p.until(nil)
		}
		next := p.tree + 1
		for next == counts || next == tallies {
			next++ // compared by themselves
		}
		if next >= treeCount {
			return p
		}
		p = p.c.open(next)
	}
	return p
}

// until reports the keys before the given one, all for nil.
func (p *comparison) until(key []byte) {
	for ; p.key != nil && (key == nil || bytes.Compare(p.key, key) < 0); p.key, p.value = p.cursor.Next() {
		if len(p.c.findings) >= maxFindings {
			return
		}
		e := entry{tree: p.tree, key: p.key, value: p.value}
		p.c.find(Index, p.tree.String(), p.c.label(&e), "stands for what no record says", true)
	}
}

func (p *comparison) expect(e *entry) {
	p.until(e.key)
	switch {
	case !bytes.Equal(p.key, e.key):
		p.c.find(Index, p.tree.String(), p.c.label(e), "is missing", true)
		return
	case !bytes.Equal(p.value, e.value):
		p.c.find(Index, p.tree.String(), p.c.label(e), "leads elsewhere", true)
	}
	p.key, p.value = p.cursor.Next()
}

// label names the record that a derived key belongs to.
func (c *checker) label(e *entry) string {
	switch e.tree {
	case references, numbers:
		return string(e.key)
	case seen:
		if reference, _, ok := cutText(e.key); ok {
			return reference
		}
	case log:
		if len(e.key) >= idSize {
			return groupText(e.key[1:len(e.key)-idSize]) + fmt.Sprint(lastID(e.key))
		}
	}
	if len(e.key) < idSize {
		return "a short key"
	}
	id := lastID(e.key)
	if e.tree == terms {
		id = ^id
	}
	h, err := c.t.head(id)
	if err != nil {
		return fmt.Sprintf("record %d", id)
	}
	return h.reference + h.nameIfCertificate()
}
