package exchange

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Source is a place where one package lies. It holds no open file.
type Source struct {
	// Name is the path for messages: as the user gave it, with the folder inside it.
	Name string
	open func() (tree, error)
	dir  string
	lone string // name of a document without a folder of its own, "" for a folder
	err  error  // nothing there can be a package; Read says so
}

// Find yields every package below the paths, each a folder, a .zip or a .json file, in the order of the paths and then
// by name. A folder that holds an application.json is one package, wherever it lies, also inside a zip file. A path to
// an application.json means its folder; any other .json is a package without files. What lies there and cannot be a
// package (a path that does not exist, a damaged zip file, a link, a folder of pictures without application.json) is
// yielded too, and Read tells why.
func Find(paths []string) iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for _, name := range paths {
			f := finder{name: name, yield: yield}
			if f.path(); f.done {
				return
			}
		}
	}
}

type finder struct {
	name  string // path that the user gave
	yield func(Source) bool
	done  bool
}

func (f *finder) found(s Source) {
	if !f.done {
		f.done = !f.yield(s)
	}
}

func (f *finder) broken(dir string, err error) {
	f.found(Source{Name: f.label(dir), err: err})
}

// label joins what the user gave with the place inside it.
func (f *finder) label(dir string) string {
	if dir == "." {
		return shown(f.name)
	}
	return shown(filepath.Join(f.name, filepath.FromSlash(dir)))
}

func (f *finder) path() {
	info, err := os.Stat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.broken(".", refuse(filepath.Base(f.name), "path_missing"))
	case err != nil:
		f.broken(".", err)
	case info.IsDir():
		f.tree(func() (tree, error) { return openFolder(f.name) })
	case !info.Mode().IsRegular():
		f.broken(".", refuse(filepath.Base(f.name), "file_special"))
	case isNamed(f.name, ".zip"):
		name := f.name
		f.archive(".", func() (*os.File, error) { return os.Open(name) })
	case isNamed(f.name, ".json"):
		f.document()
	default:
		f.broken(".", refuse(filepath.Base(f.name), "path_kind"))
	}
}

func isNamed(name, ending string) bool { return strings.EqualFold(filepath.Ext(name), ending) }

// document yields the package that a path to a .json file means.
func (f *finder) document() {
	dir, base := filepath.Dir(f.name), filepath.Base(f.name)
	s := Source{Name: shown(f.name), dir: ".", open: func() (tree, error) { return openFolder(dir) }}
	if base != documentName {
		s.lone = base
	}
	f.found(s)
}

// tree looks through a whole tree; open opens it anew for each package in it.
func (f *finder) tree(open func() (tree, error)) {
	t, err := open()
	if err != nil {
		f.broken(".", err)
		return
	}
	walk := walker{finder: f, tree: t, open: open}
	walk.folder(".", 0, false)
	if err := t.close(); err != nil {
		f.broken(".", err)
	}
}

// archive looks through a zip file that lies at the path inside the tree.
func (f *finder) archive(at string, open func() (*os.File, error)) {
	inside := finder{name: filepath.Join(f.name, filepath.FromSlash(at)), yield: f.yield}
	a, err := newArchive(path.Base(filepath.ToSlash(inside.name)), open)
	if err != nil {
		f.broken(at, err)
		return
	}
	inside.tree(func() (tree, error) { return a, a.reopen() })
	f.done = inside.done
}

// walker goes through one tree.
type walker struct {
	*finder
	tree tree
	open func() (tree, error)
}

// folder yields what lies in a folder and below it. Of what lies inside an application only other applications are
// yielded: everything else is a file of that application, and reading it will say so.
func (w *walker) folder(dir string, depth int, inApplication bool) {
	l, err := w.tree.list(dir)
	switch {
	case w.done:
		return
	case err != nil:
		w.broken(dir, err)
		return
	case depth > maxFolders:
		w.broken(dir, refuse(dir, "folders_deep"))
		return
	}
	if l.has(documentName) {
		w.found(Source{Name: w.label(dir), open: w.open, dir: dir})
		inApplication = true
	} else if !inApplication {
		w.strays(dir, l)
	}
	for _, name := range l.dirs {
		w.folder(path.Join(dir, name), depth+1, inApplication)
	}
}

// strays yields what lies in a folder that is no application: documents without a folder, zip files, and what is refused.
func (w *walker) strays(dir string, l listing) {
	for _, err := range l.faults {
		w.broken(dir, err)
	}
	documents := 0
	for _, f := range l.files {
		at := path.Join(dir, f.name)
		switch {
		case litter(f.name):
		case isNamed(f.name, ".json"):
			documents++
			w.found(Source{Name: w.label(at), open: w.open, dir: dir, lone: f.name})
		case isNamed(f.name, ".zip"):
			w.zip(at)
		}
	}
	if documents+len(l.faults) == 0 && slices.ContainsFunc(l.files, isAttachment) {
		w.broken(dir, refuse(path.Base(w.label(dir)), "document_missing"))
	}
}

// isAttachment tells the files for whose sake a folder without application.json is reported: it looks like a package
// whose document was forgotten.
func isAttachment(f file) bool {
	if litter(f.name) {
		return false
	}
	return slices.ContainsFunc([]string{".jpg", ".jpeg", ".png", ".pdf"}, func(ending string) bool { return isNamed(f.name, ending) })
}

func (w *walker) zip(at string) {
	if _, ok := w.tree.(*folder); !ok {
		w.broken(at, refuse(at, "zip_nested"))
		return
	}
	top := w.name
	w.archive(at, func() (*os.File, error) {
		f, err := openFolder(top)
		if err != nil {
			return nil, err
		}
		opened, err := f.open(at)
		return opened, errors.Join(err, f.close())
	})
}
