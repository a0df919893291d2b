package review

import "slices"

// Difference says how an answer or a slot of the form stands against that of an earlier form.
type Difference string

// The differences. Answers that are the same are not listed; files that are the same are.
const (
	Changed  Difference = "changed"  // an answer is another one
	Added    Difference = "added"    // there was none before
	Removed  Difference = "removed"  // there is none any more
	Replaced Difference = "replaced" // a slot holds other files, by their hashes
	Same     Difference = "same"     // a slot holds the same files
)

// Change is one line of a comparison.
type Change struct {
	Key        Key
	Difference Difference
	Old, New   []string // answers as the form holds them; of a slot the hashes of its files
}

// Compare holds a form with its attachments against an earlier one, in the order of the registry of fields: the answers that
// differ, and every slot that either has. The order of files within a slot does not count.
func Compare(old, form Form, oldFiles, files []Attachment) []Change {
	var changes []Change
	for _, f := range Fields() {
		before, after := old[f.Key], form[f.Key]
		if f.Type == File {
			before, after = hashes(oldFiles, f.Key), hashes(files, f.Key)
		}
		if d, ok := differ(f.Type, before, after); ok {
			changes = append(changes, Change{f.Key, d, slices.Clone(before), slices.Clone(after)})
		}
	}
	return changes
}

func differ(t Type, before, after []string) (Difference, bool) {
	switch {
	case len(before) == 0 && len(after) == 0:
		return "", false
	case len(before) == 0:
		return Added, true
	case len(after) == 0:
		return Removed, true
	case slices.Equal(before, after):
		return Same, t == File
	case t == File:
		return Replaced, true
	}
	return Changed, true
}

// unchanged reports whether a renewal says nothing new of the person: against the record that it renews, nothing but what
// passes with time differs. What it asks of the mail says nothing of the person, and its documents are new by their nature.
func unchanged(kind Kind, form Form, held *CertificateVersion, filed Date) bool {
	if kind != Renewal || held == nil {
		return false
	}
	for _, change := range Compare(held.Form, form, nil, nil) {
		f, _ := FieldOf(change.Key)
		if f.Section == Mailing || f.Passing && passes(f, &change, DateOf(held.IssuedAt), filed) {
			continue
		}
		return false
	}
	return true
}

// passes reports whether time alone explains the change.
func passes(f *Field, change *Change, from, to Date) bool {
	if f.Type != Number {
		return true
	}
	before, ok := Form{f.Key: change.Old}.Number(f.Key)
	after, okAfter := Form{f.Key: change.New}.Number(f.Key)
	return ok && okAfter && !from.IsZero() && after >= before && after-before <= to.Year()-from.Year()+1
}

func hashes(files []Attachment, slot Key) []string {
	var found []string
	for _, at := range files {
		if at.Slot == slot {
			found = append(found, at.SHA256)
		}
	}
	slices.Sort(found)
	return found
}
