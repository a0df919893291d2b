package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rongzheng/review"
	"rongzheng/store"
)

// ScanFolder is the folder in the data folder of a demo that stands for the scanner's: the papers of somebody who has just
// come to the counter, the one that the form asks for first scanned last.
const ScanFolder = "scans"

// visitors are the people at the counter: what of their forms has been typed, in percent. The last one has only been
// scanned.
var visitors = []int{90, 55, 20, 0}

// counter lets the clerk's drafts lie half-way, and puts the papers of the next person into the scanner's folder.
func (b *builder) counter(s *store.Store, dir string) error {
	for i, percent := range visitors {
		t, form, err := b.visitor(Most - 1 - i) // nobody else is so far down the list
		if err != nil {
			return fmt.Errorf("demo: visitor %d: %w", i+1, err)
		}
		files, err := t.fill(0, form)
		if err != nil {
			return err
		}
		if percent == 0 {
			return files.lay(filepath.Join(dir, ScanFolder), b.now)
		}
		f := halfway(t.s.person.key(), form, files, percent)
		at := b.now.Add(-time.Duration(i*i+1) * 40 * time.Minute)
		if err := s.SaveFiling(Clerk, f, files.files(), at); err != nil {
			return err
		}
	}
	return nil
}

// visitor makes somebody who has never applied, with papers drawn in full.
func (b *builder) visitor(index int) (*telling, review.Form, error) {
	s := story{person: b.newPerson(index)}
	r := random(b.seed, index, streamStory)
	b.schedule(&s, scenario{kind: review.First, filings: []string{""}}, r)
	s.learn()
	t := &telling{b: b, s: &s, r: random(b.seed, index, streamPaper)}
	t.posed(true)
	return t, b.answers(&s, &s.filings[0], nil), nil
}

// halfway keeps the beginning of a form and of its files.
func halfway(person review.PersonKey, form review.Form, files *folder, percent int) review.Filing {
	f := review.Filing{Person: person, Kind: review.First, Form: review.Form{}}
	fields := review.Fields()
	for i, field := range fields {
		if field.Person || i*100 < len(fields)*percent {
			f.Form.Set(field.Key, form[field.Key]...)
			continue
		}
		if f.At == "" {
			f.At = field.Key
		}
	}
	for i, at := range files.attachments() {
		if percent > 60 && i < 4 {
			f.Attachments = append(f.Attachments, at)
		}
	}
	return f
}

// lay writes the files as a scanner does.
func (f *folder) lay(dir string, now time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for i := range f.scans {
		path := filepath.Join(dir, fmt.Sprintf("scan-%03d%s", len(f.scans)-i, extensions[f.scans[i].at.Type]))
		if err := os.WriteFile(path, f.scans[i].data, 0o600); err != nil {
			return err
		}
		at := now.Add(-time.Duration(i+1) * time.Minute)
		if err := os.Chtimes(path, at, at); err != nil {
			return err
		}
	}
	return nil
}
