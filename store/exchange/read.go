package exchange

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"rongzheng/review"
)

// Package is what one source holds: a submission with the bytes of its files, or a withdrawal.
type Package struct {
	Submission review.Submission // zero Reference: it is a withdrawal
	// Files are the bytes of the attachments and of the prepared portrait by SHA-256.
	Files      map[string][]byte
	Withdrawal *Withdrawal
}

// Reference returns what the package is about.
func (p *Package) Reference() string {
	if p.Withdrawal != nil {
		return p.Withdrawal.Reference
	}
	return p.Submission.Reference
}

// Read reads the whole package of a source, which stays in memory until the caller drops it: at most MaxApplication
// bytes of files. The form is cleaned, options stand as codes, attachments are inspected and the portrait is prepared.
//
// Errors: an Error for what cannot be read at all (§5), several of them joined; a FormError with every reason at once,
// those of review.Validate included, where the document can be read and is wrong. What the register says, and Validate
// where nothing else is wrong, is left to whoever submits it.
func Read(s Source, p *review.Policy) (Package, error) {
	return s.read(p, false)
}

// read does what Read does. A quick look reads, hashes and inspects every file and decodes none: enough to see whether
// exactly this is there already.
func (s *Source) read(p *review.Policy, quick bool) (Package, error) {
	pkg, err := s.unpack(p, quick)
	if err != nil && !isOurs(err) {
		return Package{}, unreadable(s.Name, err)
	}
	return pkg, err
}

// unreadable is the refusal of what the system does not let us read. The path in the system's own words is left out: it
// may name a person.
func unreadable(name string, err error) *Error {
	cause := err.Error()
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		cause = e.Err.Error()
	}
	return refuse(name, "file_unreadable", "cause", shown(cause))
}

func (s *Source) unpack(p *review.Policy, quick bool) (pkg Package, err error) {
	if s.err != nil {
		return Package{}, s.err
	}
	t, err := s.open()
	if err != nil {
		return Package{}, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	files, err := s.files(t)
	if err != nil {
		return Package{}, err
	}
	d, err := s.document(t, p)
	if err != nil {
		return Package{}, err
	}
	if d.withdrawal != nil {
		d.unnamed(files)
		return Package{Withdrawal: d.withdrawal}, collected(d.problems)
	}
	pkg = Package{Submission: *d.submission, Files: map[string][]byte{}}
	take := intake{document: d, source: *s, tree: t, files: files, into: &pkg, quick: quick}
	return pkg, take.all(p)
}

// files lists what belongs to the package beside its document.
func (s *Source) files(t tree) ([]file, error) {
	if s.lone != "" {
		return nil, nil
	}
	files, faults, err := gather(t, s.dir)
	if err != nil {
		return nil, err
	}
	isDocument := func(f file) bool { return f.name == documentName }
	return slices.DeleteFunc(files, isDocument), errors.Join(faults...)
}

func (s *Source) document(t tree, p *review.Policy) (*document, error) {
	name := documentName
	if s.lone != "" {
		name = s.lone
	}
	at := path.Join(s.dir, name)
	data, err := t.read(at, MaxJSON)
	if err != nil {
		return nil, err
	}
	return parseDocument(at, data, p)
}

// unnamed refuses the files that no attachment names: a misspelt slot must not lose a document.
func (d *document) unnamed(files []file) {
	used := map[string]bool{}
	for _, n := range d.files {
		used[norm.NFC.String(n.file)] = true
	}
	for _, f := range files {
		if !used[norm.NFC.String(f.name)] {
			d.problems = append(d.problems, problem("", "file_unnamed", "file", shown(f.name)))
		}
	}
}

// intake reads the files of one submission.
type intake struct {
	*document
	source Source
	tree   tree
	files  []file // that lie there
	into   *Package
	quick  bool
}

// all reads every attachment and returns everything that is wrong, nil for nothing.
func (t *intake) all(p *review.Policy) error {
	for i, n := range t.document.files {
		if slices.IndexFunc(t.document.files, func(m named) bool { return m.slot == n.slot && m.file == n.file }) < i {
			t.problems = append(t.problems, problem(slotOf(n.slot), "file_repeated_name", "file", shown(n.file)))
			continue
		}
		at, err := t.attachment(n)
		if own, ok := errors.AsType[*Error](err); ok {
			t.problems = append(t.problems, asProblem(slotOf(n.slot), own))
		} else if err != nil {
			return err
		}
		t.into.Submission.Attachments = append(t.into.Submission.Attachments, at)
	}
	t.unnamed(t.files)
	if len(t.problems) == 0 {
		return nil
	}
	return collected(append(t.problems, t.validate(p)...))
}

// validate adds what the rules of the form say, where nothing has been said of the same field yet. Ages and years are
// those of the day of submission; where that cannot be read, the declarations were given on it, and without any day
// nothing is said that would be wrong.
func (t *intake) validate(p *review.Policy) []review.Problem {
	s := &t.into.Submission
	day := cmp.Or(s.SubmittedAt, s.Consent.Truth)
	if day.IsZero() {
		return nil
	}
	said := map[review.Key]bool{}
	for _, known := range t.problems {
		said[known.Target] = known.Target != ""
	}
	problems := review.Validate(s.Kind, s.Form, s.Consent, s.Attachments, p, review.DateOf(day))
	return slices.DeleteFunc(problems, func(found review.Problem) bool { return said[found.Target] })
}

// attachment reads and inspects one file. With an Error comes the attachment with nothing but its name, so that its slot
// does not count as empty.
func (t *intake) attachment(n named) (review.Attachment, error) {
	at := review.Attachment{Slot: n.slot, File: n.file}
	i := slices.IndexFunc(t.files, func(f file) bool { return norm.NFC.String(f.name) == norm.NFC.String(n.file) })
	if i < 0 {
		return at, refuse(n.file, "file_missing")
	}
	data, err := t.tree.read(path.Join(t.source.dir, t.files[i].name), MaxFile)
	if err != nil {
		return at, err
	}
	found, facts, err := inspect(n, data)
	if err != nil || t.quick {
		return found, err
	}
	portrait, err := look(&found, facts, data)
	if err != nil {
		return at, err
	}
	t.into.Files[found.SHA256] = data
	if portrait != nil {
		t.into.Files[found.Prepared] = portrait
	}
	return found, nil
}

// isHash tells whether a text has the form of a SHA-256.
func isHash(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}
