package exchange

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rongzheng/review"
)

// Limits of an application package (formats §5).
const (
	MaxFile        = review.MaxAttachmentBytes // bytes of one file
	MaxApplication = 200 << 20                 // bytes of all files of one application
	MaxRatio       = 100                       // of a zip entry: times its compressed size
	MaxEntries     = 10_000                    // of a zip file, of a folder
	maxFolders     = 32                        // folders within each other
)

// documentName is the file that makes a folder an application.
const documentName = "application.json"

// tree is where packages lie: a folder of the file system or a zip file. Paths have slashes; "." is the top.
type tree interface {
	// list returns what lies directly in the folder, by name.
	list(dir string) (listing, error)
	// read returns the bytes of a file, of which there are at most max; a larger one is an Error.
	read(name string, max int64) ([]byte, error)
	close() error
}

// listing is one folder.
type listing struct {
	files  []file
	dirs   []string // names
	faults []error  // what is refused without being looked at: links, names that lead out of the folder, …
}

type file struct {
	name string // within its folder; in a package, within the folder of the application
	size int64
}

func (l *listing) has(name string) bool {
	return slices.ContainsFunc(l.files, func(f file) bool { return f.name == name })
}

func (l *listing) sort() {
	slices.SortFunc(l.files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	slices.Sort(l.dirs)
}

// gather lists the files of the application in a folder: its own, and those of the folders below that are no
// applications themselves. What it refuses comes as faults.
func gather(t tree, dir string) (files []file, faults []error, err error) {
	g := gathering{tree: t, top: dir}
	if err := g.folder(dir, 0); err != nil {
		return nil, nil, err
	}
	total := int64(0)
	for _, f := range g.files {
		total += min(f.size, MaxApplication+1)
	}
	if total > MaxApplication {
		g.faults = append(g.faults, refuse(dir, "application_large", "max", megabytes(MaxApplication)))
	}
	return g.files, g.faults, nil
}

type gathering struct {
	tree   tree
	top    string
	files  []file
	faults []error
}

func (g *gathering) folder(dir string, depth int) error {
	l, err := g.tree.list(dir)
	if err != nil {
		return err
	}
	if dir != g.top && l.has(documentName) {
		return nil
	}
	if len(g.files)+len(l.files) > MaxEntries {
		return refuse(dir, "entries_many", "max", strconv.Itoa(MaxEntries))
	}
	if depth > maxFolders {
		return refuse(dir, "folders_deep", "max", strconv.Itoa(maxFolders))
	}
	g.faults = append(g.faults, l.faults...)
	prefix := strings.TrimPrefix(strings.TrimPrefix(dir, g.top), "/")
	for _, f := range l.files {
		if !litter(f.name) {
			g.files = append(g.files, file{path.Join(prefix, f.name), f.size})
		}
	}
	for _, name := range l.dirs {
		if err := g.folder(path.Join(dir, name), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// litter tells the files that systems leave in every folder they show. They hold no document of anybody.
func litter(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" || strings.HasPrefix(name, "._")
}

// litterFolder is what macOS adds to every zip file.
const litterFolder = "__MACOSX"

// foldName brings file names that some file system takes for the same into one form: composed, without case.
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, norm.NFC.String(name))
}

// plainName tells whether a text is the plain name of a file: one that no system takes for a path or cannot show.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= 255 && !strings.ContainsAny(name, `/\:`) &&
		review.CheckText(name) == nil
}

func megabytes(n int64) string { return strconv.FormatInt(n>>20, 10) }
