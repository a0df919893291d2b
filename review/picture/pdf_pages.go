package picture

// maxDepth bounds the tree of pages; writers make it about ten deep.
const maxDepth = 64

// pdfPage is a leaf of the page tree with what it has from its branches.
type pdfPage struct {
	dict      pdfDict
	resources pdfDict
	rotate    int // quarters to the right
}

// pages goes through the pages in their order until do returns false. Every
// node is visited once: a tree that leads back into itself ends there.
func (f *pdfFile) pages(do func(pdfPage) bool) {
	walk := pageWalk{file: f, seen: map[pdfRef]bool{}, do: do}
	walk.node(f.root()["Pages"], pdfPage{}, 0)
}

type pageWalk struct {
	file *pdfFile
	seen map[pdfRef]bool
	do   func(pdfPage) bool
}

// node returns false when the walk is over.
func (w pageWalk) node(v any, above pdfPage, depth int) bool {
	if ref, ok := v.(pdfRef); ok {
		if w.seen[ref] {
			return true
		}
		w.seen[ref] = true
	}
	d := w.file.dict(v)
	if d == nil || depth > maxDepth {
		return w.file.work > 0
	}
	p := w.file.inherit(d, above)
	kids, branch := w.file.value(d["Kids"]).(pdfArray)
	if !branch {
		return w.do(p)
	}
	for _, kid := range kids {
		if !w.node(kid, p, depth+1) {
			return false
		}
	}
	return true
}

func (f *pdfFile) inherit(d pdfDict, above pdfPage) pdfPage {
	p := pdfPage{dict: d, resources: above.resources, rotate: above.rotate}
	if r := f.dict(d["Resources"]); r != nil {
		p.resources = r
	}
	if r, ok := f.number(d["Rotate"]); ok {
		p.rotate = (int(r)/90%4 + 4) % 4
	}
	return p
}

// countPages counts the pages that are there, up to maxPages; 0 where there
// are more or where the tree could not be gone through.
func countPages(data []byte) int {
	f, err := newPDF(data)
	if err != nil {
		return 0
	}
	n := 0
	f.pages(func(pdfPage) bool {
		n++
		return n <= maxPages
	})
	if n > maxPages || f.work <= 0 {
		return 0
	}
	return n
}

// page returns the page with that number, from 1.
func (f *pdfFile) page(number int) (found pdfPage, ok bool) {
	n := 0
	f.pages(func(p pdfPage) bool {
		if n++; n == number {
			found, ok = p, true
		}
		return !ok && n < maxPages
	})
	return found, ok
}
