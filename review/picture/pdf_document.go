package picture

// Document is a PDF of many pages that is opened once. Unlike an attachment it
// may be of any size: whoever opens one bounds what is read into memory. What a
// page costs is bounded for each by itself, and nothing of one is kept for the
// next.
type Document struct {
	file  *pdfFile
	pages []pdfPage
	more  bool
}

// OpenDocument finds the pages of a PDF, up to so many.
//
// Errors: [ErrEncrypted], [ErrNoPage] for a PDF without pages, an
// [UnsupportedError] for what is no PDF, and a [DamagedError].
func OpenDocument(data []byte, most int) (*Document, error) {
	f, err := opened(data)
	if err != nil {
		return nil, err
	}
	d := &Document{file: f}
	f.pages(func(p pdfPage) bool {
		f.renew()
		if d.more = len(d.pages) == most; !d.more {
			d.pages = append(d.pages, p)
		}
		return !d.more
	})
	if len(d.pages) == 0 {
		return nil, ErrNoPage
	}
	return d, nil
}

// renew gives the next page what one may cost.
func (f *pdfFile) renew() {
	f.work, f.inflated = pdfWork, pdfInflated
	clear(f.packed)
}

// Pages is how many pages the document has, or as many as were asked for where
// it has [Document.More].
func (d *Document) Pages() int { return len(d.pages) }

// More says that there are pages beyond those that were asked for.
func (d *Document) More() bool { return d.more }

// Said returns the text that the dictionary of a page, counted from 1, has
// under the key, "" for none.
func (d *Document) Said(number int, key string) string {
	f, p := d.page(number)
	said, _ := f.value(p.dict[pdfName(key)]).(pdfString)
	return string(said)
}

// Info returns the text that the document information has under the key, "" for
// none.
func (d *Document) Info(key string) string {
	d.file.renew()
	said, _ := d.file.value(d.file.dict(d.file.trailer["Info"])[pdfName(key)]).(pdfString)
	return string(said)
}

// Read reads a page as [ReadPage] does.
func (d *Document) Read(number int) Page {
	f, p := d.page(number)
	return f.read(p)
}

// Picture decodes the largest picture of a page as [OpenPage] does.
func (d *Document) Picture(number, by int) (*Sheet, error) {
	f, p := d.page(number)
	return f.largestOf(p, by)
}

// Draw draws a page as [DrawPage] does.
func (d *Document) Draw(number int) (*Sheet, error) {
	f, p := d.page(number)
	return f.draw(p)
}

func (d *Document) page(number int) (*pdfFile, pdfPage) {
	d.file.renew()
	return d.file, d.pages[number-1]
}
