package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"os"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// digest stands for a set of entries, in whatever order they come: their number, and the sum of a hash of each. Two sets
// that differ by accident have different digests but for one case in 2^64.
type digest struct{ n, sum uint64 }

// digestSeed is the seed of a check's hashes.
type digestSeed = maphash.Seed

// add takes an entry in. more is what it stands for beyond what is stored.
func (d *digest) add(seed digestSeed, key, value, more []byte) {
	var room [128]byte // entries are short: what they are hashed from needs no memory of its own
	text := append(append(append(append(room[:0], key...), byte(len(value))), value...), more...)
	d.n++
	d.sum += maphash.Bytes(seed, text)
}

func (d *digest) join(other digest) {
	d.n += other.n
	d.sum += other.sum
}

// digests are those of all derived trees.
type digests [treeCount]digest

// actual takes the digests of what the derived trees hold, several trees at a time. Counts are compared one by one, and
// files are looked at together with the attachments, which take longest and come first.
func (c *checker) actual() (digests, error) {
	var sums digests
	for tr := range c.sums {
		c.expected += int(c.sums[tr].n)
	}
	beside := c.t.beside()
	trees := func(yield func(tree, error) bool) {
		if !yield(files, nil) {
			return
		}
		for tr := range treeCount {
			if tr.derived() && tr != counts && tr != tallies && tr != files && !yield(tr, nil) {
				return
			}
		}
	}
	type summed struct {
		tr  tree
		sum digest
	}
	err := spread(trees, func(tr tree) (summed, error) {
		of := summed{tr: tr}
		if tr == files {
			return of, c.attachments(&of.sum)
		}
		return of, c.sumOf(beside.in(tr).Cursor(), &of.sum)
	}, func(of summed) error {
		sums[of.tr] = of.sum
		return nil
	})
	return sums, err
}

// scoutEach is after how many short keys a scout is told where the walk is.
const scoutEach = 1024

// sumOf takes the digest of what a tree holds.
func (c *checker) sumOf(cursor *bolt.Cursor, sum *digest) error {
	for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
		sum.add(c.seed, key, value, nil)
		if sum.n%scoutEach == 0 {
			c.ahead.at(key)
		}
		if sum.n%toldEach == 0 {
			if err := c.held(); err != nil {
				return err
			}
		}
	}
	return nil
}

// held tells that so many keys more have been held against the records, and ends the check when the caller wants it.
func (c *checker) held() error {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.keys += toldEach
	c.progress.after(c.keys*(100-structurePart)/100, c.expected)
	return c.ctx.Err()
}

// attachments goes through the attachments that are there beside the index of those that records name, both in the order
// of their hashes, and takes the digest of the index: with the second half of each hash, which it does not hold. Anything
// that is not in order makes the attachments doubtful.
func (c *checker) attachments(sum *digest) error {
	there, err := c.openFiles()
	if err != nil {
		return err
	}
	var raw []byte // of the attachment that the keys at hand name
	cursor := c.t.in(files).Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		if len(key) != len(raw)/2+1+idSize || !bytes.HasPrefix(key, raw[:len(raw)/2]) {
			if raw, err = there.named(key[:min(16, len(key))]); err != nil {
				return err
			}
		}
		if raw == nil {
			c.doubtful[blobs] = true
			continue
		}
		if sum.n%scoutEach == 0 {
			c.ahead.at(key)
		}
		if sum.add(c.seed, key, nil, raw[16:]); sum.n%toldEach == 0 {
			if err := c.held(); err != nil {
				return err
			}
		}
	}
	if err := there.rest(); err != nil {
		return err
	}
	return c.ctx.Err()
}

// setAside looks at attachments that are named by what is no record: the index of files does not hold them.
func (c *checker) setAside(hashes []string) {
	if c.again {
		return
	}
	if c.aside == nil {
		c.aside = map[string]bool{}
	}
	for _, sha := range hashes {
		c.aside[sha] = true
		raw, ok := rawHash(sha)
		if !ok {
			continue // has been found already
		}
		data := c.t.in(blobs).Get(raw)
		if data == nil {
			var err error
			if data, err = os.ReadFile(c.s.blobPath(sha)); err != nil {
				c.doubtful[blobs] = true
				continue
			}
		}
		c.doubtful[blobs] = c.doubtful[blobs] || soundHash(sha, data) == nil
	}
}

// unnamed notes an attachment that the index of files does not hold.
func (c *checker) unnamed(sha string) {
	c.doubtful[blobs] = c.doubtful[blobs] || !c.aside[sha] && !c.s.claimed(sha)
}

// named passes to the attachment whose hash begins with the half, reads it, and returns its hash; nil when it is not there
// or not what was written.
func (f *fileCheck) named(half []byte) ([]byte, error) {
	if err := f.c.ctx.Err(); err != nil {
		return nil, err
	}
	for ; f.key != nil && bytes.Compare(f.key, half) < 0; f.key, f.value = f.cursor.Next() { // one that begins with the half sorts after it
		f.c.unnamed(hex.EncodeToString(f.key))
	}
	if bytes.HasPrefix(f.key, half) {
		f.c.ahead.at(f.key)
		key, sum := f.key, sha256.Sum256(f.value)
		f.key, f.value = f.cursor.Next()
		if !bytes.Equal(key, sum[:]) {
			return nil, nil
		}
		return sum[:], nil
	}
	name, err := f.pass(hex.EncodeToString(half))
	if err != nil || !strings.HasPrefix(name, hex.EncodeToString(half)) {
		return nil, err
	}
	f.list.next()
	data, err := os.ReadFile(f.c.s.blobPath(name))
	return soundHash(name, data), err
}

// soundHash returns the bytes of the hash where it is that of the data, else nil.
func soundHash(sha string, data []byte) []byte {
	raw, ok := rawHash(sha)
	if !ok || hashOf(data) != sha {
		return nil
	}
	return raw
}

// pass goes past the attachment files before a name, all for "", and returns the next one. Files that a submission under way
// has written may be named by no record yet.
func (f *fileCheck) pass(before string) (string, error) {
	for {
		name, err := f.list.peek()
		if err != nil || name == "" || before != "" && name >= before {
			return name, err
		}
		f.c.unnamed(name)
		f.list.next()
	}
}

// rest finds what is there beyond the last attachment that a record names.
func (f *fileCheck) rest() error {
	for ; f.key != nil; f.key, f.value = f.cursor.Next() {
		f.c.unnamed(hex.EncodeToString(f.key))
	}
	_, err := f.pass("")
	return err
}
